"""What a layout finds: songs as they lie at their source, and what it had to leave."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wavemix.audio.files import READABLE
from wavemix.errors import WavemixError


@dataclass(frozen=True)
class SourceTrack:
    """A track at its source.

    Attributes:
        path: The file.
        group: `drums`, `bass`, `vocals` or `other`.
        name: Its name in the plain layout, without suffix; it tells the role.
    """

    path: Path
    group: str
    name: str


@dataclass(frozen=True)
class SourceSong:
    """A song at its source.

    Attributes:
        name: Its folder's name in the plain layout.
        title: `ARTIST - TITLE` where the artist is known.
        artist: Empty if the title tells or it is not known.
        licence: Empty if it is not known.
        source: Where the song comes from, in words.
        split: Where the source has it; empty if it has no splits.
        tracks: The raw tracks, or the finished ones of a song that is `derived`.
        stems: For each group the files that its stem is the sum of.
        mix: The mix, if there is one.
        derived: Whether raw tracks, stems and mix are to be derived from the tracks.
        facts: What else is known, for `song.yaml`.
        notes: What the user should know of how it was read.
    """

    name: str
    title: str
    artist: str = ""
    licence: str = ""
    source: str = ""
    split: str = ""
    tracks: tuple[SourceTrack, ...] = ()
    stems: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    mix: Path | None = None
    derived: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def files(self) -> list[Path]:
        """Every sound file, in order."""
        stems = [path for paths in self.stems.values() for path in paths]
        return [*(track.path for track in self.tracks), *stems, *([self.mix] if self.mix else [])]


@dataclass(frozen=True)
class LeftOut:
    """Something at the source that is no song for us, and why."""

    name: str
    reason: str
    broken: bool = False


@dataclass
class Found:
    """What a layout found in a folder."""

    songs: list[SourceSong] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def sub_folders(folder: Path) -> list[Path]:
    """The folders in a folder, by name.

    Raises:
        WavemixError: If there is no such folder.
    """
    if not folder.is_dir():
        raise WavemixError(f"{folder}: no such folder; give the one that holds the songs.")
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def sound_file(folder: Path, name: str) -> Path | None:
    """The sound file of a name, whatever its suffix; None if there is none."""
    found = [path for path in sorted(folder.glob(f"{name}.*")) if path.suffix.lower() in READABLE]
    return found[0] if found else None
