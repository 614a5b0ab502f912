"""MP3 in the chunk of samples of a WAV file: checked, and read, as the MP3 file that it is."""

import io
from dataclasses import replace
from typing import BinaryIO, cast

from wavemix.audio.chunks import Chunk, Dialect, chunks
from wavemix.audio.contents import Contents, Head, promised
from wavemix.audio.mpeg import examine_mpeg

MPEG_TAGS = (0x50, 0x55)
"""Formats that a `fmt ` chunk names: WAVE_FORMAT_MPEG and WAVE_FORMAT_MPEGLAYER3 (Microsoft, mmreg.h)."""


def wrapped_mpeg(file: BinaryIO, dialect: Dialect) -> Chunk | None:
    """The chunk of samples of a WAV file, if they are MPEG audio."""
    is_mpeg = False
    for chunk in chunks(file, dialect):
        if chunk.name[:4] == b"fmt ":
            file.seek(chunk.start)
            is_mpeg = int.from_bytes(file.read(2), dialect.order) in MPEG_TAGS
        if chunk.name == dialect.samples:
            return chunk if is_mpeg else None
    return None


def examine_wrapped(file: BinaryIO, samples: Chunk) -> Contents:
    """What the MP3 in a chunk promises. libsndfile is given the file from there on."""
    there = file.seek(0, io.SEEK_END) - samples.start
    if samples.size > there:
        return replace(promised(samples.size, there), head=Head(b"", samples.start))
    contents = examine_mpeg(cast(BinaryIO, _Part(file, samples.start, samples.end)))
    head = contents.head or Head(b"", 0)
    return replace(contents, head=Head(head.data, samples.start + head.replaces))


class _Part(io.RawIOBase):
    """The bytes of a file from one place to another."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._start, self._end, self._position = file, start, end, 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._start + self._position)
        data = self._file.read(max(0, min(len(buffer), self._end - self._start - self._position)))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._end - self._start}[whence]
        self._position = start + offset
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
