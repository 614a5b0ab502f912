"""What a mix loses in mono."""

import math

import numpy as np
import pytest
from conftest import noise

from wavemix.dsp.bands import BANDS
from wavemix.metrics.mono import MonoMeter

RATE = 48_000


def lost(sides):
    meter = MonoMeter(RATE)
    for start in range(0, sides.shape[1], 10_007):  # however it is cut
        meter.update(sides[:, start : start + 10_007])
    return meter.read()


def test_the_same_on_both_sides_loses_nothing():
    found = lost(np.repeat(noise(2, rate=RATE).T, 2, axis=0))
    assert found.loudness_lu == pytest.approx(0, abs=1e-9)
    assert list(found.bands_db.values()) == pytest.approx([0] * len(BANDS), abs=1e-9)


def test_independent_sides_lose_half_of_their_power():
    found = lost(noise(5, channels=2, rate=RATE).T)
    assert found.loudness_lu == pytest.approx(3.01, abs=0.1)
    assert list(found.bands_db.values())[1:] == pytest.approx([3.01] * 4, abs=0.4)


def test_opposite_sides_lose_everything_in_their_band_only():
    seconds = np.arange(4 * RATE) / RATE
    low, high = np.sin(2 * np.pi * 60 * seconds), np.sin(2 * np.pi * 3000 * seconds)
    found = lost(np.stack([low + high, low - high]) / 4)
    assert found.bands_db["lows"] == pytest.approx(0, abs=0.01)
    assert found.bands_db["presence"] > 40
    assert 1 < found.loudness_lu < 10


def test_silence_has_nothing_to_lose():
    found = lost(np.zeros((2, RATE)))
    assert math.isnan(found.loudness_lu)
    assert all(map(math.isnan, found.bands_db.values()))
