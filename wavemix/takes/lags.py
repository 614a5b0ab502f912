"""Cross-correlations of streams over a range of lags, in memory that does not grow with their length."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

Rows = NDArray[np.float64]
"""`(rows, samples)`."""

_PIECE = 8_192


class LagProducts:
    """The sums over t of a(t) b(t + lag) of every two streams a and b, section by section.

    Args:
        rows: How many streams.
        reach: The largest lag, in either direction.
        sections: Into how many parts the streams are cut, of about one length.
        length: How long the streams will be.
        first_only: Whether the first stream is held against each of the others, and these not against each other.
    """

    def __init__(self, rows: int, reach: int, sections: int, length: int, first_only: bool = False) -> None:
        self._reach, self._sections, self._length = reach, sections, length
        self._firsts = 1 if first_only else rows
        self._size = scipy.fft.next_fast_len(_PIECE + 2 * reach, real=True)
        self._spectra = np.zeros((sections, self._firsts, rows, self._size // 2 + 1), np.complex128)
        self._energies = np.zeros((sections, rows))
        self._waiting = np.zeros((rows, reach))  # begins `reach` before the piece that comes next
        self._taken = 0

    def update(self, streams: Rows) -> None:
        """Take the next samples, `(rows, samples)`."""
        self._waiting = np.concatenate([self._waiting, streams], axis=-1)
        while self._waiting.shape[-1] >= _PIECE + 2 * self._reach:
            section = min(self._sections - 1, self._taken * self._sections // self._length)
            pieces = self._waiting[:, self._reach : self._reach + _PIECE]
            # A piece of each against all of the others within reach of it; the earlier rows follow by symmetry.
            wide = scipy.fft.rfft(self._waiting[:, : _PIECE + 2 * self._reach], self._size)
            for row, spectrum in enumerate(scipy.fft.rfft(pieces[: self._firsts], self._size).conj()):
                self._spectra[section, row, row:] += spectrum * wide[row:]
            self._energies[section] += np.square(pieces).sum(axis=-1)
            self._waiting = self._waiting[:, _PIECE:]
            self._taken += _PIECE

    def products(self) -> Rows:
        """Sums of each section of the streams, which have ended: `(sections, rows, rows, lags)`, lag 0 in the middle.

        A peak right of the middle says that the second stream is late.
        """
        while self._taken < self._length:
            self.update(np.zeros((self._waiting.shape[0], _PIECE)))
        sums: Rows = scipy.fft.irfft(self._spectra, self._size)[..., : 2 * self._reach + 1]
        for row in range(1, self._firsts):
            sums[:, row, :row] = sums[:, :row, row, ::-1]
        return sums

    def energies(self) -> Rows:
        """The energy of each stream in each section, `(sections, rows)`."""
        return self._energies
