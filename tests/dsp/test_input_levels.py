"""The levels of inputs: reached, held down by peaks, and not for bleed."""

import math

import numpy as np
import pytest

from wavemix.dsp.input_levels import AS_THEY_COME, REACH_LU, SILENT, InputLevels, Level, level_of
from wavemix.dsp.loudness import metered

RATE = 44_100
BOTH = InputLevels(loudness_lufs=-25.0, peak_dbfs=-14.0)


def steady(seconds: float, gain: float = 0.05, channels: int = 1) -> np.ndarray:
    """White noise, `(channels, samples)`; a shorter one is the beginning of a longer one."""
    noise = np.random.default_rng(0).standard_normal((round(seconds * RATE), channels)).T
    return (gain * np.clip(noise, -3, 3)).astype(np.float32)


def lufs(block: np.ndarray) -> float:
    return metered(block, RATE).integrated_lufs()


@pytest.mark.parametrize("gain", [0.001, 0.05, 0.3])
def test_a_steady_track_reaches_its_loudness(gain: float) -> None:
    block = steady(3, gain)
    [found] = InputLevels(loudness_lufs=-25.0).gains([level_of([block], RATE)])
    assert lufs(block * np.float32(found)) == pytest.approx(-25, abs=0.05)


@pytest.mark.parametrize("gain", [0.1, 1.0])
def test_a_track_of_single_hits_is_held_down_by_its_peak(gain: float) -> None:
    hits = np.zeros((1, 5 * RATE), np.float32)
    hits[:, ::RATE] = gain
    [found] = BOTH.gains([level_of([hits], RATE)])
    assert np.abs(hits * found).max() == pytest.approx(10 ** (-14 / 20), rel=1e-5)
    assert lufs(hits * np.float32(found)) < -25


def test_a_peak_alone_raises_nothing() -> None:
    levels = InputLevels(peak_dbfs=-14.0)
    assert levels.gains([Level(-30.0, 0.1), Level(-30.0, 0.4)]) == pytest.approx([1.0, 10 ** (-14 / 20) / 0.4])


@pytest.mark.parametrize("below_lu", [5.0, REACH_LU, REACH_LU + 0.5, 45.0])
def test_what_is_far_below_its_group_is_raised_no_further_than_within_reach(below_lu: float) -> None:
    loudest_lufs = -18.0
    gains_db = 20 * np.log10(BOTH.gains([Level(loudest_lufs, 0.2), Level(loudest_lufs - below_lu, 1e-4)]))
    assert gains_db == pytest.approx([-7.0, -7.0 + min(below_lu, REACH_LU)])


def test_without_a_peak_nothing_is_taken_for_bleed() -> None:
    gains = InputLevels(loudness_lufs=-25.0).gains([Level(-18.0, 0.2), Level(-63.0, 1e-4)])
    assert 20 * math.log10(gains[1]) == pytest.approx(38)


def test_the_order_of_tracks_does_not_matter() -> None:
    found = [Level(-20.0, 0.3), Level(-55.0, 0.01), SILENT]
    assert BOTH.gains(found[::-1]) == BOTH.gains(found)[::-1]


def test_silence_keeps_its_gain_and_decides_for_nobody() -> None:
    assert level_of([np.zeros((1, RATE), np.float32)], RATE) == SILENT
    assert BOTH.gains([SILENT]) == [1.0]
    assert BOTH.gains([SILENT, Level(-30.0, 0.05)])[1] == BOTH.gains([Level(-30.0, 0.05)])[0]
    assert BOTH.gains([]) == []


def test_beside_others_what_is_too_faint_for_a_loudness_is_raised_within_reach() -> None:
    faint = level_of([steady(1, 1e-5)], RATE)
    assert faint.loudness_lufs == -math.inf < faint.peak
    gains = BOTH.gains([Level(-18.0, 0.2), faint])
    assert 20 * math.log10(gains[1]) == pytest.approx(-7.0 + REACH_LU)


def test_as_they_come_is_a_gain_of_one() -> None:
    assert AS_THEY_COME.gains([Level(-50.0, 0.9), SILENT]) == [1.0, 1.0]
    assert AS_THEY_COME.stem_gains([lambda: [steady(1, channels=2)]], RATE) == [1.0]
    assert not AS_THEY_COME.of_each
    assert not InputLevels(sum_loudness_lufs=-20.0).of_each
    assert BOTH.of_each


@pytest.mark.parametrize("gain", [0.003, 0.3])
def test_a_sum_reaches_its_loudness(gain: float) -> None:
    summed = steady(3, gain, channels=2)
    [found] = InputLevels(sum_loudness_lufs=-20.0).stem_gains([lambda: [summed]], RATE)
    assert lufs(summed * np.float32(found)) == pytest.approx(-20, abs=0.05)
    assert InputLevels(sum_loudness_lufs=-20.0).stem_gains([lambda: [np.zeros_like(summed)]], RATE) == [1.0]


def test_an_excerpt_of_steady_tracks_has_the_gains_of_the_whole() -> None:
    """What a network reads does not depend on how much of the song was measured."""

    def gains(seconds: float) -> np.ndarray:
        loud, faint = steady(seconds, 0.1), steady(seconds, 1e-4)
        return 20 * np.log10(BOTH.gains([level_of([loud], RATE), level_of([faint], RATE)]))

    assert gains(3) == pytest.approx(gains(12), abs=0.1)
