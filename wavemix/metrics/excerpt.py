"""The excerpt by which mixes of a song are compared: its busiest 15 seconds, all mixes equally loud."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.levels import db_to_gain, gain_to_db, gain_to_loudness
from wavemix.dsp.loudness import metered
from wavemix.metrics.levels import measure_levels

EXCERPT_SECONDS = 15.0
EXCERPT_LUFS = -14.0
CEILING_DBTP = -1.0

LEAST_ACTIVE_LUFS = -60.0
ACTIVE_RANGE_LU = 30.0
"""A track is active where its momentary loudness is above both -60 LUFS and 30 LU below its integrated one."""

COUNT_TOLERANCE = 0.25
"""Windows whose mean count of active tracks is this near to the largest are as good; the loudest of them is taken."""

_HOP_SECONDS = 0.1
_MOMENTARY_HOPS = 4

Audio = NDArray[np.floating[Any]]
"""Samples as `(channels, samples)`."""


@dataclass(frozen=True)
class Window:
    """A part of a song.

    Attributes:
        start_seconds: Where it begins.
        seconds: How long it is.
        active_tracks: How many tracks are active in it, on average over time.
    """

    start_seconds: float
    seconds: float
    active_tracks: float


def choose_window(tracks: Sequence[Audio], rate: int, seconds: float = EXCERPT_SECONDS) -> Window:
    """The window in which most tracks are active, and of several such ones the loudest.

    Windows begin at multiples of 0.1 s. Loudness is the K-weighted mean power of the tracks' plain sum (a stereo
    track folded to mono) over the window. A song that is shorter than the window is taken whole.

    Args:
        tracks: The song's raw tracks, each `(channels, samples)`, all of one length.
        rate: In Hz.
        seconds: Length of the window.

    Raises:
        ValueError: If there is no track, or their lengths differ.
    """
    if len({track.shape[1] for track in tracks}) != 1:
        raise ValueError("tracks must be one or more, all of one length")
    folded = [track.mean(axis=0, keepdims=True) for track in tracks]
    count = np.sum([_active(track, rate) for track in folded], axis=0)
    length = tracks[0].shape[1] / rate
    blocks = round(seconds / _HOP_SECONDS) - _MOMENTARY_HOPS + 1
    if length <= seconds or blocks < 1 or len(count) < blocks:
        return Window(0.0, length if length <= seconds else seconds, float(np.mean(count)) if len(count) else 0.0)
    counts = _means(count, blocks)
    powers = _means(np.power(10.0, metered(np.sum(folded, axis=0), rate).momentary_lufs() / 10.0), blocks)
    busiest = counts >= counts.max() - COUNT_TOLERANCE
    best = int(np.argmax(np.where(busiest, powers, -1.0)))
    return Window(round(best * _HOP_SECONDS, 1), seconds, float(counts[best]))


def cut(audio: Audio, rate: int, window: Window) -> Audio:
    """The samples of a window; silence where the signal has ended.

    Args:
        audio: `(channels, samples)`.
        rate: In Hz.
        window: The part to cut out.
    """
    start, samples = round(window.start_seconds * rate), round(window.seconds * rate)
    piece = audio[:, start : start + samples]
    return np.pad(piece, ((0, 0), (0, samples - piece.shape[1])))


def normalise(
    mixes: Mapping[str, Audio], rate: int, loudness_lufs: float = EXCERPT_LUFS, ceiling_dbtp: float = CEILING_DBTP
) -> tuple[dict[str, Audio], float]:
    """Bring excerpts to one loudness by gain alone; if any passes the ceiling, all are lowered together.

    Args:
        mixes: One or more excerpts by name, `(channels, samples)`. One without a loudness (silence) keeps its level.
        rate: In Hz.
        loudness_lufs: Integrated loudness that each shall have.
        ceiling_dbtp: True peak that none may pass.

    Returns:
        The excerpts, and the loudness in LUFS that they have now: what was asked for, or less.
    """
    measured = {name: measure_levels(mix, rate) for name, mix in mixes.items()}
    levels = {name: (found.integrated_lufs, found.true_peak_dbtp) for name, found in measured.items()}
    gains_db, matched_lufs = matching_gains_db(levels, loudness_lufs, ceiling_dbtp)
    return {name: _scaled(mix, gains_db[name]) for name, mix in mixes.items()}, matched_lufs


def matching_gains_db(
    levels: Mapping[str, tuple[float, float]], loudness_lufs: float = EXCERPT_LUFS, ceiling_dbtp: float = CEILING_DBTP
) -> tuple[dict[str, float], float]:
    """The gains in dB that bring signals to one loudness; if any would pass the ceiling, all are lowered together.

    Args:
        levels: Integrated loudness in LUFS and true peak in dBTP of one or more signals, by name. One without a
            loudness (silence) keeps its level.
        loudness_lufs: Integrated loudness that each shall have.
        ceiling_dbtp: True peak that none may pass.

    Returns:
        The gains, and the loudness in LUFS that all have then: what was asked for, or less.

    >>> gains_db, lufs = matching_gains_db({"mix": (-20.0, -3.0), "sum": (-26.0, -12.0)})
    >>> {name: round(gain_db, 3) for name, gain_db in gains_db.items()}, round(lufs, 3)
    ({'mix': 2.0, 'sum': 8.0}, -18.0)
    """
    gains_db = {name: gain_to_db(gain_to_loudness(lufs, loudness_lufs)) for name, (lufs, _) in levels.items()}
    lowered_db = max(0.0, max(dbtp + gains_db[name] - ceiling_dbtp for name, (_, dbtp) in levels.items()))
    return {name: gain_db - lowered_db for name, gain_db in gains_db.items()}, loudness_lufs - lowered_db


def _scaled(audio: Audio, gain_db: float) -> Audio:
    return audio * audio.dtype.type(db_to_gain(gain_db))


def _active(track: Audio, rate: int) -> NDArray[np.bool_]:
    """Whether a track is active in each of its 400 ms blocks."""
    meter = metered(track, rate)
    threshold = max(LEAST_ACTIVE_LUFS, meter.integrated_lufs() - ACTIVE_RANGE_LU)
    return meter.momentary_lufs() > threshold


def _means(values: NDArray[Any], count: int) -> NDArray[np.float64]:
    """Mean of every `count` values in a row."""
    sums = np.cumsum(np.concatenate([[0.0], values]))
    means: NDArray[np.float64] = (sums[count:] - sums[:-count]) / count
    return means
