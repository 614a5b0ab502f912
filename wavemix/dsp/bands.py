"""Inner products of signals in a few bands of frequency, of a stream and in memory that does not grow with it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

BANDS = {"lows": 0.0, "low mids": 120.0, "mids": 500.0, "presence": 2000.0, "air": 6000.0}
"""Names of the bands and where each begins, in Hz; the last one ends at half the sample rate."""

SPAN_SAMPLES = 1 << 15
"""Samples that are transformed at a time: a few Hz can be told apart at any usual rate."""

Products = NDArray[np.float64]


class BandProducts:
    """Adds up the inner products of the rows of a stream in each band, however the stream is cut into blocks.

    Spans that do not overlap are transformed without a window, so that by Parseval's theorem the bands of a product
    add up to that of the samples.

    Args:
        rate: In Hz.
        rows: Number of signals.

    >>> products = BandProducts(8000, 2)
    >>> signals = np.sin(np.outer([1, 2], np.arange(50_000)))
    >>> products.update(signals)
    >>> np.allclose(products.read().sum(axis=0), signals @ signals.T)
    True
    """

    def __init__(self, rate: int, rows: int) -> None:
        bins = np.arange(SPAN_SAMPLES // 2 + 1) * rate / SPAN_SAMPLES
        edges = [int(np.searchsorted(bins, hertz)) for hertz in BANDS.values()]
        self._bands = [slice(*band) for band in zip(edges, [*edges[1:], len(bins)], strict=True)]
        self._scale = np.full(len(bins), np.sqrt(2 / SPAN_SAMPLES))
        self._scale[[0, -1]] /= np.sqrt(2)  # the only ones that stand for themselves alone
        self._pending = np.zeros((rows, 0))
        self._products = np.zeros((len(BANDS), rows, rows))

    def update(self, block: NDArray[np.floating[Any]]) -> None:
        """Take the next samples, `(rows, samples)`."""
        samples = np.concatenate([self._pending, block], axis=1, dtype=np.float64)
        spans, left = divmod(samples.shape[1], SPAN_SAMPLES)
        for start in range(0, spans * SPAN_SAMPLES, SPAN_SAMPLES):
            self._products += self._of(samples[:, start : start + SPAN_SAMPLES])
        self._pending = samples[:, samples.shape[1] - left :].copy()

    def read(self) -> Products:
        """The products of all so far, `(bands, rows, rows)`, in the order of `BANDS`."""
        return self._products + self._of(self._pending) if self._pending.shape[1] else self._products.copy()

    def _of(self, span: NDArray[np.float64]) -> Products:
        spectrum = rfft(span, n=SPAN_SAMPLES) * self._scale
        parts = (np.concatenate([spectrum.real[:, band], spectrum.imag[:, band]], axis=1) for band in self._bands)
        return np.stack([part @ part.T for part in parts])
