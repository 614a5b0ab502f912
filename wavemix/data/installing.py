"""Songs come to their places whole, and take no file of a person's with them."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from wavemix.data.hashing import sha256
from wavemix.data.plain import SONG
from wavemix.errors import WavemixError


class Occupied(WavemixError):
    """A song's place holds a file that is not ours to replace."""


def install(song: Path, place: Path, ours: Mapping[str, str]) -> None:
    """Move a folder to its place by a rename, so that no one ever finds half a song; what was there goes.

    Args:
        song: The folder, in one of this process's own, where what was there is kept until the end.
        place: Its place.
        ours: What a ledger lists there: hashes by names.

    Raises:
        Occupied: As `check_ours`, but for files that are the same as the new ones: a process that was killed left them.
    """
    check_ours(place, ours, song)
    place.parent.mkdir(parents=True, exist_ok=True)
    earlier = Path(tempfile.mkdtemp(dir=song.parent)) / place.name
    try:
        if os.path.lexists(place):
            place.rename(earlier)  # a link, too, and not what it leads to
        song.rename(place)
    except BaseException:
        if os.path.lexists(earlier) and not os.path.lexists(place):
            earlier.rename(place)
        raise
    shutil.rmtree(earlier.parent)


def check_ours(place: Path, ours: Mapping[str, str], like: Path | None = None) -> None:
    """Refuse to replace or remove a song's folder with a person's work in it.

    That is a file that the ledger does not list, unless it is hidden, or a `song.yaml` that was edited. A sound file
    that the ledger lists is ours, whatever became of it.

    Args:
        place: The folder; it need not exist.
        ours: What a ledger lists there: hashes by names.
        like: Folder whose files may be there, too.

    Raises:
        Occupied: If there is such a file.
    """
    for name in _files(place):
        file = place / name
        edited = name == SONG and name in ours and sha256(file) != ours[name]
        if name in ours and not edited:
            continue
        if like is not None and (like / name).is_file() and sha256(like / name) == sha256(file):
            continue
        what = "was edited" if edited else "was not written by wavemix"
        raise Occupied(f"{file}: {what} and would be lost; move it away, or the whole folder.")


def _files(folder: Path) -> Iterator[str]:
    """The names of the files below a folder, but for hidden ones."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_dir() and not any(part.startswith(".") for part in name.parts):
            yield name.as_posix()
