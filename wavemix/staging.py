"""Outputs appear whole or not at all: written under a temporary name, then renamed."""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wavemix.errors import WavemixError

STAGE_PREFIX = ".wavemix-"
"""Names of the hidden folders begin with it."""


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """A hidden folder inside `target` whose files move into `target` if the block ends without an error.

    On any error, an interrupt included, the hidden folder goes, and so do the parts of `target` that were made
    for it. Files already in `target` stay until the new ones of the same name replace them at the very end.

    Raises:
        WavemixError: If `target` cannot be made or written, or the disk is full.
    """
    made = _missing_parents(target)
    try:
        try:
            target.mkdir(parents=True, exist_ok=True)
            stage = Path(tempfile.mkdtemp(prefix=STAGE_PREFIX, dir=target))
            try:
                yield stage
                _move_files(stage, target)
            finally:
                shutil.rmtree(stage, ignore_errors=True)
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
        (stage / path.name).write_text(text, encoding="utf-8")


def _missing_parents(target: Path) -> list[Path]:
    """The folders that do not exist yet, outermost first."""
    missing = []
    for folder in (target, *target.parents):
        if folder.exists():
            break
        missing.append(folder)
    return missing[::-1]


def _move_files(stage: Path, target: Path) -> None:
    for file in sorted(path for path in stage.rglob("*") if path.is_file()):
        place = target / file.relative_to(stage)
        place.parent.mkdir(exist_ok=True)
        file.replace(place)


def _sentence(target: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{target}: the disk is full (or a size limit was reached); free some space or choose another -o."
    return f"{target}: cannot be written ({error.strerror or error}); choose another output folder."
