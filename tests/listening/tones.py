"""Mixes that can be told apart by a tone, and the way back from a page to its sounds."""

import base64
import io
import re

import numpy as np
import soundfile

RATE = 16_000
COMMON_HZ = 500
"""A tone in all mixes."""
MARKERS_HZ = {"engineer": 1_000, "ours": 2_000, "sum": 3_000}
"""A tone in one mix only."""


def tones(seconds: float, *parts: tuple[float, float]) -> np.ndarray:
    """A sum of sines, each an amplitude and a frequency in Hz, `(samples, 2)`."""
    time = np.arange(round(seconds * RATE)) / RATE
    mono = sum(amplitude * np.sin(2 * np.pi * hertz * time) for amplitude, hertz in parts)
    return np.stack([mono, mono], axis=1)


def sounds_in(page: str) -> dict[str, np.ndarray]:
    """The stimuli of a page by hash, `(channels, samples)`."""
    found = re.findall(r'id="stimulus-(\w+)">([^<]+)<', page)
    return {code: soundfile.read(io.BytesIO(base64.b64decode(data)), always_2d=True)[0].T for code, data in found}
