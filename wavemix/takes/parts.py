"""Moves and correlations by parts of a sample, by windowed sinc interpolation."""

import math

import numpy as np
from numpy.typing import NDArray

REACH = 32
"""Samples on either side of a place from which what lies there is interpolated."""

BETA = 8.0
"""The Kaiser window's: with it, what is interpolated is right to -70 dB, up to 20 kHz at 44.1 kHz."""

STEPS = 8
"""Parts of a sample that are told from each other."""


def weights(part: float) -> NDArray[np.float64]:
    """How much each of `2 * REACH` samples counts for what lies a part of one, 0 to 1, before that in place `REACH`."""
    places = np.arange(2 * REACH) - REACH + part
    window = np.i0(BETA * np.sqrt(1 - np.square(places / REACH))) / np.i0(BETA)
    return np.asarray(np.sinc(places) * window)


class PartOfASample:
    """A stream, later by a part of a sample.

    Args:
        part: By how much, above 0 and below 1.
    """

    def __init__(self, part: float) -> None:
        self._weights = weights(part)[::-1]
        self._before = np.zeros(REACH, np.float32)

    def __call__(self, wave: NDArray[np.float32], last: bool = False) -> NDArray[np.float32]:
        """What the next samples, `(samples,)`, add to the stream; when they are the `last`, with what rings on."""
        heard = np.concatenate([self._before, wave, np.zeros(REACH if last else 0, np.float32)])
        ready = max(0, len(heard) - 2 * REACH + 1)
        self._before = heard[ready:]
        if not ready:
            return np.zeros(0, np.float32)
        return np.convolve(heard.astype(np.float64), self._weights, "valid").astype(np.float32)


def highest_part(curve: NDArray[np.float64], place: int) -> tuple[float, float]:
    """Where a curve of correlations is highest, up to a sample from a place: that many samples from it, and how high.

    Args:
        curve: `(lags,)`; beyond its ends it counts as 0.
        place: Which of them.
    """
    padded = np.pad(curve, REACH)  # what surrounds a place begins there
    parts = np.arange(-STEPS + 1, STEPS) / STEPS
    heights = [
        float(weights(math.ceil(part) - part) @ padded[place + math.ceil(part) :][: 2 * REACH])
        for part in parts.tolist()
    ]
    highest = int(np.argmax(heights))
    return float(parts[highest]), heights[highest]
