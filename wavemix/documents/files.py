"""The one way in which small files are read: regular files, of a bounded size."""

import os
import stat
from pathlib import Path

from wavemix.documents.names import name_problem
from wavemix.errors import WavemixError

MEBIBYTE = 1 << 20

MOST_BYTES = 64 * MEBIBYTE
"""What a small file may have, where nobody says otherwise."""


def read_bytes(path: Path, most: int = MOST_BYTES, remedy: str = "") -> bytes:
    """All of a file, if it is a regular file of a sane size: a pipe would be waited for, and a device has no end.

    Args:
        path: The file; links are followed.
        most: Bytes that it may have.
        remedy: What to do if it cannot be read, for the sentence.

    Raises:
        WavemixError: If it is missing, may not be read, is no regular file or is larger.
    """
    then = f"; {remedy}." if remedy else "."
    if problem := name_problem(os.fspath(path)):
        raise WavemixError(f"{path}: cannot be read ({problem}){then}")
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise WavemixError(f"{path}: is a pipe or a device, not a file; save what it gives as a file.")
            data = file.read(most + 1)
    except OSError as error:
        raise WavemixError(f"{path}: cannot be read ({error.strerror or error}){then}") from error
    if len(data) > most:
        raise WavemixError(f"{path}: is larger than {_size(most)}, too large for a file of its kind{then}")
    return data


def read_text(path: Path, most: int = MOST_BYTES, remedy: str = "") -> str:
    """The text of a file in UTF-8, read as by `read_bytes`; the byte order mark that some programs write is left out.

    Raises:
        WavemixError: As `read_bytes`, or if it is not UTF-8.
    """
    try:
        return read_bytes(path, most, remedy).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WavemixError(f"{path}: is not UTF-8 text; {remedy or 'save it as such'}.") from error


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes into too."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _size(count: int) -> str:
    """A number of bytes, in words."""
    return f"{count // MEBIBYTE} MiB" if count >= MEBIBYTE else f"{count} bytes"
