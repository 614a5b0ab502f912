"""Signals that the EBU's loudness documents describe in words."""

import numpy as np

from wavemix.dsp.levels import db_to_gain


def sine_steps(segments, sample_rate=48_000, frequency=1000.0):
    """Sine of shape (samples,) whose peak follows the segments of (dBFS, seconds)."""
    gains = [np.full(round(seconds * sample_rate), db_to_gain(level)) for level, seconds in segments]
    gain = np.concatenate(gains)
    return gain * np.sin(2 * np.pi * frequency / sample_rate * np.arange(gain.size))


def faded_sine(frequency, phase_degrees, amplitude, sample_rate=48_000):
    """One second of sine of shape (1, samples), faded at both ends so that only its crest counts."""
    samples = np.arange(sample_rate)
    fade = np.clip(np.minimum(samples, samples[::-1]) / (0.1 * sample_rate), 0.0, 1.0)
    sine = np.sin(2 * np.pi * frequency / sample_rate * samples + np.radians(phase_degrees))
    return (amplitude * fade * sine)[np.newaxis]
