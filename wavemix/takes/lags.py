"""Cross-correlations of streams over a range of lags, in memory that does not grow with their length."""

import numpy as np
import scipy.fft
import scipy.ndimage
from numpy.typing import NDArray

Rows = NDArray[np.float64]
"""`(rows, samples)`."""

_PIECE = 32_768
_SMOOTHED_BINS = 41


class LagProducts:
    """The sums over t of a(t) b(t + lag) of a few rows of one stream with those of others.

    Args:
        others: How many streams there are beside the first.
        rows: Rows of each.
        reach: The largest lag, in either direction.
    """

    def __init__(self, others: int, rows: int, reach: int) -> None:
        self._reach = reach
        self._size = scipy.fft.next_fast_len(_PIECE + 2 * reach, real=True)
        self._spectra = np.zeros((others, rows, self._size // 2 + 1), np.complex128)
        self._first = np.zeros((rows, reach))  # begins `reach` before the piece that comes next
        self._others = np.zeros((others, rows, 0))  # begins with it
        self._first_energy, self._energies = np.zeros(rows), np.zeros((others, rows))

    def update(self, first: Rows, others: Rows) -> None:
        """Take the next samples: `(rows, samples)` of the first stream, `(others, rows, samples)` of the others."""
        self._first_energy += np.square(first).sum(axis=-1)
        self._energies += np.square(others).sum(axis=-1)
        self._take(first, others)

    def correlations(self) -> Rows:
        """How the streams, now that they have ended, correlate: `(others, rows, 2 * reach + 1)`, lag 0 in the middle.

        A peak right of the middle says that the first stream is early, and the other late.
        """
        self._end()
        products: Rows = scipy.fft.irfft(self._spectra, self._size)[..., : 2 * self._reach + 1]
        energy = np.sqrt(self._energies * self._first_energy)[..., np.newaxis]
        late_first = products[..., ::-1]
        return np.divide(late_first, energy, out=np.zeros_like(products), where=energy > 0)

    def whitened(self, row: int, low: float, high: float) -> Rows:
        """How a row of the streams, now ended, correlates if all frequencies count alike: `(others, lags)`.

        That is the generalised cross-correlation with phase transform (Knapp and Carter, "The generalized correlation
        method for estimation of time delay", 1976): what arrives as it was sent makes one narrow peak, of height 1
        without anything else.

        Args:
            row: The row.
            low: The lowest frequency to count, in cycles a sample.
            high: The highest.
        """
        self._end()
        spectra = self._spectra[:, row]
        frequency = np.arange(spectra.shape[-1]) / self._size
        band = (frequency >= low) & (frequency <= high)
        height = scipy.ndimage.uniform_filter1d(np.abs(spectra), _SMOOTHED_BINS, axis=-1)
        flat = np.divide(spectra, height, out=np.zeros_like(spectra), where=(height > 0) & band)
        peaks: Rows = scipy.fft.irfft(flat, self._size)[:, : 2 * self._reach + 1][:, ::-1]
        scaled: Rows = peaks * (self._size / (2 * max(1, int(np.count_nonzero(band)))))
        return scaled

    def _end(self) -> None:
        """Take what still waits."""
        if behind := self._others.shape[-1]:
            pad = (-behind) % _PIECE + self._reach
            self._take(np.zeros((len(self._first), pad)), np.zeros((*self._others.shape[:-1], pad)))
            self._others = self._others[..., :0]

    def _take(self, first: Rows, others: Rows) -> None:
        self._first = np.concatenate([self._first, first], axis=-1)
        self._others = np.concatenate([self._others, others], axis=-1)
        while self._first.shape[-1] >= _PIECE + 2 * self._reach:
            # A piece of each of the others against all of the first within reach of it.
            wide = scipy.fft.rfft(self._first[:, : _PIECE + 2 * self._reach], self._size)
            self._spectra += scipy.fft.rfft(self._others[..., :_PIECE], self._size).conj() * wide
            self._first, self._others = self._first[:, _PIECE:], self._others[..., _PIECE:]
