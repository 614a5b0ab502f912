"""How raw tracks lie against the stem that was mixed from them: lag, polarity, and whether they match at all.

A track is one of several in its stem, and often not the loudest, so that the peak of its own correlation with
the stem may be another track's doing. All tracks are therefore fitted together: the stem is taken as a sum of the
tracks, each with a gain and a lag of its own, and a track's lag is where it correlates best with what the others
leave of the stem. The fit is matching pursuit (Mallat & Zhang 1993) with orthogonal gains, then refined track by
track until no lag changes.

It is made on first differences, 6 dB an octave brighter. Signals as they are correlate by their bass, whose phase
every equaliser turns: where a kick drum and a bass guitar were equalised and not delayed, the plain maximum was up to
223 samples off and upside down. Of 39 equalised, undelayed mixes of real stems it called 22 late or inverted, the
differences' maximum 3.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import scipy.fft
from numpy.typing import NDArray

_Sample = TypeVar("_Sample", bound=np.floating[Any])

MAX_LAG_SAMPLES = 2_000
"""45 ms at 44.1 kHz: more than any plug-in's latency, less than a beat."""

CLEAR_CORRELATION = 0.15
"""Correlation from which a track's peak is believed. Fainter tracks share the lag of a clear one: on rendered
multitracks, where the lags of plug-ins are known, peaks below 0.1 were often chance, those above 0.15 mostly right."""

_FFT_SAMPLES = 32_768
_REFINEMENTS = 5  # two or three are enough as a rule


@dataclass(frozen=True)
class TrackAlignment:
    """How one track lies against its stem.

    Attributes:
        lag_samples: By how many samples the stem lags behind the track.
        polarity: 1, or -1 where the stem holds the track upside down.
        correlation: Correlation of the aligned track with what the other tracks leave of the stem, as differences.
    """

    lag_samples: int
    polarity: int
    correlation: float


@dataclass(frozen=True)
class GroupAlignment:
    """How the tracks of one stem lie against it.

    Attributes:
        tracks: Each track, in order.
        correlation: Correlation of the plain sum of the aligned tracks with the stem, as they sound.
    """

    tracks: tuple[TrackAlignment, ...]
    correlation: float


def align(
    tracks: Sequence[NDArray[np.floating[Any]]],
    stem: NDArray[np.floating[Any]],
    max_lag_samples: int = MAX_LAG_SAMPLES,
) -> GroupAlignment:
    """Find the lag and the polarity of every track of a stem.

    Args:
        tracks: The raw tracks, each `(samples,)`.
        stem: What was mixed from them, `(samples,)`.
        max_lag_samples: The largest lag to consider, in either direction.

    Raises:
        ValueError: If there is no track, or they are not all of the stem's shape.

    >>> noise = np.random.default_rng(0).standard_normal((2, 8_000))
    >>> stem = np.roll(noise[0], 100) - 0.5 * np.roll(noise[1], 7)
    >>> [(track.lag_samples, track.polarity) for track in align(list(noise), stem).tracks]
    [(100, 1), (7, -1)]
    """
    if not tracks or stem.ndim != 1 or any(track.shape != stem.shape for track in tracks):
        raise ValueError("tracks and stem must be of one shape, (samples,), and at least one track")
    products = _Products([np.diff(track) for track in tracks], np.diff(stem), max_lag_samples)
    lags = _fit(products)
    peaks = {track: products.peak(track, _without(lags, track)) for track in lags}
    clear = {track: peaks[track].lag for track in lags if abs(peaks[track].correlation) >= CLEAR_CORRELATION}
    for track in lags.keys() - clear.keys():
        peaks[track] = products.best_of({0, *clear.values()}, track, clear)
    aligned = tuple(
        TrackAlignment(peak.lag, -1 if peak.correlation < 0 else 1, abs(peak.correlation))
        if track in clear
        else TrackAlignment(peak.lag, 1, max(0.0, peak.correlation))
        for track, peak in sorted(peaks.items())
    )
    moved = (track.polarity * delayed(block, track.lag_samples) for track, block in zip(aligned, tracks, strict=True))
    return GroupAlignment(aligned, _correlation(np.sum(list(moved), axis=0), stem))


def delayed(block: NDArray[_Sample], samples: int) -> NDArray[_Sample]:
    """A block, `(..., samples)`, moved to the right (to the left if negative) within its length; silence enters.

    >>> delayed(np.array([[1, 2, 3]], np.float32), -1)
    array([[2., 3., 0.]], dtype=float32)
    """
    out = np.zeros_like(block)
    length = max(0, block.shape[-1] - abs(samples))
    target, source = max(0, samples), max(0, -samples)
    out[..., target : target + length] = block[..., source : source + length]
    return out


@dataclass(frozen=True)
class _Peak:
    """A lag, how much of the stem's energy the track explains there, and the correlation with the rest of it."""

    lag: int
    explained: float
    correlation: float


class _Products:
    """Inner products of the tracks with each other and with the stem, for every lag.

    They are all that the fit needs: the samples are read once, whatever the number of lags and passes.
    """

    def __init__(
        self, tracks: Sequence[NDArray[np.floating[Any]]], stem: NDArray[np.floating[Any]], max_lag: int
    ) -> None:
        self.count, self._max_lag = len(tracks), max_lag
        self._zero = 2 * max_lag  # two tracks may be apart by twice the largest lag
        products = _cross_correlations([*tracks, stem], self._zero)
        self._between, self._stem = products[:-1, :-1], products[:-1, -1]
        self._energies = np.array([self._between[track, track, self._zero] for track in range(self.count)])
        self._stem_energy = float(products[-1, -1, self._zero])

    def peak(self, track: int, others: dict[int, int]) -> _Peak:
        """Where a track correlates best with what the others, at their lags, leave of the stem."""
        return self._at(track, others, np.arange(-self._max_lag, self._max_lag + 1), either_polarity=True)

    def best_of(self, lags: Iterable[int], track: int, others: dict[int, int]) -> _Peak:
        """The best of a few lags, without turning the polarity."""
        return self._at(track, others, np.array(sorted(lags, key=abs)), either_polarity=False)

    def _at(self, track: int, others: dict[int, int], lags: NDArray[np.int_], either_polarity: bool) -> _Peak:
        energy, rest = float(self._energies[track]), self._stem_energy
        left = self._stem[track, lags + self._zero].copy()
        if others:
            gains = np.linalg.lstsq(self._gram(others), self._with_stem(others), rcond=1e-9)[0]
            rest -= float(gains @ self._with_stem(others))
            for (other, lag), gain in zip(others.items(), gains, strict=True):
                left -= gain * self._between[track, other, lags - lag + self._zero]
        best = int(np.argmax(np.abs(left) if either_polarity else left))
        if energy <= 0 or rest <= 0:
            return _Peak(0, 0.0, 0.0)
        return _Peak(int(lags[best]), float(left[best]) ** 2 / energy, float(left[best]) / math.sqrt(energy * rest))

    def _gram(self, lags: dict[int, int]) -> NDArray[np.float64]:
        tracks, shifts = list(lags), np.array(list(lags.values()))
        rows = [self._between[track, tracks, lag - shifts + self._zero] for track, lag in lags.items()]
        return np.array(rows)

    def _with_stem(self, lags: dict[int, int]) -> NDArray[np.float64]:
        return np.array([self._stem[track, lag + self._zero] for track, lag in lags.items()])


def _fit(products: _Products) -> dict[int, int]:
    """The lag of every track; the tracks that explain most of the stem come first."""
    lags: dict[int, int] = {}
    while len(lags) < products.count:
        peaks = {track: products.peak(track, lags) for track in range(products.count) if track not in lags}
        strongest = max(peaks, key=lambda track: peaks[track].explained)
        lags[strongest] = peaks[strongest].lag
    for _ in range(_REFINEMENTS):
        before = dict(lags)
        for track in lags:
            lags[track] = products.peak(track, _without(lags, track)).lag
        if lags == before:
            break
    return lags


def _without(lags: dict[int, int], track: int) -> dict[int, int]:
    return {other: lag for other, lag in lags.items() if other != track}


def _correlation(first: NDArray[np.floating[Any]], second: NDArray[np.floating[Any]]) -> float:
    energy = float(np.vdot(first, first)) * float(np.vdot(second, second))
    return float(np.vdot(first, second)) / math.sqrt(energy) if energy > 0 else 0.0


def _cross_correlations(signals: Sequence[NDArray[np.floating[Any]]], reach: int) -> NDArray[np.float64]:
    """The sums over t of a(t)·b(t + lag) for every pair of signals.

    Spectra of short pieces are multiplied and added up, so that memory does not grow with the length.

    Returns:
        Array of shape `(signals, signals, 2 * reach + 1)`; the lag 0 is in the middle.
    """
    size = max(_FFT_SAMPLES, scipy.fft.next_fast_len(4 * reach, real=True))
    hop, count = size - 2 * reach, len(signals)
    padded = [np.pad(signal, (reach, reach + hop)).astype(np.float64) for signal in signals]
    spectra = np.zeros((count, count, size // 2 + 1), np.complex128)
    for start in range(0, len(signals[0]), hop):
        wide = np.stack([scipy.fft.rfft(signal[start : start + size], size) for signal in padded])
        pieces = [signal[start + reach : start + reach + hop] for signal in padded]
        for first, piece in enumerate(pieces):
            # A piece against everything within reach of it; the earlier rows follow by symmetry.
            spectra[first, first:] += scipy.fft.rfft(piece, size).conj() * wide[first:]
    products: NDArray[np.float64] = scipy.fft.irfft(spectra, size)[:, :, : 2 * reach + 1]
    for first in range(count):
        products[first + 1 :, first] = products[first, first + 1 :, ::-1]
    return products
