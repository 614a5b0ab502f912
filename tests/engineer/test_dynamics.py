"""The compressor: its static curve, its finite reach before and after, its stereo image."""

import numpy as np
import pytest
from engineer.signals import RATE, noise

from wavemix.engineer.dynamics import CONTROL_SAMPLES, Compressor, compress

STEADY_HZ = RATE / CONTROL_SAMPLES * 2
"""Two periods fill a step of the detector, so that a steady tone is steady to it as well."""


def tone(level_db: float, samples: int = RATE) -> np.ndarray:
    """A sine of an RMS in dBFS, `(1, samples)`."""
    amplitude = np.sqrt(2) * 10 ** (level_db / 20)
    return (amplitude * np.sin(2 * np.pi * STEADY_HZ / RATE * np.arange(samples))).astype(np.float32)[None]


def change_db(before: np.ndarray, after: np.ndarray) -> float:
    """Of the level, in the middle."""
    middle = slice(before.shape[1] // 3, 2 * before.shape[1] // 3)
    return 10 * np.log10(np.square(after[:, middle]).sum() / np.square(before[:, middle]).sum())


@pytest.mark.parametrize("ratio", [1.5, 2.0, 4.0])
@pytest.mark.parametrize("over_db", [-40.0, -3.0, -1.5, 0.0, 1.5, 3.0, 6.0, 20.0])
def test_a_steady_tone_is_reduced_by_the_static_curve(over_db: float, ratio: float) -> None:
    """Below the knee by nothing, above it by what the ratio asks for, and at the threshold by an eighth of the knee."""
    steady = tone(-30 + over_db)
    found_db = change_db(steady, compress(steady, RATE, Compressor(-30, ratio, 0.005, 0.1, knee_db=6.0)))
    slope = 1 - 1 / ratio
    expected_db = {-1.5: 1.5**2 / 12, 0.0: 3.0**2 / 12, 1.5: 4.5**2 / 12}.get(over_db, max(0.0, over_db))
    assert found_db == pytest.approx(-slope * expected_db, abs=0.02)


def test_without_a_knee_it_works_from_the_threshold_on() -> None:
    hard = Compressor(-30, 4.0, 0.005, 0.1, knee_db=0.0)
    assert change_db(tone(-30.5), compress(tone(-30.5), RATE, hard)) == 0.0
    assert change_db(tone(-28), compress(tone(-28), RATE, hard)) == pytest.approx(-1.5, abs=0.02)


def test_below_the_threshold_it_does_nothing() -> None:
    quiet = noise((2, RATE), gain=1e-3)
    assert np.array_equal(compress(quiet, RATE, Compressor(-30, 4, 0.005, 0.1)), quiet)


def test_channels_keep_their_image() -> None:
    """What is louder on one side decides on both, and both get the same gain."""
    stereo = noise((1, RATE), gain=0.3) * np.array([[1.0], [0.1]], np.float32)
    out = compress(stereo, RATE, Compressor(-30, 4, 0.005, 0.1))
    gains = out / np.where(stereo == 0, 1, stereo)
    assert np.allclose(gains[0], gains[1], rtol=1e-5)
    assert gains.min() < 0.5
    assert np.allclose(out[0], compress(stereo[:1], RATE, Compressor(-30, 4, 0.005, 0.1)), rtol=1e-5)


def test_it_reaches_its_release_back_and_its_attack_ahead_and_no_further() -> None:
    compressor = Compressor(-40, 4.0, 0.010, 0.100)
    steady = tone(-40, 2 * RATE)
    burst = steady.copy()
    burst[:, RATE : RATE + 441] *= 30
    changed = np.flatnonzero(np.abs(compress(burst, RATE, compressor) - compress(steady, RATE, compressor))[0] > 1e-6)
    ahead, back = RATE - changed[0], changed[-1] - (RATE + 441)
    slack = 3 * CONTROL_SAMPLES
    assert 0.005 * RATE < ahead <= 0.010 * RATE + slack
    assert 0.050 * RATE < back <= compressor.reach(RATE)


def test_it_is_slower_to_let_go_than_to_take_hold() -> None:
    block = np.concatenate([tone(-50), tone(-10), tone(-50)], axis=1)
    out = compress(block, RATE, Compressor(-30, 4, 0.002, 0.200))
    gain = np.sqrt(np.square(out).reshape(-1, 441).mean(1) / np.square(block).reshape(-1, 441).mean(1))
    assert gain[97] == pytest.approx(1, abs=1e-3)
    assert gain[101] < 0.3
    assert 0.3 > gain[198] and gain[201] < 0.5 < gain[219]
    assert gain[223] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("samples", [1, CONTROL_SAMPLES - 1, CONTROL_SAMPLES + 1, 5_000])
def test_the_length_stays(samples: int) -> None:
    assert compress(noise((2, samples)), RATE, Compressor(-30, 4, 0.005, 0.1)).shape == (2, samples)
