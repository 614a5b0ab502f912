"""What a network may add to a mix or take from it: noise where all tracks are silent, dullness, pre-echo."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from wavemix.metrics.stft import power_spectra

SILENT_DBFS = -80.0
"""RMS below which a track is silent."""

SILENCE_SECONDS = 0.1
"""Length of the windows that are silent or not."""

HIGH_HZ = 10_000.0
FFT_SAMPLES, HOP_SAMPLES = 2048, 1024

ONSET_SECONDS = 0.01
ONSET_RISE_DB = 15.0
ONSET_RANGE_DB = 30.0
ONSET_APART_SECONDS = 0.05
"""An onset is where the 10 ms after are 15 dB louder than the 10 ms before, and within 30 dB of the song's loudest."""

_STEP_SECONDS = 0.001

Audio = NDArray[np.floating[Any]]
"""Samples as `(channels, samples)`."""


@dataclass(frozen=True)
class Artefacts:
    """What a mix has that its tracks and its reference do not account for; None where there is nothing to tell it by.

    Attributes:
        noise_floor_dbfs: See `noise_floor_dbfs`.
        high_frequencies_db: See `high_frequencies_db`.
        pre_echo_db: See `pre_echo_db`.
    """

    noise_floor_dbfs: float | None
    high_frequencies_db: float | None
    pre_echo_db: float | None


def find_artefacts(mix: Audio, reference: Audio | None, tracks: Sequence[Audio], rate: int) -> Artefacts:
    """All artefacts of a mix.

    Args:
        mix: Matched with the reference, `(2, samples)`.
        reference: `(2, samples)`; None for the reference itself, and where there is none.
        tracks: The song's raw tracks, one or more, `(channels, samples)` each.
        rate: Sample rate of all, in Hz.
    """
    return Artefacts(
        noise_floor_dbfs(mix, tracks, rate),
        None if reference is None else high_frequencies_db(mix, reference, rate),
        None if reference is None else pre_echo_db(mix, reference, rate),
    )


def noise_floor_dbfs(mix: Audio, tracks: Sequence[Audio], rate: int) -> float | None:
    """RMS of a mix in all windows of 100 ms in which every track is below -80 dBFS; None if there are none.

    It includes what a mix rightly has there, such as the end of a reverberation; -inf for silence.

    >>> silence, noise = np.zeros((1, 8_000)), 0.01 * np.random.default_rng(0).standard_normal((2, 8_000))
    >>> round(noise_floor_dbfs(noise, [silence], 8_000))
    -40
    """
    size = round(SILENCE_SECONDS * rate)
    silent = np.all([_powers(track, size) < 10.0 ** (SILENT_DBFS / 10.0) for track in tracks], axis=0)
    if not silent.any():
        return None
    return _db(float(_powers(mix, size)[silent].mean()))


def high_frequencies_db(mix: Audio, reference: Audio, rate: int) -> float | None:
    """Energy above 10 kHz over the reference's, in dB: below 0 a mix is duller. None where the reference has none.

    >>> noise = np.random.default_rng(0).standard_normal((2, 44_100))
    >>> round(high_frequencies_db(0.1 * noise, noise, 44_100))
    -20
    """
    ours, theirs = (energy_above(signal, rate) for signal in (mix, reference))
    return _db(ours / theirs) if theirs else None


def energy_above(signal: Audio, rate: int) -> float:
    """Energy above 10 kHz, all channels together, in a unit of its own: good for ratios."""
    audio = torch.from_numpy(np.ascontiguousarray(signal, np.float32))
    first = math.ceil(HIGH_HZ / rate * FFT_SAMPLES)
    spectra = power_spectra(audio, torch.hann_window(FFT_SAMPLES), HOP_SAMPLES)
    return sum(float(power[..., first:].double().sum()) for power in spectra)


def pre_echo_db(mix: Audio, reference: Audio, rate: int) -> float | None:
    """How much more a mix has before the reference's onsets than the reference, in dB; None if there are none.

    For each onset it is the energy of the 10 ms before over that of the 10 ms after, over the same of the reference;
    the median of all. Above 0 a mix smears onsets, or is flatter. What is 60 dB below the 10 ms after is not heard,
    and counts as that.

    >>> clicks = np.zeros((1, 44_100))
    >>> clicks[0, 10_000::10_000] = 1.0
    >>> round(pre_echo_db(clicks + 0.1 * np.roll(clicks, -200), clicks, 44_100))
    40
    """
    wanted, found = (_around(signal, rate) for signal in (reference, mix))
    onsets = _onsets(*wanted)
    if not onsets.size:
        return None
    inaudible = 1e-6
    ratios = []
    for before, after in (found, wanted):
        heard = np.maximum(after[onsets], np.finfo(np.float64).tiny / inaudible)
        ratios.append(np.maximum(before[onsets] / heard, inaudible))
    return float(np.median(10.0 * np.log10(ratios[0] / ratios[1])))


def _around(signal: Audio, rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Energy of the 10 ms before and of the 10 ms after every full millisecond that has both."""
    step, steps = round(_STEP_SECONDS * rate), round(ONSET_SECONDS / _STEP_SECONDS)
    energies = np.lib.stride_tricks.sliding_window_view(np.pad(_powers(signal, step), (0, steps)), steps).sum(axis=1)
    return energies[:-steps], energies[steps:]


def _onsets(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.intp]:
    """Places of the onsets: of those in 50 ms the steepest, and of equals the last, which nothing else comes before."""
    if not after.size or not after.max() > 0.0:
        return np.zeros(0, np.intp)
    rise = after / np.maximum(before, after.max() * 1e-12)
    loud = after > after.max() * 10.0 ** (-ONSET_RANGE_DB / 10.0)
    reach = round(ONSET_APART_SECONDS / _STEP_SECONDS)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(rise, reach), 2 * reach + 1).max(axis=1)
    falls = np.append(rise[1:], 0.0) < rise
    return np.flatnonzero(loud & (rise == around) & falls & (rise > 10.0 ** (ONSET_RISE_DB / 10.0)))


def _powers(signal: Audio, size: int) -> NDArray[np.float64]:
    """Mean square over all channels in each complete window."""
    whole = signal[:, : signal.shape[1] // size * size]
    powers: NDArray[np.float64] = np.square(whole, dtype=np.float64).reshape(len(signal), -1, size).mean(axis=(0, 2))
    return powers


def _db(power: float) -> float:
    return 10.0 * math.log10(power) if power > 0.0 else -math.inf
