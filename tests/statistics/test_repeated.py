import math
import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wavemix.statistics import partial_eta_squared, repeated_measures, sidak_pairs

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what their own dependencies deprecate
    import pingouin
    from statsmodels.stats.anova import AnovaRM

# Field, Discovering Statistics Using SPSS: four animals eaten by eight celebrities, seconds until they retch.
# SPSS prints F(3, 21) = 3.794, p = .026; W = .136, p = .047; epsilon .533 and .666, p = .063 and .048.
BUSHTUCKER = np.array(
    [[8, 7, 1, 6], [9, 5, 2, 5], [6, 2, 3, 8], [5, 3, 1, 9], [8, 4, 5, 8], [7, 5, 6, 7], [10, 2, 7, 2], [12, 6, 8, 1]]
)
MIXES = ("sum", "ours", "amateur", "engineer")


def ratings(subjects: int, conditions: int, seed: int) -> np.ndarray:
    """Ratings on five points in which listeners agree a little."""
    rng = np.random.default_rng(seed)
    scores = 3 + rng.normal(0, 0.6, (subjects, 1)) + np.linspace(-0.7, 0.7, conditions)
    return np.clip(np.round(scores + rng.normal(0, 0.9, (subjects, conditions))), 1, 5)


def long_form(scores: np.ndarray) -> pd.DataFrame:
    rows = [(s, c, value) for s, row in enumerate(scores) for c, value in enumerate(row)]
    return pd.DataFrame(rows, columns=["subject", "condition", "value"])


def test_the_textbooks_numbers():
    result = repeated_measures(BUSHTUCKER)
    assert (result.df_effect, result.df_error) == (3, 21)
    assert (result.f, result.p) == pytest.approx((3.794, 0.026), abs=5e-4)
    assert (result.mauchly_w, result.epsilon_gg, result.epsilon_hf) == pytest.approx((0.136, 0.533, 0.666), abs=5e-4)
    assert (result.p_gg, result.p_hf) == pytest.approx((0.063, 0.048), abs=5e-4)
    assert result.mauchly_p == pytest.approx(0.047, abs=1e-3)


@pytest.mark.parametrize(("subjects", "conditions"), [(20, 4), (12, 3), (9, 6), (30, 2)])
def test_f_is_that_of_statsmodels(subjects, conditions):
    scores = ratings(subjects, conditions, seed=subjects)
    table = AnovaRM(long_form(scores), "value", "subject", within=["condition"]).fit().anova_table
    result = repeated_measures(scores)
    assert result.f == pytest.approx(table["F Value"].iloc[0], rel=1e-9)
    assert result.p == pytest.approx(table["Pr > F"].iloc[0], rel=1e-9)


@pytest.mark.parametrize(("subjects", "conditions"), [(20, 4), (12, 3), (9, 6)])
def test_sphericity_is_that_of_pingouin(subjects, conditions):
    scores = ratings(subjects, conditions, seed=subjects)
    result = repeated_measures(scores)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, w, _, _, p = pingouin.sphericity(pd.DataFrame(scores))
        gg = pingouin.epsilon(pd.DataFrame(scores), correction="gg")
        hf = pingouin.epsilon(pd.DataFrame(scores), correction="hf")
    assert (result.epsilon_gg, result.epsilon_hf) == pytest.approx((gg, min(1, hf)), rel=1e-6)
    assert (result.mauchly_w, result.mauchly_p) == pytest.approx((w, p), rel=1e-3)
    assert result.p_gg == pytest.approx(stats.f.sf(result.f, gg * result.df_effect, gg * result.df_error), rel=1e-6)


# F recovered from the effect sizes to four digits: the paper prints F and these to two.
@pytest.mark.parametrize("eta", [0.6729, 0.5924, 0.5445, 0.5891, 0.6374, 0.7049, 0.6279, 0.6728, 0.5737, 0.5066])
def test_the_effect_size_inverts_to_the_f_of_the_papers_table_4(eta):
    f = eta / (1 - eta) * 57 / 3
    assert partial_eta_squared(f, 3, 57) == pytest.approx(eta)


def test_the_effect_size_is_a_share_of_sums_of_squares():
    scores = ratings(20, 4, seed=2)
    result = repeated_measures(scores)
    effect = 20 * np.square(scores.mean(axis=0) - scores.mean()).sum()
    error = np.square(scores - scores.mean(axis=0) - scores.mean(axis=1, keepdims=True) + scores.mean()).sum()
    assert result.partial_eta_squared == pytest.approx(effect / (effect + error))


def test_what_a_listener_adds_to_all_mixes_changes_nothing():
    scores = ratings(15, 4, seed=3)
    shifted = scores + np.arange(15)[:, np.newaxis]
    assert repeated_measures(shifted).f == pytest.approx(repeated_measures(scores).f)
    assert repeated_measures(shifted).mauchly_w == pytest.approx(repeated_measures(scores).mauchly_w)


def test_two_conditions_are_a_paired_t_test():
    scores = ratings(15, 2, seed=4)
    result = repeated_measures(scores)
    t, p = stats.ttest_rel(*scores.T)
    assert (result.f, result.p, result.p_gg) == pytest.approx((t**2, p, p))
    assert (result.mauchly_w, result.epsilon_gg, result.epsilon_hf) == pytest.approx((1, 1, 1))


def test_pairs_are_paired_t_tests_after_sidak():
    scores = ratings(20, 4, seed=5)
    for pair, (i, j) in zip(sidak_pairs(scores, MIXES), combinations(range(4), 2), strict=True):
        single = stats.ttest_rel(scores[:, i], scores[:, j])
        low, high = single.confidence_interval(0.95 ** (1 / 6))
        assert (pair.first, pair.second) == (MIXES[i], MIXES[j])
        assert pair.p == pytest.approx(1 - (1 - single.pvalue) ** 6, rel=1e-9)
        assert (pair.low, pair.high) == pytest.approx((low, high))


def test_what_cannot_be_computed_is_nan_and_says_nothing():
    one = repeated_measures([[1, 2, 3]])
    assert math.isnan(one.f) and math.isnan(one.p_gg) and one.df_error == 0
    assert all(math.isnan(pair.p) for pair in sidak_pairs([[1, 2, 3]], "abc"))
    few = repeated_measures([[1, 2, 4, 5], [2, 1, 3, 5]])
    assert math.isnan(few.mauchly_p) and few.p_gg > few.p
    flat = repeated_measures(np.full((5, 3), 4))
    assert (flat.f, flat.p, flat.partial_eta_squared) == (0, 1, 0)
    assert [pair.p for pair in sidak_pairs(np.full((5, 3), 4), "abc")] == [1, 1, 1]
    sure = repeated_measures(np.array([[0.1], [0.7], [1.1]]) + np.array([1 / 3, 2 / 7, 0.3]))
    assert (sure.f, sure.p, sure.partial_eta_squared) == (math.inf, 0, 1)


@pytest.mark.parametrize("scores", [[1, 2, 3], [[1], [2]], [[1, math.nan], [2, 3]]])
def test_scores_of_another_shape_are_refused(scores):
    with pytest.raises(ValueError, match="repeated measures need"):
        repeated_measures(scores)
