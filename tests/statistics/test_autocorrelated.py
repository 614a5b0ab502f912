import math

import numpy as np
import pytest
from scipy import signal, stats

from wavemix.statistics import compare_means, compare_means_of_series
from wavemix.statistics.autocorrelated import FEWEST_FRAMES, effective_count

NAMES = ("reference", "ours", "sum", "equal")
FRAMES = 600


def autoregressive(phi: float, mixes: int, rng: np.random.Generator, frames: int = FRAMES) -> np.ndarray:
    """AR(1) processes of variance 1, `(mixes, frames)`, past their start."""
    noise = rng.standard_normal((mixes, frames + 500)) * math.sqrt(1 - phi**2)
    return signal.lfilter([1], [1, -phi], noise, axis=1)[:, 500:]


def named(series: np.ndarray) -> dict[str, np.ndarray]:
    return dict(zip(NAMES, series, strict=True))


@pytest.fixture(autouse=True)
def without_slow_pairs(request, monkeypatch):
    """The studentised range takes half a second a comparison; the tests of rates do not look at pairs."""
    if "rates" in request.node.name:
        monkeypatch.setattr("wavemix.statistics.autocorrelated.tukey_pairs", lambda *_: ())
        monkeypatch.setattr("wavemix.statistics.between.tukey_pairs", lambda *_: ())


@pytest.mark.parametrize(("phi", "at_most"), [(0.0, 0.09), (0.5, 0.09), (0.9, 0.10), (0.97, 0.13)])
def test_rates_of_false_positives_stay_near_the_nominal_one(phi, at_most):
    rng = np.random.default_rng(11)
    found = [compare_means_of_series(named(autoregressive(phi, 4, rng))).p < 0.05 for _ in range(300)]
    assert np.mean(found) <= at_most


def test_rates_of_the_papers_form_do_not():
    rng = np.random.default_rng(11)
    found = [compare_means(named(autoregressive(0.9, 4, rng))).p < 0.05 for _ in range(100)]
    assert np.mean(found) > 0.8


def test_rates_of_detection_do_not_suffer_from_what_all_mixes_share():
    rng = np.random.default_rng(12)
    offsets = np.array([[0.0], [0.0], [0.0], [0.5]])
    found = [
        compare_means_of_series(named(10 * autoregressive(0.9, 1, rng) + 0.5 * autoregressive(0.9, 4, rng) + offsets)).p
        < 0.05
        for _ in range(50)
    ]
    assert np.mean(found) > 0.9


def test_the_effective_number_of_an_autoregressive_process_is_the_theoretical_one():
    rng = np.random.default_rng(13)
    for phi in (0.0, 0.5, 0.9):
        series = autoregressive(phi, 8, rng, 20_000)
        count = effective_count(series - series.mean(axis=1, keepdims=True), 20_000)
        assert count == pytest.approx(20_000 * (1 - phi) / (1 + phi), rel=0.15)


def test_the_mean_that_is_taken_away_does_not_hide_slow_changes():
    rng, phi = np.random.default_rng(19), 0.97
    taus = []
    for _ in range(200):
        series = autoregressive(phi, 4, rng)
        taus.append(FRAMES / effective_count(series - series.mean(axis=1, keepdims=True), FRAMES))
    assert np.mean(taus) == pytest.approx((1 + phi) / (1 - phi), rel=0.1)


def test_slow_music_that_all_mixes_share_does_not_lower_the_effective_number():
    rng = np.random.default_rng(20)
    comparison = compare_means_of_series(named(5 * autoregressive(0.97, 1, rng) + rng.standard_normal((4, FRAMES))))
    assert comparison.counts[0] > 0.8 * FRAMES


def test_degrees_of_freedom_follow_the_effective_number_and_the_sphericity():
    rng = np.random.default_rng(21)
    spherical = autoregressive(0.9, 4, rng)
    one_stands_apart = 0.05 * spherical + np.array([[0], [0], [0], [1]]) * autoregressive(0.9, 1, rng)
    for series, expected in ((spherical, 3), (one_stands_apart, 1)):
        comparison = compare_means_of_series(named(series))
        count = comparison.counts[0]
        assert comparison.df_between == pytest.approx(expected, rel=0.15)
        assert comparison.df_within == pytest.approx(comparison.df_between * (count - 1))
        assert comparison.p == pytest.approx(stats.f.sf(comparison.f, comparison.df_between, comparison.df_within))
        difference = series[0] - series[1]
        error = math.sqrt(difference.var() / (1 - 1 / count) / count / 2)
        width = 2 * error * stats.studentized_range.ppf(0.95, 4, count - 1)
        assert comparison.pairs[0].high - comparison.pairs[0].low == pytest.approx(width)


def test_pairs_tell_a_mix_that_differs_from_mixes_that_do_not():
    series = autoregressive(0.8, 4, np.random.default_rng(14))
    series[3] += 2
    comparison = compare_means_of_series(named(series))
    assert comparison.p < 0.001
    for pair in comparison.pairs:
        assert (pair.p < 0.01) == (pair.second == NAMES[3])
        assert (pair.low <= 0 <= pair.high) == (pair.p >= 0.05)
        assert pair.difference == pytest.approx((pair.low + pair.high) / 2)


def test_independent_frames_give_nearly_what_the_papers_form_gives():
    series = np.random.default_rng(15).standard_normal((4, FRAMES))
    series[1] += 0.12
    ours, papers = compare_means_of_series(named(series)), compare_means(named(series))
    assert ours.means == pytest.approx(papers.means)
    assert ours.stds == pytest.approx(papers.stds)
    assert ours.f == pytest.approx(papers.f, rel=0.15)
    for pair, other in zip(ours.pairs, papers.pairs, strict=True):
        assert pair.high - pair.low == pytest.approx(other.high - other.low, rel=0.15)


def test_identical_mixes_do_not_differ():
    one, other = autoregressive(0.9, 2, np.random.default_rng(16))
    comparison = compare_means_of_series({"a": one, "b": one, "c": other + 5})
    assert comparison.pairs[0].p == 1
    assert comparison.pairs[0].low == comparison.pairs[0].high == 0
    assert comparison.p < 0.05
    assert compare_means_of_series({"a": one, "b": one}).p == 1


def test_a_frame_that_one_mix_lacks_is_left_out_of_all():
    series = autoregressive(0.9, 4, np.random.default_rng(17))
    gaps = series.copy()
    gaps[1, 100:200] = math.nan
    shared = np.delete(series, range(100, 200), axis=1)
    comparison = compare_means_of_series(named(gaps))
    assert comparison.means == pytest.approx(shared.mean(axis=1))
    assert comparison.f == pytest.approx(compare_means_of_series(named(shared)).f, rel=0.3)


@pytest.mark.parametrize("frames", [0, 1, FEWEST_FRAMES - 1])
def test_too_few_shared_frames_leave_the_tests_unknown(frames):
    series = np.full((4, 50), math.nan)
    series[:, :frames] = np.random.default_rng(18).standard_normal((4, frames))
    comparison = compare_means_of_series(named(series))
    assert math.isnan(comparison.f) and math.isnan(comparison.p)
    assert [math.isnan(pair.p) for pair in comparison.pairs] == [True] * 6


def test_constant_series_are_told_apart_without_a_warning():
    assert compare_means_of_series({"a": np.ones(50), "b": np.ones(50)}).p == 1
    assert compare_means_of_series({"a": np.ones(50), "b": np.zeros(50)}).p == 0


def test_series_must_be_aligned_and_several():
    with pytest.raises(ValueError, match="one length"):
        compare_means_of_series({"a": np.ones(50), "b": np.ones(51)})
    with pytest.raises(ValueError, match="two groups"):
        compare_means_of_series({"a": np.ones(50)})
