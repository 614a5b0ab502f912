"""How far a mix is from another by what its production sounds like, whatever the waveforms.

A waveform distance rewards the plain sum, since any processing moves phases and levels; these do not. Both mixes are
brought to one RMS level first. Mid is (L + R) / 2, side (L - R) / 2.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from wavemix.dsp.levels import gain_to_db
from wavemix.metrics.reference import imbalance, width
from wavemix.metrics.stft import mid_side, power_spectra

RMS = 0.1
"""What both are brought to."""

WINDOW_SAMPLES, HOP_SAMPLES = 2048, 1024
BANDS = 48
LOWEST_BIN, HIGHEST_BIN = 2, 1024
FLOOR, MEAN_FLOOR = 1e-6, 1e-7
"""Least power of a band, in one spectrum and in the mean of all."""

Audio = NDArray[np.floating[Any]]
"""Samples as `(channels, samples)`."""


@dataclass(frozen=True)
class ProductionDistances:
    """Distances of a mix from a reference; 0 is best in each.

    Attributes:
        crest_db: Difference of the crest factors (peak over RMS).
        width: Difference of side power over mid power.
        imbalance: Difference of `|E_L - E_R| / (E_L + E_R)`.
        ltas_mid_db: Mean difference of the long-time average spectra of mid, in 48 bands.
        ltas_side_db: Mean difference of the long-time average spectra of side, in 48 bands.
        log_spectral_db: Mean difference of the spectra over time, bands, mid and side.
    """

    crest_db: float
    width: float
    imbalance: float
    ltas_mid_db: float
    ltas_side_db: float
    log_spectral_db: float


def production_distances(mix: Audio, reference: Audio) -> ProductionDistances:
    """All distances of a mix from a reference.

    Args:
        mix: `(1 or 2, samples)`; mono counts as twice the same. Cut, or filled with silence, to the reference's length.
        reference: `(1 or 2, samples)`, at the mix's sample rate.

    Raises:
        ValueError: If either has no or more than two channels, or is silent.
    """
    samples = reference.shape[-1]
    mixed, wanted = _levelled(_fitted(_stereo(mix), samples)), _levelled(_stereo(reference))
    spectra, wanted_spectra = _band_powers(mixed), _band_powers(wanted)  # (2, frames, bands)
    means, wanted_means = (_decibels(powers.mean(axis=1), MEAN_FLOOR) for powers in (spectra, wanted_spectra))
    ltas = np.abs(means - wanted_means).mean(axis=1)

    def difference(measure: Callable[[Audio], float]) -> float:
        return abs(measure(mixed) - measure(wanted))

    return ProductionDistances(
        crest_db=difference(_crest_db),
        width=difference(width),
        imbalance=abs(abs(imbalance(mixed)) - abs(imbalance(wanted))),
        ltas_mid_db=float(ltas[0]),
        ltas_side_db=float(ltas[1]),
        log_spectral_db=float(np.abs(_decibels(spectra, FLOOR) - _decibels(wanted_spectra, FLOOR)).mean()),
    )


def production_or_none(mix: Audio, reference: Audio) -> ProductionDistances | None:
    """What `production_distances` gives; None where either is silent, and there is nothing to compare.

    Raises:
        ValueError: If either has no or more than two channels.
    """
    return production_distances(mix, reference) if mix.any() and reference.any() else None


def _stereo(audio: Audio) -> NDArray[np.float32]:
    if audio.ndim != 2 or len(audio) not in (1, 2):
        raise ValueError(f"a mix must be (1 or 2, samples), not {audio.shape}")
    return np.broadcast_to(audio, (2, audio.shape[1])).astype(np.float32)


def _fitted(stereo: NDArray[np.float32], samples: int) -> NDArray[np.float32]:
    kept = stereo[:, :samples]
    return np.pad(kept, ((0, 0), (0, samples - kept.shape[1])))


def _levelled(stereo: NDArray[np.float32]) -> NDArray[np.float32]:
    rms = math.sqrt(float(np.square(stereo, dtype=np.float64).mean()))
    if rms == 0:
        raise ValueError("a silent mix has no production")
    return stereo * np.float32(RMS / rms)


def _crest_db(stereo: Audio) -> float:
    return gain_to_db(float(np.abs(stereo).max()) / math.sqrt(float(np.square(stereo, dtype=np.float64).mean())))


def _band_powers(stereo: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean power of the bins of each band, of mid and side, `(2, frames, bands)`.

    Bins are summed piece by piece: those of a whole song would take 20 MB a minute.
    """
    window = torch.hann_window(WINDOW_SAMPLES)
    edges = _band_edges()
    halves = mid_side(torch.from_numpy(stereo)) / 2
    sums = [
        np.add.reduceat(power.numpy()[..., :HIGHEST_BIN], edges[:-1], axis=-1, dtype=np.float64)
        for power in power_spectra(halves, window, HOP_SAMPLES)
    ]
    bands: NDArray[np.float64] = np.concatenate(sums, axis=1) / np.diff(edges)
    return bands


def _band_edges() -> NDArray[np.int64]:
    """First bin of each band, and the end of the last: geometric, but where that would leave a band without a bin.

    >>> len(_band_edges()), _band_edges()[:4].tolist(), int(_band_edges()[-1])
    (49, [2, 3, 4, 5], 1024)
    """
    edges = np.geomspace(LOWEST_BIN, HIGHEST_BIN, BANDS + 1).round().astype(np.int64)
    steps = np.arange(BANDS + 1)
    return np.maximum.accumulate(edges - steps) + steps


def _decibels(powers: NDArray[np.float64], floor: float) -> NDArray[np.float64]:
    decibels: NDArray[np.float64] = 10 * np.log10(powers + floor)
    return decibels
