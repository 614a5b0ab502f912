"""A voice, and what should not be heard of it."""

from functools import cache

import numpy as np
from conftest import RATE

from wavemix.synthesis.note import Note
from wavemix.synthesis.voice import sing

PHRASES = ((1.0, 3.0), (5.0, 7.5), (9.5, 11.0), (12.5, 14.0))
SECONDS = 15.5
BREATHS = ((4.4, 4.8), (11.95, 12.3))
BUMPS = ((3.6, 3.8), (8.5, 8.7), (14.8, 15.0))


@cache
def voice() -> np.ndarray:
    """Four phrases and a faint noise, `(samples,)`."""
    notes = [
        Note(low + 0.5 * i, min(0.47, high - low - 0.5 * i), 57 + 2 * i, 0.9, "dmln"[i % 4] + "ah")
        for low, high in PHRASES
        for i in range(round((high - low) / 0.5))
    ]
    rng = np.random.default_rng(2)
    sung = 0.5 * sing(notes, round(SECONDS * RATE), 1.0, rng)
    return sung * in_phrases(len(sung)) + 2e-5 * rng.standard_normal(len(sung))


def in_phrases(samples: int) -> np.ndarray:
    """1 in the phrases, 0 elsewhere: it leaves out the breaths that the singer takes."""
    mask = np.zeros(samples)
    for low, high in PHRASES:
        mask[round((low - 0.05) * RATE) : round((high + 0.05) * RATE)] = 1
    return mask


def breaths() -> np.ndarray:
    """Breaths before phrases, about 25 dB below them."""
    rng, out = np.random.default_rng(3), np.zeros(round(SECONDS * RATE))
    for low, high in BREATHS:
        span = slice(round(low * RATE), round(high * RATE))
        noise = np.diff(rng.standard_normal(span.stop - span.start + 1))
        out[span] = 0.006 * noise * np.hanning(len(noise))
    return out


def bumps() -> np.ndarray:
    """Thumps of 60 Hz between the phrases."""
    out = np.zeros(round(SECONDS * RATE))
    for low, high in BUMPS:
        time = np.arange(round((high - low) * RATE)) / RATE
        out[round(low * RATE) :][: len(time)] = 0.1 * np.sin(2 * np.pi * 60 * time) * np.exp(-time / 0.05)
    return out


def hum(hz: float) -> np.ndarray:
    """Hum with four harmonics, about 45 dB below the voice."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    return sum(1.5e-3 / k * np.sin(2 * np.pi * k * hz * time + k) for k in range(1, 5))
