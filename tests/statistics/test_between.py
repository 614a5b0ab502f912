import math
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from wavemix.statistics import compare_means

RNG = np.random.default_rng(4)
UNEQUAL = {"sum": RNG.normal(0, 1, 12), "ours": RNG.normal(0.8, 1, 20), "engineer": RNG.normal(1, 2, 7)}

# Moore and McCabe's headache remedies, the data of scipy's Tukey example; its table is from SAS.
REMEDIES = {
    "1": [24.5, 23.5, 26.4, 27.1, 29.9],
    "2": [28.4, 34.2, 29.5, 32.2, 30.1],
    "3": [26.1, 28.3, 24.3, 26.2, 27.8],
}
REMEDIES_TABLE = {("1", "2"): (-4.6, -8.25, -0.95, 0.014), ("1", "3"): (-0.26, -3.91, 3.39, 0.980)}


def test_it_is_scipys_analysis_of_variance():
    comparison = compare_means(UNEQUAL)
    f, p = stats.f_oneway(*UNEQUAL.values())
    assert (comparison.f, comparison.p) == pytest.approx((f, p), rel=1e-10)
    assert (comparison.df_between, comparison.df_within) == (2, 36)
    assert comparison.counts == (12, 20, 7)
    assert comparison.stds == pytest.approx([np.std(group, ddof=1) for group in UNEQUAL.values()])


@pytest.mark.parametrize("confidence", [0.95, 0.99])
def test_its_pairs_are_scipys_tukey_kramer_pairs(confidence):
    result = stats.tukey_hsd(*UNEQUAL.values())
    interval = result.confidence_interval(confidence)
    for pair, (i, j) in zip(compare_means(UNEQUAL, confidence).pairs, combinations(range(3), 2), strict=True):
        expected = (result.statistic[i, j], interval.low[i, j], interval.high[i, j], result.pvalue[i, j])
        assert (pair.difference, pair.low, pair.high, pair.p) == pytest.approx(expected, abs=1e-7)


def test_its_pairs_are_the_tabulated_ones():
    pairs = {(pair.first, pair.second): pair for pair in compare_means(REMEDIES).pairs}
    for names, (difference, low, high, p) in REMEDIES_TABLE.items():
        pair = pairs[names]
        assert (pair.difference, pair.low, pair.high) == pytest.approx((difference, low, high), abs=0.006)
        assert pair.p == pytest.approx(p, abs=6e-4)


def test_values_that_are_not_finite_are_dropped():
    with_gaps = {name: [*group, math.nan, math.inf] for name, group in UNEQUAL.items()}
    assert compare_means(with_gaps) == compare_means(UNEQUAL)


def test_p_stays_a_probability_where_groups_are_far_apart():
    far = compare_means({name: RNG.normal(100 * place, 1, 600) for place, name in enumerate("abcdef")})
    assert far.p == 0
    assert all(0 <= pair.p < 1e-9 for pair in far.pairs)


def test_identical_constants_do_not_differ_and_unequal_ones_do():
    same = compare_means({"a": [0.1] * 7, "b": [0.1] * 7})
    assert (same.f, same.p, same.pairs[0].p) == (0, 1, 1)
    other = compare_means({"a": [0.1] * 7, "b": [0.2] * 7})
    assert (other.f, other.p, other.pairs[0].p) == (math.inf, 0, 0)


@pytest.mark.parametrize("short", [[], [1.0], [math.nan, 2.0]])
def test_a_group_of_fewer_than_two_values_leaves_the_tests_unknown(short):
    comparison = compare_means({"a": [1.0, 2.0, 3.0], "b": short})
    assert comparison.means[0] == 2
    assert math.isnan(comparison.f) and math.isnan(comparison.p) and math.isnan(comparison.pairs[0].p)


def test_one_group_cannot_be_compared():
    with pytest.raises(ValueError, match="two groups"):
        compare_means({"a": [1.0, 2.0]})
