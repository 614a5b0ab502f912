"""True peak of a stream: the largest value between and at the samples (ITU-R BS.1770-5, Annex 2)."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.levels import as_block, gain_to_db

_MIN_RATE = 8_000  # lower rates would only make the interpolator large
_OVERSAMPLED_RATE = 192_000  # what BS.1770-5 Annex 2 asks for, at least

# Flat to 0.002 dB up to 20 kHz at 48 kHz, and 0.05 dB low there at 44.1 kHz.
_TAPS = 48
_KAISER_BETA = 8.0
_HOP = 32  # input samples that one product interpolates; large enough for the BLAS to be efficient


class TruePeakMeter:
    """Measures a signal that arrives block by block, however it is cut into blocks.

    The signal counts as silent before its start and after its end, so the interpolation overshoots at
    an abrupt start or end as it would in a converter.

    Args:
        channels: At least 1. The peak is the largest of all channels.
        sample_rate: In Hz, at least 8000. The signal is oversampled to at least 192 kHz (BS.1770-5 Annex 2):
            5 times at 44.1 kHz, 4 times at 48 kHz, twice at 96 kHz, and not at all from 192 kHz on.

    Raises:
        ValueError: If there is no channel or the sample rate is too low.

    A sine at a quarter of the sample rate whose samples all miss its crest by 45°:

    >>> sine = np.sin(np.pi / 2 * np.arange(48_000) + np.pi / 4)
    >>> fade = np.hanning(sine.size)
    >>> meter = TruePeakMeter(channels=1, sample_rate=48_000)
    >>> meter.update((sine * fade)[np.newaxis])
    >>> abs(round(meter.dbtp(), 2))
    0.0
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        if channels < 1:
            raise ValueError(f"a signal has at least 1 channel, not {channels}")
        if sample_rate < _MIN_RATE:
            raise ValueError(f"true peak needs a sample rate of at least {_MIN_RATE} Hz, not {sample_rate}")
        self.channels = channels
        self.sample_rate = sample_rate
        self._interpolator = interpolator(math.ceil(_OVERSAMPLED_RATE / sample_rate))
        self._pending = np.zeros((channels, _TAPS - 1))  # the silence before the start
        self._peak = 0.0

    def update(self, block: NDArray[np.floating[Any]]) -> None:
        """Takes the signal's next samples.

        Args:
            block: Floating-point samples, full scale ±1, of shape `(channels, samples)`. The work takes some
                70 bytes for each sample, so a long signal should come in blocks of seconds.

        Raises:
            ValueError: If the block is not floating-point, has another shape or a sample that is not finite.
        """
        samples = np.concatenate([self._pending, as_block(block, self.channels)], axis=1)
        self._peak = max(self._peak, self._complete_frames_peak(samples))
        interpolated = (samples.shape[1] - (_TAPS - 1)) // _HOP * _HOP
        self._pending = samples[:, interpolated:].copy()  # a view would keep all of `samples`

    def dbtp(self) -> float:
        """True peak of everything so far, in dBTP (dB relative to full scale); -inf for silence."""
        silence = np.zeros((self.channels, _TAPS - 1 + _HOP))
        tail = np.concatenate([self._pending, silence], axis=1)
        return gain_to_db(max(self._peak, self._complete_frames_peak(tail)))

    def _complete_frames_peak(self, samples: NDArray[np.float64]) -> float:
        """Largest magnitude that the interpolator finds in the complete frames of `(channels, samples)`."""
        frame = len(self._interpolator)
        if samples.shape[1] < frame:
            return 0.0
        frames = np.lib.stride_tricks.sliding_window_view(samples, frame, axis=1)[:, ::_HOP]
        points = frames.reshape(-1, frame) @ self._interpolator
        return float(max(points.max(), -points.min()))


def interpolator(factor: int) -> NDArray[np.float64]:
    """Matrix that a frame of samples is multiplied with to get `factor` points for each sample.

    Each point is the sum of the samples around it, weighted by a sinc in a Kaiser window: the polyphase
    filter of BS.1770-5 Annex 2, with more taps. Every `factor`-th point is a sample itself.

    Returns:
        Array of shape `(frame, hop * factor)`; the frame is longer than the hop by what the filter overlaps.

    >>> interpolator(4).shape
    (79, 128)
    """
    half = _TAPS // 2
    rows = np.arange(_HOP + _TAPS - 1)[:, np.newaxis]
    distance = rows - (half - 1 + np.arange(_HOP * factor) / factor)  # of a sample from a point, in samples
    inside = np.sqrt(np.clip(1.0 - np.square(distance / half), 0.0, None))
    window = np.where(inside > 0.0, np.i0(_KAISER_BETA * inside) / np.i0(_KAISER_BETA), 0.0)
    weights: NDArray[np.float64] = np.sinc(distance) * window
    return weights
