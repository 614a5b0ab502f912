"""The few signal processors that synthesised voices and instruments share. All signals are 44.1 kHz floats."""

import functools

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from wavemix.audio.rate import SAMPLE_RATE

PICK_POSITION = 0.23  # where strings are picked, as a share of their length

Signal = NDArray[np.float64]


def sample_count(seconds: float) -> int:
    """Returns the number of samples nearest to a time."""
    return round(seconds * SAMPLE_RATE)


def time_seconds(samples: int) -> Signal:
    """Returns the time of each sample, shape `(samples,)`."""
    return np.arange(samples) / SAMPLE_RATE


def decay(samples: int, constant_seconds: float) -> Signal:
    """Returns an exponential decay from 1 to 1/e in `constant_seconds`, shape `(samples,)`."""
    return np.exp(-time_seconds(samples) / constant_seconds)


def gain(level_db: float) -> float:
    """Returns the amplitude factor of a level.

    Examples:
        >>> gain(-20.0)
        0.1
    """
    return float(10.0 ** (level_db / 20.0))


def pitch_hz(midi: float) -> float:
    """Returns the equal-tempered frequency of a MIDI pitch (A4 is 440 Hz).

    Examples:
        >>> pitch_hz(57)
        220.0
    """
    return float(440.0 * 2.0 ** ((midi - 69.0) / 12.0))


def lowpass(signal: Signal, cutoff_hz: float, order: int = 2) -> Signal:
    """Filters the last axis with a Butterworth low-pass."""
    return _filtered(signal, "lowpass", (cutoff_hz,), order)


def highpass(signal: Signal, cutoff_hz: float, order: int = 2) -> Signal:
    """Filters the last axis with a Butterworth high-pass."""
    return _filtered(signal, "highpass", (cutoff_hz,), order)


def bandpass(signal: Signal, low_hz: float, high_hz: float, order: int = 1) -> Signal:
    """Filters the last axis with a Butterworth band-pass."""
    return _filtered(signal, "bandpass", (low_hz, high_hz), order)


def smooth(signal: Signal, constant_seconds: float, rate_hz: float) -> Signal:
    """Follows a control signal with a one-pole lag, starting at its first value.

    Args:
        signal: Values at `rate_hz`, shape `(frames,)`.
        constant_seconds: Time in which a step is followed to 63 %.
        rate_hz: Frames in a second.

    Returns:
        The lagging values, shape `(frames,)`.
    """
    pole = float(np.exp(-1.0 / (constant_seconds * rate_hz)))
    followed, _ = lfilter([1.0 - pole], [1.0, -pole], signal, zi=[pole * signal[0]])
    return np.asarray(followed)


def add_at(track: Signal, sound: Signal, start_seconds: float) -> None:
    """Adds a sound to a track in place; what lies outside the track is cut off.

    Args:
        track: Shape `(samples,)`.
        sound: Shape `(any length,)`.
        start_seconds: Where the sound starts; may be before 0.
    """
    start = sample_count(start_seconds)
    sound = sound[max(0, -start) :]
    start = max(0, start)
    stop = min(len(track), start + len(sound))
    if stop > start:
        track[start:stop] += sound[: stop - start]


def pluck(frequency_hz: float, seconds: float, decay_seconds: float, brightness_hz: float, rng: Generator) -> Signal:
    """Plucks a string (Karplus and Strong, "Digital Synthesis of Plucked-String and Drum Timbres", 1983).

    One period circulates in a delay line that a short filter in the loop damps. The loop's delay is the line,
    half a sample of damping, and a fraction by linear interpolation for the tuning. The period starts not as
    noise but as a picked string, with a little noise in its harmonics.

    Args:
        frequency_hz: Fundamental.
        seconds: Length of the sound.
        decay_seconds: Time in which the fundamental falls by 60 dB.
        brightness_hz: Above it, the pick is too soft to excite harmonics.
        rng: Makes every pick a little different.

    Returns:
        The string, peak 1, shape `(samples,)`.
    """
    period = SAMPLE_RATE / frequency_hz
    line = int(period - 0.5)
    fraction = period - 0.5 - line
    loss = 10.0 ** (-3.0 * period / (decay_seconds * SAMPLE_RATE))
    near, middle, far = 0.5 * loss * (1.0 - fraction), 0.5 * loss, 0.5 * loss * fraction

    samples = sample_count(seconds)
    string = np.zeros(samples + 2 * line + 2)
    string[2 : line + 2] = _picked_period(frequency_hz, line, brightness_hz, rng)
    # No sample depends on one less than `line` before it, so that a period at a time is exact.
    for start in range(line + 2, samples + line + 2, line):
        stop = start + line
        string[start:stop] = (
            near * string[start - line : stop - line]
            + middle * string[start - line - 1 : stop - line - 1]
            + far * string[start - line - 2 : stop - line - 2]
        )
    sound = string[2 : samples + 2]
    return sound / float(np.max(np.abs(sound)))


def saw(frequency_hz: float, samples: int, phase: float) -> Signal:
    """Returns a sawtooth with little aliasing, peak near 1, shape `(samples,)`.

    The difference of a parabola is a sawtooth whose aliases fall by 12 dB an octave (Välimäki, "Discrete-time
    synthesis of the sawtooth waveform with reduced aliasing", 2005).

    Args:
        frequency_hz: Fundamental.
        samples: Length.
        phase: Where in its period it starts, 0 to 1.
    """
    ramp = 2.0 * ((phase + np.arange(samples + 1) * frequency_hz / SAMPLE_RATE) % 1.0) - 1.0
    return np.asarray(np.diff(ramp**2) * SAMPLE_RATE / (4.0 * frequency_hz))


def release(sound: Signal, held_seconds: float, release_seconds: float) -> Signal:
    """Lets a sound die away exponentially from `held_seconds` on; shape is kept."""
    after_seconds = np.maximum(time_seconds(len(sound)) - held_seconds, 0.0)
    return sound * np.exp(-after_seconds / release_seconds)


def _picked_period(frequency_hz: float, line: int, brightness_hz: float, rng: Generator) -> Signal:
    """Returns the first period of a picked string, with no mean; shape `(line,)`."""
    harmonic = np.arange(1, line // 2)
    picked = np.sin(np.pi * harmonic * PICK_POSITION) / harmonic
    picked /= 1.0 + (harmonic * frequency_hz / brightness_hz) ** 2
    uneven = 1.0 + 0.08 * (rng.standard_normal(len(picked)) + 1j * rng.standard_normal(len(picked)))
    return np.fft.irfft(np.concatenate([[0.0], -1j * picked * uneven]), line)


def _filtered(signal: Signal, kind: str, cutoffs_hz: tuple[float, ...], order: int) -> Signal:
    return np.asarray(sosfilt(_sections(kind, cutoffs_hz, order), signal))


@functools.cache
def _sections(kind: str, cutoffs_hz: tuple[float, ...], order: int) -> Signal:
    cutoff = cutoffs_hz[0] if len(cutoffs_hz) == 1 else cutoffs_hz
    return np.asarray(butter(order, cutoff, kind, fs=SAMPLE_RATE, output="sos"))
