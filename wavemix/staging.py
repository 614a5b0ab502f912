"""Outputs appear whole or not at all: written under a temporary name, then renamed."""

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath

from wavemix.errors import WavemixError
from wavemix.leftovers import own_folder

STAGE_PREFIX = ".wavemix-"
"""Names of the hidden folders begin with it."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def staged_folder(target: Path, first: Sequence[str] = ()) -> Iterator[Path]:
    """A hidden folder inside `target` whose files move into `target` if the block ends without an error.

    On any error, an interrupt included, the hidden folder goes, and so do the parts of `target` that were made
    for it. Files already in `target` stay until the new ones of the same name replace them at the very end: all of
    them or, where one cannot be replaced, none. Hidden folders that killed processes left in `target` go too.

    Args:
        target: The folder; it is made if need be.
        first: Names of files that come to their places before all others, in this order: what tells whose they are.

    Raises:
        WavemixError: If `target` cannot be made or written, a new file has no place there, or the disk is full.
    """
    made = _missing_parents(target)
    try:
        try:
            target.mkdir(parents=True, exist_ok=True)
            with own_folder(target, STAGE_PREFIX) as stage:
                yield stage
                _move_files(stage, target, first)
        except OSError as error:
            raise WavemixError(_sentence(target, error)) from error
    except BaseException:
        for folder in reversed(made):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def write_text(path: Path, text: str) -> None:
    """Write a small text file whole or not at all.

    Raises:
        WavemixError: If it cannot be written.
    """
    with staged_folder(path.parent) as stage:
        (stage / path.name).write_text(text, encoding="utf-8", errors="backslashreplace")


def check_places(target: Path, names: Iterable[str]) -> None:
    """Refuse what would keep files from their places in a folder, or take them out of it.

    Args:
        target: The folder; it need not exist.
        names: Names of the files, relative to it.

    Raises:
        WavemixError: If a file's name is taken by a folder, or one of its folders' by a file or by a link.
    """
    for place in (target / name for name in names):
        try:
            problem = _problem(place, place.parents[: len(place.relative_to(target).parts) - 1])
        except OSError as error:
            raise WavemixError(_sentence(target, error)) from error
        if problem:
            raise WavemixError(f"{problem}; move it away or choose another output folder.")


def _problem(place: Path, folders: Sequence[Path]) -> str:
    """What keeps a file from its place, or its place from being below the folder above these; empty if nothing does."""
    for folder in folders:
        if folder.is_symlink():
            return f"{folder}: is a link where a folder is to be"
        if folder.exists() and not folder.is_dir():
            return f"{folder}: is a file where a folder is to be"
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            return f"{folder}: cannot be written"
    if place.is_dir() and not place.is_symlink():
        return f"{place}: is a folder where a file is to be written"
    return ""


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from all others, by whatever name it goes; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def stays_inside(name: object) -> bool:
    """Whether this is a relative path that never leads up: names in files that we find may be anything."""
    if not isinstance(name, str) or not name or "\0" in name:
        return False
    paths = (PurePosixPath(name), PureWindowsPath(name))
    return all(path.parts and not path.anchor and ".." not in path.parts for path in paths)


def _missing_parents(target: Path) -> list[Path]:
    """The folders that do not exist yet, outermost first."""
    missing = []
    for folder in (target, *target.parents):
        if folder.exists():
            break
        missing.append(folder)
    return missing[::-1]


def _move_files(stage: Path, target: Path, first: Sequence[str] = ()) -> None:
    """Bring every file to its place; if one cannot go, or we are interrupted, all that was there is there again."""
    names = sorted(path.relative_to(stage) for path in stage.rglob("*") if path.is_file())
    names.sort(key=lambda name: first.index(name.as_posix()) if name.as_posix() in first else len(first))
    check_places(target, [name.as_posix() for name in names])
    earlier = Path(tempfile.mkdtemp(dir=stage))
    new = [name for name in names if not os.path.lexists(target / name)]
    try:
        for name in names:
            for folder in (target / name, earlier / name):
                folder.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # it is new, or the disk knows no second names: then there is no way back for it
                os.link(target / name, earlier / name, follow_symlinks=False)
            (stage / name).replace(target / name)
    except BaseException:
        _move_back(stage, target, earlier, names, new)
        raise


def _move_back(stage: Path, target: Path, earlier: Path, names: Sequence[Path], new: Sequence[Path]) -> None:
    for name in (name for name in names if not os.path.lexists(stage / name)):
        if os.path.lexists(earlier / name):
            (earlier / name).replace(target / name)
        elif name in new:
            (target / name).unlink(missing_ok=True)
    for folder in {(target / name).parent for name in new} - {target}:
        with suppress(OSError):  # there are other files in it
            folder.rmdir()


@contextmanager
def disk_in_words(target: Path) -> Iterator[None]:
    """Say it where a disk fills while others than us write.

    Args:
        target: The folder below which they write.

    Raises:
        WavemixError: If the disk is full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise WavemixError(_sentence(target, error)) from error


def _sentence(target: Path, error: OSError) -> str:
    if error.errno in _FULL:
        return f"{target}: the disk is full (or a size limit was reached); free some space or choose another folder."
    return f"{target}: cannot be written ({error.strerror or error}); choose another output folder."
