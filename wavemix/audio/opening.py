"""Opening a sound file to read it, whatever its name, and knowing it again."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import soundfile

from wavemix.audio.contents import Head


@dataclass(frozen=True)
class Stamp:
    """What tells a file from the one that somebody puts in its place, or makes of it.

    Attributes:
        device: Where it lies.
        inode: Its number there.
        size: Bytes.
        changed_ns: When it was last written to.
    """

    device: int
    inode: int
    size: int
    changed_ns: int


def stamp_of(file: BinaryIO) -> Stamp:
    """The stamp of an open file."""
    found = os.fstat(file.fileno())
    return Stamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes, without a buffer: what reads them next begins where we stopped.

    Raises:
        OSError: If it cannot be opened.
    """
    with path.open("rb", buffering=0) as file:
        yield file


@contextmanager
def open_sound(file: BinaryIO, head: Head | None = None) -> Iterator[soundfile.SoundFile]:
    """The samples in an open file. libsndfile never learns its name, which may be one that it cannot take.

    Args:
        file: From `open_bytes`.
        head: What to read in place of its own beginning.

    Raises:
        soundfile.LibsndfileError: If it cannot be read.
    """
    file.seek(0)
    source = file.fileno() if head is None else _Spliced(file, head)
    with soundfile.SoundFile(source, closefd=False) as sound:
        yield sound


class _Spliced(io.RawIOBase):
    """A file that begins with other bytes than its own."""

    def __init__(self, file: BinaryIO, head: Head) -> None:
        self._file, self._head, self._position = file, head, 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        head, position = self._head, self._position
        if position < len(head.data):
            data = head.data[position : position + len(buffer)]
        else:
            self._file.seek(position - len(head.data) + head.replaces)
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        end = self._file.seek(0, io.SEEK_END) - self._head.replaces + len(self._head.data)
        self._position = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: end}[whence] + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
