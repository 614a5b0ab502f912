"""The equaliser has the magnitudes of the cookbook's filters, and no phase."""

import math

import numpy as np
import pytest
import scipy.signal
from engineer.signals import RATE, click, magnitude, noise

from wavemix.engineer.equaliser import TAPS_BACK, Band, equalise
from wavemix.engineer.practice import CHANNELS

SIZE = 1 << 15
MIDDLE = SIZE // 2
HZ = np.fft.rfftfreq(SIZE, 1 / RATE)


def response(bands: tuple[Band, ...], high_pass_hz: float = 0.0) -> np.ndarray:
    """Impulse response around `MIDDLE`, `(samples,)`."""
    return equalise(click(MIDDLE, SIZE, 1.0), RATE, bands, high_pass_hz)[0]


def analogue_db(band: Band, hz: np.ndarray) -> np.ndarray:
    """The cookbook's analogue prototype (its H(s)), at the frequencies that the bilinear transform maps there."""
    a, root = 10 ** (band.gain_db / 40), math.sqrt(10 ** (band.gain_db / 40))
    q = band.q if band.shape == "peak" else math.sqrt(0.5)
    numerator, denominator = {
        "peak": ([1, a / q, 1], [1, 1 / (a * q), 1]),
        "low shelf": ([a, a * root / q, a * a], [a, root / q, 1]),
        "high shelf": ([a * a, a * root / q, a], [1, root / q, a]),
    }[band.shape]
    warped = np.tan(np.pi * hz / RATE) / np.tan(np.pi * band.hz / RATE)
    _, found = scipy.signal.freqs(numerator, denominator, worN=warped)
    return 20 * np.log10(np.abs(found))


BANDS = [
    Band("peak", 1_000, -6, 2),
    Band("peak", 350, -3, 0.7),
    Band("peak", 4_000, 3, 0.7),
    Band("low shelf", 200, 4),
    Band("low shelf", 500, -3),
    Band("high shelf", 5_000, -4),
    Band("high shelf", 10_000, 2),
]


@pytest.mark.parametrize("band", BANDS)
def test_a_band_has_the_cookbooks_magnitude(band: Band) -> None:
    heard = (HZ > 20) & (HZ < 22_000)
    found_db = 20 * np.log10(magnitude(response((band,)))[heard])
    assert np.abs(found_db - analogue_db(band, HZ[heard])).max() < 0.05


def test_bands_in_series_multiply() -> None:
    together = magnitude(response((BANDS[0], BANDS[3])))
    apart = magnitude(response((BANDS[0],))) * magnitude(response((BANDS[3],)))
    assert np.allclose(together, apart, rtol=0.01)


@pytest.mark.parametrize("corner_hz", [80.0, 200.0])
def test_a_high_pass_is_butterworths_of_12_db_an_octave(corner_hz: float) -> None:
    found = 20 * np.log10(magnitude(response((), corner_hz)))
    heard = HZ > corner_hz / 2
    butterworth_db = -10 * np.log10(1 + (np.tan(np.pi * corner_hz / RATE) / np.tan(np.pi * HZ[heard] / RATE)) ** 4)
    assert np.abs(found[heard] - butterworth_db).max() < 0.3
    assert found[0] < -30


@pytest.mark.parametrize("band", BANDS)
def test_nothing_before_is_other_than_after(band: Band) -> None:
    """Symmetric in time: without a phase, and so without a delay."""
    impulse = response((band,), 60.0)
    assert np.allclose(impulse[MIDDLE - 4_000 : MIDDLE], impulse[MIDDLE + 4_000 : MIDDLE : -1], atol=1e-6)
    assert int(np.argmax(np.abs(impulse))) == MIDDLE


def test_it_reaches_as_far_as_it_says() -> None:
    impulse = np.abs(response((Band("low shelf", 40, 12),), 30.0))
    assert impulse[: MIDDLE - TAPS_BACK].max() < 1e-7 > impulse[MIDDLE + TAPS_BACK + 1 :].max()
    assert impulse[MIDDLE - TAPS_BACK // 2] > 1e-6


def test_bands_without_gain_or_above_the_band_change_nothing() -> None:
    block = noise((2, 5_000))
    assert np.array_equal(equalise(block, RATE, (Band("peak", 100, 0), Band("peak", 21_000, 9))), block)


@pytest.mark.parametrize("samples", [1, 100, 5_000])
def test_the_length_stays(samples: int) -> None:
    assert equalise(noise((2, samples)), RATE, (BANDS[0],)).shape == (2, samples)


def test_every_equaliser_of_the_practice_is_within_the_band() -> None:
    for channel in (channel for channels in CHANNELS.values() for channel in channels):
        assert all(20 <= band.hz < 0.45 * RATE for band in channel.bands)
