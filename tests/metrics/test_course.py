"""The course of a mix over time says when it is loud, where it is, and at which frequencies."""

import numpy as np
import pytest
from conftest import RATE, noise

from wavemix.metrics.course import FLOOR_DBFS, follow

LOW_RATE = 8_000


def sine(hz: float, seconds: float, left: float = 0.5, right: float = 0.5, rate: int = RATE) -> np.ndarray:
    wave = np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)
    return np.stack([left * wave, right * wave])


def test_loudness_follows_a_step_of_10_db():
    course = follow(np.concatenate([sine(1000, 6), sine(1000, 6) * 10**-0.5], axis=1), RATE)
    early = course.short_term_lufs[course.loudness_seconds < 4.5]
    late = course.short_term_lufs[course.loudness_seconds > 7.5]
    assert np.ptp(early) < 0.05 and np.ptp(late) < 0.05
    assert early[0] - late[-1] == pytest.approx(10, abs=0.05)


@pytest.mark.parametrize(
    ("left", "right", "imbalance", "width_db"),
    [(1, 1, 0, -np.inf), (1, 0, -1, 0), (0, 1, 1, 0), (1, -1, 0, np.inf), (1, 0.5, -0.6, 20 * np.log10(0.5 / 1.5))],
)
def test_place_is_that_of_a_panned_sine(left, right, imbalance, width_db):
    course = follow(sine(500, 2, left / 2, right / 2), RATE)
    assert course.imbalance == pytest.approx(imbalance)
    assert course.width_db == pytest.approx(width_db)


def test_place_follows_a_pan_and_is_unknown_in_silence():
    song = np.concatenate([sine(500, 3, 0.5, 0), np.zeros((2, 3 * RATE)), sine(500, 3, 0, 0.5)], axis=1)
    course = follow(song, RATE)
    at = dict(zip(course.pan_seconds, course.imbalance, strict=True))
    assert (at[1.5], at[7.5]) == (-1, 1)
    assert np.isnan(at[4.5]) and np.isnan(course.width_db[list(at).index(4.5)])


def test_gain_moves_levels_only():
    stereo = noise(4, channels=2, seed=1).T * [[1.0], [0.5]]
    loud, faint = follow(stereo, RATE), follow(stereo / 10, RATE)
    assert loud.short_term_lufs - faint.short_term_lufs == pytest.approx(20)
    assert loud.spectrum_dbfs - faint.spectrum_dbfs == pytest.approx(20, abs=0.01)
    assert loud.imbalance == pytest.approx(faint.imbalance)
    assert loud.width_db == pytest.approx(faint.width_db)


@pytest.mark.parametrize("hz", [60, 440, 3_000, 12_000])
def test_the_spectrum_has_a_sines_power_at_its_frequency(hz):
    course = follow(sine(hz, 2, 1, 1), RATE)
    assert course.bands_hz[course.long_term_dbfs.argmax()] == pytest.approx(hz, rel=0.04)
    total = 10 * np.log10(np.power(10, course.spectrum_dbfs / 10).sum(axis=0))
    assert total[2:-2] == pytest.approx(-3.01, abs=0.1)


def test_the_spectrum_follows_time():
    course = follow(np.concatenate([sine(200, 3), sine(2_000, 3)], axis=1), RATE)
    loudest_hz = course.bands_hz[course.spectrum_dbfs.argmax(axis=0)]
    assert loudest_hz[course.spectrum_seconds < 2.7] == pytest.approx(200, rel=0.04)
    assert loudest_hz[course.spectrum_seconds > 3.2] == pytest.approx(2_000, rel=0.04)


@pytest.mark.parametrize("samples", [1, 100, 7_999, 20_000])
@pytest.mark.parametrize("rate", [LOW_RATE, RATE])
def test_silence_of_any_length_is_at_the_floor(samples, rate):
    course = follow(np.zeros((2, samples)), rate)
    assert (course.spectrum_dbfs == FLOOR_DBFS).all()
    assert np.isnan(course.imbalance).all() and np.isnan(course.width_db).all()
    assert (course.short_term_lufs == -np.inf).all()
    assert len(course.spectrum_seconds) == course.spectrum_dbfs.shape[1] > 0
    assert len(course.pan_seconds) == len(course.imbalance) > 0


@pytest.mark.parametrize("shape", [(1, 1000), (3, 1000), (2, 0)])
def test_what_is_not_stereo_is_refused(shape):
    with pytest.raises(ValueError, match=r"need \(2, samples\)"):
        follow(np.zeros(shape), RATE)
