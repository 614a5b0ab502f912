"""Where a track's phrases are, and what lies between them, by levels that the track itself sets.

A phrase is built around its core: what is loud, or has a pitch. It keeps what leads to it and what rings after it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

from wavemix.takes.frames import FRAME_SECONDS, NO_FRAMES, SILENT_DB, Frames, Levels

Mask = NDArray[np.bool_]

AUDIBLE_DB = -110.0
HIGHEST_DB = 20.0


class LevelCounts:
    """How often a level was met, in steps of 1 dB."""

    def __init__(self) -> None:
        self._edges = np.arange(SILENT_DB, HIGHEST_DB + 1)
        self._counts = np.zeros(len(self._edges) - 1, np.int64)

    def update(self, levels: Levels) -> None:
        """Count more."""
        self._counts += np.histogram(np.clip(levels, SILENT_DB, HIGHEST_DB), self._edges)[0]

    def quantile(self, part: float, above_db: float = AUDIBLE_DB) -> float:
        """The level that a part of those above one stays below; silence if there is none."""
        counts = np.where(self._edges[:-1] >= above_db, self._counts, 0)
        if not counts.any():
            return SILENT_DB
        return float(self._edges[np.searchsorted(np.cumsum(counts), part * counts.sum())])


def loudness_of_phrases(counts: LevelCounts) -> float:
    """How loud a track is where it plays, dBFS: the median within 30 dB of its loudest; silence if it never does."""
    return counts.quantile(0.5, max(AUDIBLE_DB, counts.quantile(0.999) - 30.0))


@dataclass(frozen=True)
class Shape:
    """What a phrase keeps around its core, in seconds.

    Attributes:
        bridged: Cores so near to each other are one phrase.
        shortest: A core that is shorter is none.
        lead: How far before the core it may begin, while it is audible.
        tail: How far after the core it may end, while it is audible.
        margin: What is kept before and after that.
    """

    bridged: float = 0.15
    shortest: float = 0.04
    lead: float = 0.12
    tail: float = 0.5
    margin: float = 0.03


CONTEXT_FRAMES = 150
"""What a mask depends on, before and after a frame, is no further away."""

LONGEST_FRAMES = 3_000


def phrases(core: Mask, audible: Mask, shape: Shape) -> Mask:
    """The frames of phrases, given those of their cores and those that belong to a phrase if they touch one."""
    bridged = _closed(core, _frames(shape.bridged))
    kept = scipy.ndimage.binary_opening(bridged, np.ones(_frames(shape.shortest)))
    out: Mask = kept.copy()
    grown_lead = grown_tail = kept
    for step in range(max(_frames(shape.lead), _frames(shape.tail))):
        if step < _frames(shape.lead):
            grown_lead = grown_lead | (np.append(grown_lead[1:], False) & audible)
        if step < _frames(shape.tail):
            grown_tail = grown_tail | (np.append(False, grown_tail[:-1]) & audible)
    out |= grown_lead | grown_tail
    with_margin: Mask = scipy.ndimage.binary_dilation(out, np.ones(2 * _frames(shape.margin) + 1))
    return with_margin


def runs(mask: Mask) -> list[tuple[int, int]]:
    """First frame of each run of true ones, and the one after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def closed_runs(mask: Mask, hole_seconds: float) -> list[tuple[int, int]]:
    """The runs of a mask, once holes so short are filled."""
    return runs(_closed(mask, _frames(hole_seconds)))


def between_phrases(frames: Iterable[Frames], find: Callable[[Frames], Mask]) -> Iterator[tuple[int, Frames]]:
    """What lies between phrases, piece by piece: its first frame's number, and its frames; none is very long.

    Args:
        frames: A track's.
        find: Finds the phrases among frames.
    """
    held, first, done = NO_FRAMES, 0, 0  # `held` begins with frame `first`; those before `done` were given
    for more in frames:
        held = held + more
        if len(held) - (done - first) < LONGEST_FRAMES:
            continue
        mask = find(held)
        end = len(held) - CONTEXT_FRAMES
        sung = np.flatnonzero(mask[done - first : end])
        end = done - first + int(sung[-1]) + 1 if len(sung) else end
        yield from _pieces(held, first, done, end, mask)
        done = first + end
        cut = max(0, end - CONTEXT_FRAMES)
        held, first = held[cut:], first + cut
    if len(held):
        yield from _pieces(held, first, done, len(held), find(held))


def _pieces(held: Frames, first: int, done: int, end: int, mask: Mask) -> Iterator[tuple[int, Frames]]:
    for low, high in runs(~mask[done - first : end]):
        yield done + low, held[done - first + low : done - first + high]


def _closed(mask: Mask, holes: int) -> Mask:
    """With holes of up to so many frames filled."""
    padded = np.pad(mask, holes)
    closed: Mask = scipy.ndimage.binary_closing(padded, np.ones(holes + 1))[holes : len(padded) - holes]
    return closed | mask


def _frames(seconds: float) -> int:
    return max(1, round(seconds / FRAME_SECONDS))
