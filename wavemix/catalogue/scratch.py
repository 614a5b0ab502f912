"""Scratch folders on a worker's own disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wavemix import leftovers

PREFIX = "wavemix-scratch-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder of this process's own in the system's folder for such; those of dead processes are removed."""
    with leftovers.own_folder(Path(tempfile.gettempdir()), PREFIX) as folder:
        yield folder


def sweep() -> None:
    """Remove the folders of dead processes."""
    leftovers.sweep(Path(tempfile.gettempdir()), PREFIX)
