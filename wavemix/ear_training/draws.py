"""Which sounds a step learns from: every group, role and kind of sound in its turn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from wavemix.ear_training.cache import Cache, Row
from wavemix.ear_training.phrases import Thing
from wavemix.ear_training.variation import varied
from wavemix.recognition.classes import CLASSES
from wavemix.recognition.features import SEGMENT_FRAMES, Frames, heard, segments
from wavemix.session.groups import GROUPS

UNKNOWN = -1
"""Class of a sound whose group alone is known."""

GROUP_WEIGHTS = {"drums": 0.3, "bass": 0.17, "vocals": 0.2, "other": 0.33}
ROLE_WEIGHTS = {
    ("drums", "kit"): 2.0,
    ("drums", "kick"): 1.3,
    ("drums", "snare"): 1.6,
    ("drums", "hihat"): 1.5,
    ("drums", "percussion"): 0.8,
    ("drums", "overhead"): 0.6,
    ("drums", "room"): 0.4,
    ("bass", "bass"): 3.0,
    ("bass", "sub"): 0.6,
    ("vocals", "lead"): 2.0,
    ("other", "electric-guitar"): 1.5,
}
"""How much oftener than the others of its group a role is heard: as sessions have them, roughly."""

KIND_WEIGHTS = {"songs": 5.0}
"""How much oftener than the others a kind of sound is heard: real tracks are what is to be recognised."""

_SAME_TO_THE_EAR = {("vocals", "double"): ("vocals", "lead")}


@dataclass(frozen=True)
class Batch:
    """Some tracks.

    Attributes:
        frames: As the network reads them, `(batch, segments, frames, bands)`.
        classes: The class of each, `UNKNOWN` where only the group is known.
        groups: The group of each.
    """

    frames: NDArray[np.float32]
    classes: NDArray[np.int64]
    groups: NDArray[np.int64]


def class_of(row: Row) -> int:
    """The class of a sound."""
    named = (row.group, row.role)
    named = _SAME_TO_THE_EAR.get(named, named)
    return CLASSES.index(named) if named in CLASSES else UNKNOWN


class Draws:
    """Draws varied tracks.

    Args:
        cache: The sounds.
        rows: Those to draw from.
    """

    def __init__(self, cache: Cache, rows: Sequence[Row]) -> None:
        self._cache = cache
        tree: dict[str, dict[int, dict[str, list[Row]]]] = {}
        for row in rows:
            of_role = tree.setdefault(row.group, {}).setdefault(class_of(row), {})
            of_role.setdefault(row.kind, []).append(row)
        self._tree = tree
        self._groups = [group for group in GROUPS if group in tree]
        weights = np.array([GROUP_WEIGHTS[group] for group in self._groups])
        self._weights = weights / weights.sum()

    def batch(self, tracks: int, count: int, rng: Generator) -> Batch:
        """So many tracks of so many segments each."""
        rows = [self._row(rng) for _ in range(tracks)]
        frames = [self._bag(row, count, rng) for row in rows]
        others = [frames[(i + 1) % tracks] for i in range(tracks)]
        bags = [segments(heard(varied(a, b, rng))) for a, b in zip(frames, others, strict=True)]
        return Batch(
            np.stack(bags),
            np.array([class_of(row) for row in rows]),
            np.array([list(GROUPS).index(row.group) for row in rows]),
        )

    def _row(self, rng: Generator) -> Row:
        roles = self._tree[self._groups[int(rng.choice(len(self._groups), p=self._weights))]]
        kinds = roles[_drawn(list(roles), [_role_weight(number) for number in roles], rng)]
        rows = kinds[_drawn(list(kinds), [KIND_WEIGHTS.get(kind, 1.0) for kind in kinds], rng)]
        return rows[int(rng.integers(len(rows)))]

    def _bag(self, row: Row, count: int, rng: Generator) -> Frames:
        """Segments from anywhere in a sound, one after the other, the loudest band at 0 dB."""
        starts = rng.integers(0, max(1, row.frames - SEGMENT_FRAMES + 1), count)
        parts = [self._cache.frames(row, int(start), min(SEGMENT_FRAMES, row.frames)) for start in np.sort(starts)]
        frames = np.concatenate([np.resize(part, (SEGMENT_FRAMES, part.shape[1])) for part in parts])
        return np.asarray(frames - frames.max())


def _role_weight(number: int) -> float:
    return 1.0 if number == UNKNOWN else ROLE_WEIGHTS.get(CLASSES[number], 1.0)


def _drawn(things: Sequence[Thing], weights: Sequence[float], rng: Generator) -> Thing:
    """One of some things, each as likely as its weight."""
    return things[int(rng.choice(len(things), p=np.array(weights) / sum(weights)))]


def whole(cache: Cache, row: Row) -> NDArray[np.float32]:
    """A sound as the recogniser would hear it, `(1, segments, frames, bands)`."""
    return segments(heard(cache.frames(row)))[None]
