"""Bring a mix to a reference before the two are compared: time, polarity and loudness."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.alignment import align
from wavemix.dsp.levels import db_to_gain
from wavemix.dsp.loudness import metered
from wavemix.metrics.levels import measure_levels

MAX_LAG_SECONDS = 0.1
"""More than any plug-in's latency or codec's padding; less than a beat."""


@dataclass(frozen=True)
class Match:
    """What was done to a mix.

    Attributes:
        lag_samples: By how much it was moved earlier.
        polarity: What it was multiplied with: 1, or -1 where it was upside down.
        gain_db: What brought it to the reference's integrated loudness; to its RMS where either has no loudness,
            and 0 where either is silent.
    """

    lag_samples: int
    polarity: int
    gain_db: float


def match(
    mix: NDArray[np.floating[Any]],
    reference: NDArray[np.floating[Any]],
    rate: int,
    max_lag_seconds: float = MAX_LAG_SECONDS,
) -> tuple[NDArray[np.floating[Any]], Match]:
    """A mix as it compares with a reference: as late, as loud, the same way up and of its length.

    The lag is where the two, folded to mono, align (`wavemix.dsp.alignment`).
    A mix that does not clearly correlate with the reference stays where it is.

    Args:
        mix: `(channels, samples)`, of any length: what is missing after the move is silence.
        reference: `(channels, samples)`, of as many channels.
        rate: Sample rate of both, in Hz, at least 8000.
        max_lag_seconds: The largest lag to consider, in either direction.

    Raises:
        ValueError: If the channels differ, or the samples or the rate are none that can be measured.

    >>> reference = 0.1 * np.random.default_rng(0).standard_normal((2, 8_000))
    >>> matched, done = match(np.roll(-0.5 * reference, 100, axis=1), reference, rate=8_000)
    >>> done.lag_samples, done.polarity, round(done.gain_db, 1)
    (100, -1, 6.0)
    """
    if len(mix) != len(reference):
        raise ValueError(f"mix and reference must have as many channels, not {len(mix)} and {len(reference)}")
    samples = reference.shape[1]
    found = align([_mono(reference)], _mono(_part(mix, 0, samples)), round(max_lag_seconds * rate)).tracks[0]
    moved = found.polarity * _part(mix, found.lag_samples, samples)
    gain_db = _gain_db(moved, reference, rate)
    return moved * moved.dtype.type(db_to_gain(gain_db)), Match(found.lag_samples, found.polarity, gain_db)


def _mono(audio: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    folded: NDArray[np.float64] = audio.mean(axis=0, dtype=np.float64)
    return folded


def _part(audio: NDArray[np.floating[Any]], start: int, samples: int) -> NDArray[np.floating[Any]]:
    """Samples from `start` on, which may lie before the first; silence where there are none."""
    before = max(0, -start)
    part = audio[:, max(0, start) : max(0, start + samples)]
    return np.pad(part, ((0, 0), (before, samples - before - part.shape[1])))


def _gain_db(mix: NDArray[np.floating[Any]], reference: NDArray[np.floating[Any]], rate: int) -> float:
    gain_db = metered(reference, rate).integrated_lufs() - metered(mix, rate).integrated_lufs()
    if not math.isfinite(gain_db):
        gain_db = measure_levels(reference, rate).rms_dbfs - measure_levels(mix, rate).rms_dbfs
    return gain_db if math.isfinite(gain_db) else 0.0
