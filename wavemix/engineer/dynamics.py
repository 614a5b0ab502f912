"""A compressor that looks ahead as far as it looks back, so that a network can say what it does.

Blocks are `(channels, samples)`, float32, full scale ±1.
"""

from dataclasses import dataclass

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

CONTROL_SAMPLES = 32
"""A gain is computed once for so many samples, 0.7 ms at 44.1 kHz, and interpolated between."""

_SILENCE_DB = -120.0


@dataclass(frozen=True)
class Compressor:
    """A feed-forward compressor with a soft knee.

    Attributes:
        threshold_db: Level in dBFS (of the RMS of 0.7 ms) above which it works.
        ratio: Change of level going in over that coming out, 1 or more.
        attack_seconds: Time in which the gain falls, before the sound that asks for it.
        release_seconds: Time in which a level that has gone is forgotten: it counts 20 dB less by then.
        knee_db: Width of the knee.
    """

    threshold_db: float
    ratio: float
    attack_seconds: float
    release_seconds: float
    knee_db: float = 6.0

    def reach(self, rate: int) -> int:
        """How far from a sample, in samples, lies what decides on its gain."""
        times = (self.attack_seconds, self.release_seconds)
        steps = sum(round(seconds * rate / CONTROL_SAMPLES) for seconds in times)
        return (steps + 2) * CONTROL_SAMPLES  # two more, for the step itself and the interpolation


def compress(block: NDArray[np.float32], rate: int, compressor: Compressor) -> NDArray[np.float32]:
    """Reduce the dynamics; channels share one gain, so that nothing moves in the stereo image.

    The gain computer is eq. 4 of Giannoulis, Massberg & Reiss 2012 (JAES 60:6). In place of its recursive detector
    the level is held and let go in a straight line (a dilation), then smoothed: nothing outlives the release.
    """
    samples = block.shape[1]
    steps = -(-samples // CONTROL_SAMPLES)
    power = np.zeros(steps * CONTROL_SAMPLES, np.float32)
    power[:samples] = np.square(block).max(axis=0)
    level = power.reshape(steps, CONTROL_SAMPLES).mean(axis=1)
    level_db = np.maximum(10 * np.log10(np.maximum(level, 1e-12)), _SILENCE_DB)
    held_db = _hold(level_db, round(compressor.release_seconds * rate / CONTROL_SAMPLES))
    envelope_db = _smooth(held_db, round(compressor.attack_seconds * rate / CONTROL_SAMPLES))
    middles = (np.arange(steps) + 0.5) * CONTROL_SAMPLES
    gain = np.interp(np.arange(samples), middles, np.power(10, -_reduction_db(envelope_db, compressor) / 20))
    out: NDArray[np.float32] = block * gain.astype(np.float32)
    return out


def _hold(level_db: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """The greatest of all levels of the last so many steps, each 20 dB lower by the end of them."""
    fall_db = -20.0 * np.arange(steps + 1) / max(1, steps)
    held = np.full_like(level_db, _SILENCE_DB)
    for age in range(min(steps, len(level_db) - 1) + 1):
        np.maximum(held[age:], level_db[: len(level_db) - age] + fall_db[age], out=held[age:])
    return held


def _smooth(level_db: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """The mean of so many steps before and after, by a window that falls to its ends."""
    window = np.hanning(2 * steps + 3)[1:-1]
    smooth: NDArray[np.float64] = scipy.ndimage.convolve1d(level_db, window / window.sum(), mode="nearest")
    return smooth


def _reduction_db(level_db: NDArray[np.float64], compressor: Compressor) -> NDArray[np.float64]:
    over, knee, slope = level_db - compressor.threshold_db, compressor.knee_db, 1 - 1 / compressor.ratio
    inside = np.square(np.clip(over + knee / 2, 0, knee)) / (2 * knee) if knee else np.zeros_like(over)
    reduction: NDArray[np.float64] = slope * np.where(over > knee / 2, over, inside)
    return reduction
