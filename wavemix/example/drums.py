"""The drum kit's voices: one stroke each, as a close and perfect microphone would hear it.

All functions return a mono stroke, shape `(samples,)`, that scales with its velocity (0 to 1).
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.synthesis.signals import (
    Signal,
    bandpass,
    decay,
    highpass,
    lowpass,
    release,
    sample_count,
    time_seconds,
)

Stroke = Callable[[float, Generator], Signal]

# Modes of an ideal circular membrane, relative to the lowest (Fletcher and Rossing, "The Physics of Musical
# Instruments", 1998, table 3.1).
MEMBRANE_MODES = (1.0, 1.594, 2.136, 2.296, 2.653)


class Plate:
    """A cymbal: dense inharmonic partials that stay its own from stroke to stroke.

    Attributes:
        rates: Complex rate of each partial, `2j * pi * hz - 1 / decay_seconds`, shape `(partials,)`.
        amplitudes: Amplitude of each partial, their squares summing to 1, shape `(partials,)`.
    """

    def __init__(self, seed: int, partials: int, lowest_hz: float, highest_hz: float, decay_seconds: float):
        rng = np.random.default_rng(seed)
        # A plate's modes lie equally dense at all frequencies (Fletcher and Rossing, section 3.12).
        frequencies_hz = rng.uniform(lowest_hz, highest_hz, partials)
        # Air and friction take the high partials first.
        constants_seconds = decay_seconds * rng.uniform(0.5, 1.2, partials)
        constants_seconds *= (1500.0 / (1500.0 + frequencies_hz)) ** 0.3
        self.rates = 2j * np.pi * frequencies_hz - 1.0 / constants_seconds
        amplitudes = rng.uniform(0.3, 1.0, partials) / (1.0 + frequencies_hz / 5000.0)
        self.amplitudes = amplitudes / np.sqrt(np.sum(amplitudes**2))


HIHAT = Plate(1, 60, 3000.0, 13000.0, 0.1)
CRASH = Plate(2, 180, 350.0, 13000.0, 1.0)
RIDE_PING = Plate(3, 6, 2600.0, 6200.0, 0.22)
RIDE_WASH = Plate(4, 70, 500.0, 10000.0, 0.4)
JINGLES = tuple(Plate(5 + index, 10, 4500.0, 14000.0, 0.07) for index in range(5))


def kick(velocity: float, rng: Generator) -> Signal:
    """A bass drum: a low membrane with a falling pitch, and the beater's click."""
    samples = sample_count(1.0)
    body = _swept_sine(samples, 51.0, 120.0, 0.028) * decay(samples, 0.13)
    skin = _membrane(samples, 92.0, 0.05, rng)
    click = bandpass(rng.standard_normal(samples), 1800.0, 6000.0) * decay(samples, 0.006)
    return velocity * (body + 0.25 * skin + 0.5 * velocity * click)


def snare_shell(velocity: float, rng: Generator) -> Signal:
    """The snare drum's upper head and the stick, without the wires."""
    samples = sample_count(0.5)
    ring = _membrane(samples, 188.0, 0.075, rng)
    stick = highpass(rng.standard_normal(samples), 2500.0) * decay(samples, 0.007)
    return velocity * (ring + 0.45 * velocity * stick)


def snare_wires(velocity: float, rng: Generator) -> Signal:
    """The wires under the snare drum, which answer the head a moment later."""
    samples = sample_count(0.5)
    rattle = bandpass(rng.standard_normal(samples), 1200.0, 8500.0)
    answer = 1.0 - decay(samples, 0.0015)
    return velocity * rattle * answer * (decay(samples, 0.065) + 0.25 * decay(samples, 0.03))


def hihat(velocity: float, rng: Generator) -> Signal:
    """Closed hi-hats; harder strokes open them a little."""
    samples = sample_count(0.35)
    ring_seconds = 0.022 + 0.035 * velocity
    metal = _rattled(HIHAT, samples, rng)
    hiss = highpass(rng.standard_normal(samples), 6500.0)
    return velocity * (0.5 * metal + 0.35 * hiss) * decay(samples, ring_seconds)


def crash(velocity: float, rng: Generator) -> Signal:
    """A crash cymbal that blooms for a moment and rings for seconds."""
    samples = sample_count(4.0)
    metal = _rattled(CRASH, samples, rng)
    hiss = highpass(rng.standard_normal(samples), 3500.0)
    bloom = 1.0 - 0.7 * decay(samples, 0.02)
    cymbal = bloom * (0.6 * metal + 0.3 * hiss * (decay(samples, 0.5) + decay(samples, 0.08)))
    return velocity * release(cymbal, 2.0, 0.4)


def ride(velocity: float, rng: Generator) -> Signal:
    """A ride cymbal: a clear ping over a quiet wash."""
    samples = sample_count(1.5)
    ping = _rattled(RIDE_PING, samples, rng)
    wash = _rattled(RIDE_WASH, samples, rng)
    noise = highpass(rng.standard_normal(samples), 5000.0)
    stick = 0.4 * velocity * decay(samples, 0.01) + 0.06 * decay(samples, 0.3)
    return velocity * release(0.5 * ping + 0.25 * wash + noise * stick, 0.9, 0.12)


def rack_tom(velocity: float, rng: Generator) -> Signal:
    """A 12-inch tom."""
    return _tom(velocity, 118.0, 0.2, rng)


def floor_tom(velocity: float, rng: Generator) -> Signal:
    """A 16-inch tom."""
    return _tom(velocity, 79.0, 0.3, rng)


def shaker(velocity: float, rng: Generator) -> Signal:
    """A shaker: grains that swell towards the stroke and stop."""
    samples = sample_count(0.12)
    position_seconds = time_seconds(samples) - 0.035
    swell = np.exp(-np.abs(position_seconds) / np.where(position_seconds < 0.0, 0.014, 0.018))
    grains = rng.standard_normal(samples) * (rng.random(samples) < 0.3)
    return velocity * bandpass(grains, 4500.0, 11000.0) * swell


def tambourine(velocity: float, rng: Generator) -> Signal:
    """A tambourine: several pairs of jingles that strike within some milliseconds."""
    samples = sample_count(0.4)
    stroke = np.zeros(samples)
    for jingle in JINGLES:
        late = sample_count(abs(rng.normal(0.0, 0.009)))
        stroke[late:] += rng.uniform(0.4, 1.0) * _rattled(jingle, samples - late, rng)
    return velocity * stroke


def _tom(velocity: float, frequency_hz: float, decay_seconds: float, rng: Generator) -> Signal:
    samples = sample_count(8.0 * decay_seconds)
    body = _swept_sine(samples, frequency_hz, 0.35 * frequency_hz, 0.06) * decay(samples, decay_seconds)
    ring = _membrane(samples, 1.06 * frequency_hz, 0.4 * decay_seconds, rng)
    stick = lowpass(rng.standard_normal(samples), 4500.0) * decay(samples, 0.005)
    return velocity * (body + 0.4 * ring + 0.3 * velocity * stick)


def _swept_sine(samples: int, frequency_hz: float, rise_hz: float, fall_seconds: float) -> Signal:
    """Returns a sine that starts `rise_hz` above its frequency and falls to it; shape `(samples,)`."""
    # The phase is the integral of frequency_hz + rise_hz * exp(-t / fall_seconds).
    swept_cycles = rise_hz * fall_seconds * (1.0 - decay(samples, fall_seconds))
    return np.sin(2.0 * np.pi * (frequency_hz * time_seconds(samples) + swept_cycles))


def _membrane(samples: int, lowest_hz: float, decay_seconds: float, rng: Generator) -> Signal:
    """Returns the modes of a struck head, the higher the shorter and weaker; shape `(samples,)`."""
    head = np.zeros(samples)
    for order, mode in enumerate(MEMBRANE_MODES):
        frequency_hz = lowest_hz * mode * (1.0 + 0.003 * rng.standard_normal())
        ring = np.sin(2.0 * np.pi * frequency_hz * time_seconds(samples))
        head += ring * decay(samples, decay_seconds / (1.0 + 0.6 * order)) / (1.0 + order)
    return head


def _rattled(plate: Plate, samples: int, rng: Generator) -> Signal:
    """Returns a plate's partials at random phases, rms near 1 at the onset; shape `(samples,)`."""
    amplitudes = plate.amplitudes * np.exp(2j * np.pi * rng.random(len(plate.rates)))
    # exp(rate * t) is split into a block's start and the time within it, so that few exponentials are taken.
    block = 2048
    within = np.exp(plate.rates[:, None] * time_seconds(block))  # (partials, block)
    metal = np.zeros(samples)
    for start in range(0, samples, block):
        stop = min(samples, start + block)
        reached = amplitudes * np.exp(plate.rates * start / SAMPLE_RATE)  # (partials,)
        metal[start:stop] = np.sum(reached[:, None] * within[:, : stop - start], axis=0).real
    return metal * math.sqrt(2.0)
