"""Artefacts are found where they were put, and nowhere else."""

import numpy as np
import pytest
from conftest import RATE, noise

from wavemix.metrics.artefacts import find_artefacts, high_frequencies_db, noise_floor_dbfs, pre_echo_db

SECONDS = 3


def drum() -> np.ndarray:
    """Decaying bursts of noise every half second, `(2, samples)`."""
    time = np.arange(SECONDS * RATE) / RATE
    return noise(SECONDS, channels=2, seed=3, level=0.3).T * np.exp(-30 * ((time - 0.25) % 0.5)) * (time > 0.25)


def echoed(mix: np.ndarray, gain_db: float) -> np.ndarray:
    """With a copy of itself 6 ms before."""
    return mix + 10 ** (gain_db / 20) * np.roll(mix, -round(0.006 * RATE), axis=1)


def lowpassed(mix: np.ndarray, hz: float) -> np.ndarray:
    spectrum = np.fft.rfft(mix)
    spectrum[:, np.fft.rfftfreq(mix.shape[1], 1 / RATE) > hz] = 0
    return np.fft.irfft(spectrum, mix.shape[1])


def test_a_mix_against_itself_has_none():
    found = find_artefacts(drum(), drum(), [drum()], RATE)
    assert (found.high_frequencies_db, found.pre_echo_db) == (0, 0)
    assert found.noise_floor_dbfs is not None and found.noise_floor_dbfs < -80


def test_without_a_reference_only_the_noise_floor_is_known():
    found = find_artefacts(drum(), None, [drum()], RATE)
    assert found.high_frequencies_db is found.pre_echo_db is None
    assert found.noise_floor_dbfs is not None


@pytest.mark.parametrize("level", [0.001, 0.01])
def test_noise_is_measured_where_all_tracks_are_silent(level):
    hiss = noise(SECONDS, channels=2, seed=5, level=level).T
    first, second = drum()[:1], np.zeros((1, SECONDS * RATE))
    second[:, RATE // 10 : RATE // 5] = 0.1  # where the first one has not begun
    floor = noise_floor_dbfs(first + second + hiss, [first, second], RATE)
    assert floor == pytest.approx(10 * np.log10(np.square(hiss).mean()), abs=0.2)
    assert noise_floor_dbfs(np.zeros_like(hiss), [first], RATE) == -np.inf


def test_without_silence_there_is_no_floor():
    assert noise_floor_dbfs(drum(), [noise(SECONDS).T, drum()], RATE) is None
    assert noise_floor_dbfs(drum()[:, :10], [drum()[:, :10]], RATE) is None


def test_a_duller_mix_has_less_above_10_khz():
    bright = noise(SECONDS, channels=2, seed=1).T
    assert high_frequencies_db(lowpassed(bright, 9_000), bright, RATE) < -40
    half = high_frequencies_db(lowpassed(bright, 16_000), bright, RATE)
    assert half == pytest.approx(10 * np.log10(6_000 / 12_050), abs=0.2)
    assert high_frequencies_db(lowpassed(bright, 10_500) * 0, bright, RATE) == -np.inf
    assert high_frequencies_db(bright, np.zeros_like(bright), RATE) is None


def test_more_pre_echo_reads_more():
    faint, strong = (pre_echo_db(echoed(drum(), gain_db), drum(), RATE) for gain_db in (-40, -20))
    assert 5 < faint < strong
    assert strong - faint == pytest.approx(20, abs=1)


def test_pre_echo_is_blind_to_gain_and_to_what_comes_after():
    mix = echoed(drum(), -20)
    assert pre_echo_db(0.1 * mix, drum(), RATE) == pytest.approx(pre_echo_db(mix, drum(), RATE))
    late = drum() + 0.1 * np.roll(drum(), RATE // 50, axis=1)
    assert pre_echo_db(late, drum(), RATE) == pytest.approx(0, abs=1.5)


@pytest.mark.parametrize("reference", [np.zeros((2, RATE)), noise(1, channels=2).T, np.zeros((2, 50))])
def test_without_onsets_there_is_no_pre_echo(reference):
    assert pre_echo_db(reference, reference, RATE) is None
