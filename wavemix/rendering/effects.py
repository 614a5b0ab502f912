"""What a mixing desk does to a signal: filters, equaliser, compressor, pan, reverb, echo. Nothing here delays.

Blocks are `(channels, samples)`, float32, full scale ±1.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from wavemix.dsp.levels import db_to_gain

Samples = NDArray[np.float32]
Shape = Literal["low shelf", "peak", "high shelf"]

CONTROL_SAMPLES = 32
"""A compressor's gain is computed once for so many samples, 0.7 ms at 44.1 kHz, and interpolated between."""

_SILENCE_DB = -120.0


@dataclass(frozen=True)
class Band:
    """A band of an equaliser.

    Attributes:
        shape: What it does.
        hz: Its centre or corner.
        gain_db: Of a peak at its centre, of a shelf far from its corner.
        q: Quality of a peak; shelves have a slope of one half (1/sqrt(2)).
    """

    shape: Shape
    hz: float
    gain_db: float
    q: float = 1.0


@dataclass(frozen=True)
class Compressor:
    """A feed-forward compressor with a soft knee.

    Attributes:
        threshold_db: Level in dBFS (of the RMS of 0.7 ms) above which it works.
        ratio: Change of level going in over that coming out, 1 or more.
        attack_seconds: Time constant while the gain falls.
        release_seconds: Time constant while it rises.
        knee_db: Width of the knee.
    """

    threshold_db: float
    ratio: float
    attack_seconds: float
    release_seconds: float
    knee_db: float = 6.0


def high_pass(block: Samples, rate: int, hz: float) -> Samples:
    """A Butterworth filter of 12 dB an octave."""
    return _filtered(block, scipy.signal.butter(2, hz, "highpass", fs=rate, output="sos"))


def equalise(block: Samples, rate: int, bands: tuple[Band, ...]) -> Samples:
    """Bands in series; those above 0.45 times the rate are left out, as no biquad has them right.

    Source: R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients.
    """
    sections = [_biquad(band, rate) for band in bands if band.gain_db and band.hz < 0.45 * rate]
    return _filtered(block, np.array(sections)) if sections else block


def compress(block: Samples, rate: int, compressor: Compressor) -> Samples:
    """Reduce the dynamics; channels share one gain, so that nothing moves in the stereo image.

    Source: Giannoulis, Massberg & Reiss 2012 (JAES 60:6): gain computer, eq. 4; smooth branching detector, eq. 17.
    """
    samples = block.shape[1]
    steps = -(-samples // CONTROL_SAMPLES)
    power = np.zeros(steps * CONTROL_SAMPLES, np.float32)
    power[:samples] = np.square(block).max(axis=0)
    level = power.reshape(steps, CONTROL_SAMPLES).mean(axis=1)
    level_db = np.maximum(10 * np.log10(np.maximum(level, 1e-12)), _SILENCE_DB)
    reduction_db = _smooth(_reduction_db(level_db, compressor), rate / CONTROL_SAMPLES, compressor)
    middles = (np.arange(steps) + 0.5) * CONTROL_SAMPLES
    gain = np.interp(np.arange(samples), middles, np.power(10, -reduction_db / 20))
    out: Samples = block * gain.astype(np.float32)
    return out


def pan(block: Samples, position: float) -> Samples:
    """A mono block, `(1, samples)`, to `(2, samples)`, by the sine-cosine law of constant power.

    >>> np.square(pan(np.ones((1, 1), np.float32), 0.0)).round(3)
    array([[0.5],
           [0.5]], dtype=float32)

    Args:
        block: The block.
        position: From -1, left, to 1, right.
    """
    angle = (position + 1) * math.pi / 4
    placed: Samples = np.array([[math.cos(angle)], [math.sin(angle)]], np.float32) * block
    return placed


def reverberate(block: Samples, response: Samples) -> Samples:
    """The reverberation of a stereo block in a room, as long as the block; none of the block itself.

    Args:
        block: `(2, samples)`.
        response: Impulse response, `(2, samples)`: of the left and of the right channel.
    """
    wet: Samples = scipy.signal.oaconvolve(block, response, axes=1)[:, : block.shape[1]].astype(np.float32)
    return wet


def echo(block: Samples, rate: int, seconds: float, feedback: float, repeats: int = 4) -> Samples:
    """Echoes of a stereo block that change sides and grow darker; none of the block itself.

    Args:
        block: `(2, samples)`.
        rate: In Hz.
        seconds: From one to the next.
        feedback: Each one's share of the one before.
        repeats: How many there are.
    """
    out = np.zeros_like(block)
    darker = scipy.signal.butter(1, 4_000, "lowpass", fs=rate, output="sos")
    delay = round(seconds * rate)
    repeat = block
    for number in range(1, repeats + 1):
        start = number * delay
        if start >= block.shape[1]:
            break
        repeat = _filtered(repeat[::-1] * np.float32(feedback), darker)
        out[:, start:] += repeat[:, : block.shape[1] - start]
    return out


def _filtered(block: Samples, sections: NDArray[np.float64]) -> Samples:
    out: Samples = scipy.signal.sosfilt(sections, block, axis=1).astype(np.float32)
    return out


def _biquad(band: Band, rate: int) -> list[float]:
    """Coefficients b0, b1, b2, a0 = 1, a1, a2."""
    amplitude = db_to_gain(band.gain_db / 2)
    angle = 2 * math.pi * band.hz / rate
    cosine, q = math.cos(angle), band.q if band.shape == "peak" else math.sqrt(0.5)
    alpha = math.sin(angle) / (2 * q)
    if band.shape == "peak":
        b = (1 + alpha * amplitude, -2 * cosine, 1 - alpha * amplitude)
        a = (1 + alpha / amplitude, -2 * cosine, 1 - alpha / amplitude)
    else:
        # The high shelf is the low shelf with the spectrum turned over: cos and the odd coefficients change sign.
        sign = 1 if band.shape == "low shelf" else -1
        more, less, root = amplitude + 1, amplitude - 1, 2 * math.sqrt(amplitude) * alpha
        turned = sign * cosine
        b = (
            amplitude * (more - less * turned + root),
            sign * 2 * amplitude * (less - more * turned),
            amplitude * (more - less * turned - root),
        )
        a = (more + less * turned + root, sign * -2 * (less + more * turned), more + less * turned - root)
    return [*(value / a[0] for value in b), 1.0, a[1] / a[0], a[2] / a[0]]


def _reduction_db(level_db: NDArray[np.float64], compressor: Compressor) -> NDArray[np.float64]:
    """By how much each level is to be reduced (eq. 4 of the source)."""
    over, knee, slope = level_db - compressor.threshold_db, compressor.knee_db, 1 - 1 / compressor.ratio
    inside = np.square(np.clip(over + knee / 2, 0, knee)) / (2 * knee) if knee else np.zeros_like(over)
    return slope * np.where(over > knee / 2, over, inside)


def _smooth(wanted_db: NDArray[np.float64], steps_per_second: float, compressor: Compressor) -> NDArray[np.float64]:
    """Attack and release, one pole each (eq. 17 of the source)."""
    attack = math.exp(-1 / (compressor.attack_seconds * steps_per_second))
    release = math.exp(-1 / (compressor.release_seconds * steps_per_second))
    smoothed, value = [], 0.0
    for wanted in wanted_db.tolist():
        pole = attack if wanted > value else release
        value = wanted + pole * (value - wanted)
        smoothed.append(value)
    return np.array(smoothed)
