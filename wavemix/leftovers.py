"""Folders for files on the way, which a killed process does not leave for ever."""

import os
import platform
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nobody can tell there whether the owner lives, and only what is old goes
    fcntl = None  # type: ignore[assignment]

LOCK = ".lock"

OLD_SECONDS = 24 * 3600
"""What nobody has touched for so long is nobody's, where no lock can tell."""

SCRATCH_PREFIX = "wavemix-scratch-"
"""Names of folders in the system's folder for temporary files begin with it."""

REMOVALS, REMOVAL_SECONDS = 20, 0.05
"""How often a folder's removal is tried, and how long after each try."""


@contextmanager
def own_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """An empty folder of this process's own, gone at the end; those that dead processes left there are removed.

    The owner holds a lock on a file beside it. The system drops the lock with the process, however that ends.

    Args:
        parent: Where to make it.
        prefix: What its name begins with.
    """
    sweep(parent, prefix)
    with _own_lock(parent, prefix) as lock:
        folder = lock.with_suffix("")
        try:
            folder.mkdir()
            yield folder
        finally:
            try:
                _remove(folder)
            except BaseException:  # a signal's, in the midst of it
                _remove(folder)
                raise


@contextmanager
def _own_lock(parent: Path, prefix: str) -> Iterator[Path]:
    """A file that this process has locked, gone at the end."""
    while True:
        number, name = tempfile.mkstemp(LOCK, prefix, parent)
        try:
            with suppress(OSError):  # a disk that knows no locks: then nobody gets this one
                if fcntl is not None:
                    fcntl.flock(number, fcntl.LOCK_EX)
            if Path(name).exists():  # else another process has swept it in the moment before
                with suppress(OSError):
                    os.write(number, platform.node().encode())
                yield Path(name)
                return
        finally:
            os.close(number)
            Path(name).unlink(missing_ok=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of this process's own in the system's folder for such; those of dead processes are removed."""
    with own_folder(Path(tempfile.gettempdir()), SCRATCH_PREFIX) as folder:
        yield folder


def sweep_scratch() -> None:
    """Remove the scratch folders of dead processes."""
    sweep(Path(tempfile.gettempdir()), SCRATCH_PREFIX)


def _remove(folder: Path) -> None:
    """Remove a folder; threads that a signal has stopped may put a last file into it meanwhile."""
    for _ in range(REMOVALS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(REMOVAL_SECONDS)


def sweep(parent: Path, prefix: str) -> None:
    """Remove the folders of this prefix whose owners are dead.

    They are those of this machine whose locks nobody holds. On other machines' locks not every shared disk tells the
    truth: their folders, and those without a lock, go when they are a day old.
    """
    with suppress(OSError):  # it is not there, or may not be read: whoever writes will say so
        entries = sorted(parent.glob(f"{prefix}*"))
        for folder in entries:
            lock = folder.with_suffix(LOCK)
            if folder.is_dir() and lock not in entries and _old(folder):
                shutil.rmtree(folder, ignore_errors=True)
        for lock in entries:
            if lock.suffix == LOCK and not lock.is_symlink():
                _sweep_locked(lock)


def _sweep_locked(lock: Path) -> None:
    folder = lock.with_suffix("")
    if fcntl is None:
        return
    with suppress(OSError), lock.open("rb+") as file:  # in use, or another user's
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if file.read().decode(errors="replace") in ("", platform.node()) or _old(folder if folder.is_dir() else lock):
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlink()


def _old(place: Path) -> bool:
    """Whether neither a file nor what is in a folder was touched lately."""
    touched = [path.lstat().st_mtime for path in (place, *place.rglob("*")) if path.exists()]
    return time.time() - max(touched, default=0.0) > OLD_SECONDS
