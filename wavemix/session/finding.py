"""Finding the tracks of a song in its folder."""

import os
from pathlib import Path, PurePath

from wavemix.audio.files import READABLE, UNREADABLE
from wavemix.audio.folders import files_below, natural_order
from wavemix.errors import WavemixError
from wavemix.session.arranging import arrange
from wavemix.session.found import look_at
from wavemix.session.hearing import Ear
from wavemix.session.session import MANIFEST, REPORT, Ignored, Session
from wavemix.session.written import read_written


def session_from_folder(folder: Path, anyway: bool = False, ear: Ear | None = None) -> Session:
    """Find and place the tracks of a song by sub-folders, file names and headers.

    A song in the plain layout (its tracks in `raw/`, beside `stems/` and `mix.*`) is taken from `raw/`.

    Args:
        folder: The song's folder.
        anyway: Whether to take all as one song that starts together where there is a doubt, instead of asking.
        ear: Who listens to what names do not tell; None for nobody.

    Raises:
        WavemixError: If the folder does not exist, holds no sound file that is a track, or has a folder that cannot be
            read; or if the files seem to be several songs, parts of one recording, or of another day.
    """
    if not folder.is_dir():
        raise WavemixError(f"{folder}: no such folder; give the folder that holds the song's tracks.")
    name = song_name(folder)
    ignored: list[Ignored] = []
    if (folder / "raw").is_dir():
        beside = sorted(path.name for path in folder.iterdir() if path.name != "raw")
        ignored += [Ignored(PurePath("..", item), "lies beside raw/, which holds the tracks") for item in beside]
        folder = folder / "raw"
    results = _earlier_results(folder)
    files: list[PurePath] = []
    for path in _sorted_files(folder):
        file = path.relative_to(folder)
        reason = "result of an earlier mix" if path in results else _reason_to_ignore(path, file)
        if reason:
            ignored.append(Ignored(file, reason))
        else:
            files.append(file)
    arranged = arrange(name, str(folder), [look_at(folder / file, file) for file in files], anyway=anyway, ear=ear)
    if not arranged.tracks:
        raise WavemixError(
            f"{folder}: holds no tracks; give a folder with sound files ({', '.join(sorted(READABLE))})."
        )
    return Session(name, folder, arranged.tracks, (*ignored, *arranged.ignored), arranged.warnings)


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
    return ""
