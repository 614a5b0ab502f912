"""Frames: the level of each band of hearing over time, which is what the recogniser knows of a sound.

The scale is that of the ear's equivalent rectangular bandwidths, 21.4 log10(1 + 0.00437 f) (Glasberg & Moore 1990),
with triangular bands. It is finer in the bass than the mel scale, where a bass changes its notes and a kick does not.
The frames of one track are brought to a common level, for a track's level says nothing of what it is.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BANDS = 96
LOWEST_HZ, HIGHEST_HZ = 30.0, 16_000.0
HOP_SECONDS = 0.04
WINDOW_SECONDS = 0.09288
FLOOR_DB = -80.0
"""Quieter than this below the loudest band of the track, nothing is heard."""

SEGMENT_FRAMES = 64
SEGMENT_SECONDS = SEGMENT_FRAMES * HOP_SECONDS
"""What the network hears at a time."""

Frames = NDArray[np.float32]
"""`(frames, BANDS)`."""

_TINY = 1e-20


def band_db(samples: NDArray[np.float32], rate: int) -> Frames:
    """The power of each band over time, in dB.

    Args:
        samples: Mono, `(samples,)`.
        rate: In Hz. Bands above half of it are empty.

    Returns:
        A frame every `HOP_SECONDS`, the first in the middle of the first hop.
    """
    window = _window(rate)
    frames = round(len(samples) / (HOP_SECONDS * rate))
    before = len(window) // 2
    padded = np.concatenate([np.zeros(before, np.float32), samples, np.zeros(len(window), np.float32)])
    starts = np.rint((np.arange(frames) + 0.5) * HOP_SECONDS * rate).astype(np.intp)
    cut = np.lib.stride_tricks.sliding_window_view(padded, len(window))[starts]
    spectrum = np.fft.rfft(cut * window, axis=1)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    banded = power.astype(np.float32) @ _bands(rate)
    return np.asarray(10 * np.log10(banded + np.float32(_TINY)), np.float32)


def heard(frames: Frames) -> Frames:
    """The frames of one track as the network reads them: -1 for what is not heard, 1 for the loudest."""
    below = np.maximum(frames - frames.max(initial=FLOOR_DB), FLOOR_DB)
    return np.asarray(below * np.float32(-2 / FLOOR_DB) + np.float32(1))


def segments(frames: Frames) -> Frames:
    """Frames in segments, `(segments, SEGMENT_FRAMES, BANDS)`; the last is filled up by the frames' beginning.

    Args:
        frames: One frame or more.
    """
    count = max(1, round(len(frames) / SEGMENT_FRAMES))
    filled = np.resize(frames, (count * SEGMENT_FRAMES, frames.shape[1]))
    return np.asarray(filled.reshape(count, SEGMENT_FRAMES, -1))


@lru_cache(maxsize=8)
def _window(rate: int) -> NDArray[np.float32]:
    samples = max(16, round(WINDOW_SECONDS * rate))
    hann = np.hanning(samples + 1)[:-1].astype(np.float32)
    return np.asarray(hann / hann.sum())


@lru_cache(maxsize=8)
def _bands(rate: int) -> NDArray[np.float32]:
    """The weight of each bin of the spectrum in each band, `(bins, BANDS)`."""
    edges = _hz(np.linspace(_erb(LOWEST_HZ), _erb(HIGHEST_HZ), BANDS + 2))
    bins = np.arange(len(_window(rate)) // 2 + 1) * (rate / len(_window(rate)))
    rising = (bins[:, None] - edges[None, :-2]) / np.diff(edges)[:-1]
    falling = (edges[None, 2:] - bins[:, None]) / np.diff(edges)[1:]
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def _erb(hz: float) -> float:
    return float(21.4 * np.log10(1 + 0.00437 * hz))


def _hz(erb: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((10 ** (erb / 21.4) - 1) / 0.00437)
