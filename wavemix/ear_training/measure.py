"""How often the recogniser is right, and how sure it is then, on raw tracks that it has never heard."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.files import probe
from wavemix.cards.recogniser_card import Confusion, Measured
from wavemix.data.plain import PlainSong
from wavemix.recognition.classes import CLASSES
from wavemix.recognition.recogniser import Recogniser
from wavemix.session.groups import GROUPS, OTHER
from wavemix.session.hearing import LEAST_CONFIDENCE, Heard
from wavemix.session.roles import role_told

BINS = 10
"""How many bins the expected calibration error (Guo et al., On calibration of modern neural networks, 2017) has."""

NONE = "not recognised"


@dataclass(frozen=True)
class Judged:
    """A track and what was heard of it.

    Attributes:
        name: The song's name and the file's.
        group: What it is.
        role: Its role, where its name tells one that can be heard; else empty.
        heard: What it sounds like; None for not recognised.
        seconds: For how long a processor worked on that.
    """

    name: str
    group: str
    role: str
    heard: Heard | None
    seconds: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether the group was heard."""
        return self.heard is not None and self.heard.group == self.group

    @property
    def is_placed_right(self) -> bool:
        """Whether a session in which it is called `Audio 01.wav` has it in its group."""
        is_believed = self.heard is not None and self.heard.confidence >= LEAST_CONFIDENCE
        return (self.heard.group if self.heard and is_believed else OTHER.name) == self.group

    @property
    def has_right_role(self) -> bool:
        """Whether the role was heard too."""
        return self.is_right and self.heard is not None and self.heard.role == self.role


@dataclass(frozen=True)
class Judgement:
    """What came of all tracks.

    Attributes:
        tracks: The tracks.
    """

    tracks: tuple[Judged, ...]

    @property
    def group_accuracy(self) -> float:
        """Share of the tracks whose group was heard."""
        return sum(track.is_right for track in self.tracks) / len(self.tracks)

    @property
    def placed_right(self) -> float:
        """Share of the tracks that are in their group though they are called `Audio 01.wav` and so on."""
        return sum(track.is_placed_right for track in self.tracks) / len(self.tracks)

    @property
    def role_accuracy(self) -> float:
        """Share of the tracks with a known role, and whose group was heard, whose role was heard too."""
        known = self.of_known_role
        return sum(track.has_right_role for track in known) / max(1, len(known))

    @property
    def of_known_role(self) -> tuple[Judged, ...]:
        """Those with a known role whose group was heard."""
        return tuple(track for track in self.tracks if track.role and track.is_right)

    @property
    def seconds(self) -> float:
        """For how long a processor worked on a track, on average."""
        return sum(track.seconds for track in self.tracks) / len(self.tracks)

    @property
    def calibration_error(self) -> float:
        """Expected calibration error of the groups: how far confidence and accuracy are apart, over `BINS` bins."""
        heard = [(track.heard.confidence, track.is_right) for track in self.tracks if track.heard]
        bins: dict[int, list[tuple[float, bool]]] = {}
        for confidence, is_right in heard:
            bins.setdefault(min(BINS - 1, int(confidence * BINS)), []).append((confidence, is_right))
        apart = [abs(sum(sure for sure, _ in one) - sum(right for _, right in one)) for one in bins.values()]
        return sum(apart) / max(1, len(heard))

    def confusion(self) -> tuple[tuple[str, ...], tuple[str, ...], NDArray[np.int64]]:
        """Names of the rows, what tracks are; of the columns, what they were heard as; and the counts.

        Rows are groups and roles, `drums/kick`; a role that is not known is a dash. Columns are groups.
        """
        columns = (*GROUPS, NONE)
        rows = tuple(dict.fromkeys(f"{track.group}/{track.role or '-'}" for track in self._in_order))
        counts = np.zeros((len(rows), len(columns)), np.int64)
        for track in self.tracks:
            row = rows.index(f"{track.group}/{track.role or '-'}")
            counts[row, columns.index(track.heard.group if track.heard else NONE)] += 1
        return rows, columns, counts

    @property
    def _in_order(self) -> list[Judged]:
        order = [f"{group}/{role}" for group, role in CLASSES]

        def place(track: Judged) -> tuple[int, int]:
            named = f"{track.group}/{track.role}"
            return list(GROUPS).index(track.group), order.index(named) if named in order else len(order)

        return sorted(self.tracks, key=place)


def judge(
    recogniser: Recogniser, songs: Sequence[PlainSong], tell: Callable[[str], None] = lambda song: None
) -> Judgement:
    """Hear every raw track of some songs.

    Args:
        recogniser: Who hears.
        songs: The songs, in the plain layout: their folders tell groups, the names of their files roles.
        tell: Called with the name of each song.

    Raises:
        WavemixError: If a track cannot be read.
    """
    judged = []
    for song in songs:
        tell(song.name)
        for track in song.tracks:
            role = role_told(track.group, track.file.stem)
            known = role if (track.group, role) in CLASSES else ""
            info, started = probe(song.path(track)), time.process_time()
            heard = recogniser.listen(info)
            seconds = time.process_time() - started
            judged.append(Judged(f"{song.name}/{track.file.name}", track.group, known, heard, seconds))
    return Judgement(tuple(judged))


def measured(judgement: Judgement, songs: tuple[str, ...]) -> Measured:
    """What a card says of it."""
    rows, columns, counts = judgement.confusion()
    return Measured(
        songs,
        len(judgement.tracks),
        round(judgement.group_accuracy, 4),
        round(judgement.placed_right, 4),
        len(judgement.of_known_role),
        round(judgement.role_accuracy, 4),
        round(judgement.calibration_error, 4),
        columns,
        tuple(Confusion(row, tuple(map(int, line))) for row, line in zip(rows, counts, strict=True)),
        tuple(
            f"{track.name}, {track.group}/{track.role or '-'}: {track.heard.words if track.heard else NONE}"
            for track in judgement.tracks
            if not track.is_right
        ),
    )
