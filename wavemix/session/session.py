"""A session: the tracks of one song and what we know of each."""

import math
from dataclasses import dataclass
from pathlib import Path, PurePath

from wavemix.dsp.levels import check_gain_db
from wavemix.session.care import Alignment, Place

MANIFEST = "session.yaml"
REPORT = "report.json"
"""Written beside every mix; it lists that mix's files, so that they are not taken for tracks later."""


@dataclass(frozen=True)
class Track:
    """One sound file of a song.

    Attributes:
        file: Path relative to the session's folder, or absolute.
        group: `drums`, `bass`, `vocals` or `other`.
        role: One of the group's roles.
        reason: Why it is there, in words.
        recognised: Whether anything told us; if not, it went to `other` for want of better.
        confidence: Probability of its group where its sound told it, 0 to 1; None where its name did, or a person.
        gain_db: What a person wants it louder by than its model would hear it.
        mute: Whether a person wants it out of the mix.
        right: The file of its right side, where a stereo track lies in two mono files.
        channel: Which channel of its file it is, from 1; None for all of them.
        start_seconds: When it begins, from the start of the song.
        alignment: Where it lies against others; None where nobody said, and it is moved only if that is asked for.
        places: What is lowered in it; None where nobody said, and it is cleaned only if that is asked for.

    Raises:
        ValueError: As `check_gain_db`, or if there can be no such channel, start or confidence.
    """

    file: PurePath
    group: str
    role: str
    reason: str
    recognised: bool = True
    gain_db: float = 0.0
    mute: bool = False
    right: PurePath | None = None
    channel: int | None = None
    start_seconds: float = 0.0
    confidence: float | None = None
    alignment: Alignment | None = None
    places: tuple[Place, ...] | None = None

    def __post_init__(self) -> None:
        check_gain_db(self.gain_db)
        if self.right is not None and self.channel is not None:
            raise ValueError("a track of two files has no channel to choose")
        if self.channel is not None and self.channel < 1:
            raise ValueError(f"channels count from 1, got {self.channel}")
        if not 0 <= self.start_seconds < math.inf:
            raise ValueError(f"a track starts 0 or more seconds into the song, got {self.start_seconds}")
        if self.confidence is not None and not 0 <= self.confidence <= 1:
            raise ValueError(f"a confidence is 0 to 1, got {self.confidence}")

    @property
    def label(self) -> str:
        """What people are told that it is: its file, its two files, or the channel of one."""
        right = f" + {self.right.name}" if self.right else ""
        channel = f", channel {self.channel}" if self.channel else ""
        return f"{self.file.as_posix()}{right}{channel}"


@dataclass(frozen=True)
class Ignored:
    """A file that is not part of the mix, and why."""

    file: PurePath
    reason: str


@dataclass(frozen=True)
class Session:
    """One song.

    Attributes:
        name: The song's name.
        folder: Where its files are.
        tracks: What is mixed, but for those that are muted, in order.
        ignored: What is left out.
        warnings: What a person should look at, a sentence each.
    """

    name: str
    folder: Path
    tracks: tuple[Track, ...]
    ignored: tuple[Ignored, ...] = ()
    warnings: tuple[str, ...] = ()

    def path(self, track: Track) -> Path:
        """The file of a track; of its left side where it has two."""
        return self.folder / track.file

    def paths(self, track: Track) -> tuple[Path, ...]:
        """The file of a track, or those of its two sides."""
        return tuple(self.folder / file for file in (track.file, track.right) if file is not None)
