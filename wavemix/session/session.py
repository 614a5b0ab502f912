"""A session: the tracks of one song and what we know of each."""

import os
from dataclasses import dataclass
from pathlib import Path, PurePath

from wavemix.audio.files import READABLE, UNREADABLE
from wavemix.audio.folders import files_below, natural_order
from wavemix.dsp.levels import check_gain_db
from wavemix.errors import WavemixError
from wavemix.session.context import place_together
from wavemix.session.roles import looks_like_a_mix
from wavemix.session.written import read_written

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
        gain_db: What a person wants it louder by than its model would hear it.
        mute: Whether a person wants it out of the mix.

    Raises:
        ValueError: As `check_gain_db`.
    """

    file: PurePath
    group: str
    role: str
    reason: str
    recognised: bool = True
    gain_db: float = 0.0
    mute: bool = False

    def __post_init__(self) -> None:
        check_gain_db(self.gain_db)


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
    """

    name: str
    folder: Path
    tracks: tuple[Track, ...]
    ignored: tuple[Ignored, ...] = ()

    def path(self, track: Track) -> Path:
        """The file of a track."""
        return self.folder / track.file


def session_from_folder(folder: Path) -> Session:
    """Find and place the tracks of a song by sub-folders and file names.

    A song in the plain layout (its tracks in `raw/`, beside `stems/` and `mix.*`) is taken from `raw/`.

    Raises:
        WavemixError: If the folder does not exist, holds no sound file that is a track, or has a folder that cannot be
            read.
    """
    if not folder.is_dir():
        raise WavemixError(f"{folder}: no such folder; give the folder that holds the song's tracks.")
    name = song_name(folder)
    files: list[PurePath] = []
    ignored: list[Ignored] = []
    if (folder / "raw").is_dir():
        beside = sorted(path.name for path in folder.iterdir() if path.name != "raw")
        ignored += [Ignored(PurePath("..", item), "lies beside raw/, which holds the tracks") for item in beside]
        folder = folder / "raw"
    results = _earlier_results(folder)
    for path in _sorted_files(folder):
        file = path.relative_to(folder)
        reason = "result of an earlier mix" if path in results else _reason_to_ignore(path, file)
        if reason:
            ignored.append(Ignored(file, reason))
        else:
            files.append(file)
    if not files:
        raise WavemixError(
            f"{folder}: holds no tracks; give a folder with sound files ({', '.join(sorted(READABLE))})."
        )
    placed = zip(files, place_together(files), strict=True)
    tracks = (Track(file, by.group, by.role, by.reason, by.recognised) for file, by in placed)
    return Session(name, folder, tuple(tracks), tuple(ignored))


def song_name(folder: Path) -> str:
    """The folder's name, or its parent's where the folder is only called `raw` or `tracks`."""
    folder = Path(os.path.realpath(folder))  # `resolve` has no answer where links lead in a circle
    return folder.parent.name if folder.name.lower() in ("raw", "tracks") else folder.name


def _sorted_files(folder: Path) -> list[Path]:
    """Every file and every link to a folder below, but our own notes, by folder, numbers in numeric order."""
    return sorted((path for path in files_below(folder) if path.name not in (MANIFEST, REPORT)), key=natural_order)


def _earlier_results(folder: Path) -> set[Path]:
    """The files that reports of earlier mixes, written somewhere into this folder, list as their outputs."""
    reports = [(path.parent, read_written(path)) for path in folder.rglob(REPORT)]
    return {place / file for place, written in reports if written for file in written.files}


def _reason_to_ignore(path: Path, file: PurePath) -> str:
    """Why a file, by its place below the song's folder, is no track; empty if it is one."""
    suffix = file.suffix.lower()
    if any(part.startswith(".") for part in file.parts):
        return "hidden file"
    if path.is_dir():
        return "link to a folder, which is not followed"
    if suffix not in READABLE | UNREADABLE:
        return "not a sound file"
    if looks_like_a_mix(file):
        return "looks like a finished mix; list it in session.yaml to use it"
    return ""
