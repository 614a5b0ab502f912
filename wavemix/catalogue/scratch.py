"""Scratch folders that a killed process does not leave for ever."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "wavemix-scratch-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of this process's own in the system's folder for such; those of dead processes are removed.

    The owner holds a lock on a file beside it. The system drops the lock with the process, however that ends.
    """
    sweep()
    with tempfile.NamedTemporaryFile(prefix=PREFIX, suffix=".lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = Path(lock.name).with_suffix("")
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove the folders of dead processes: those whose locks nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not folder.is_dir():
            continue
        with suppress(OSError), folder.with_suffix(".lock").open("ab") as lock:  # in use, or another user's
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
            Path(lock.name).unlink()
