"""Finding files that were cut short.

libsndfile reads what is there and adjusts the length without a word, so a half-copied file would silently lose
its end. The container's own sizes tell.
"""

from pathlib import Path
from typing import Literal

UNKNOWN_SIZE = 0xFFFFFFFF
"""What a writer that streams puts in place of a size that it cannot know."""

OGG_PAGE = b"OggS"
OGG_LAST_PAGE = 0x04
OGG_HEADER_BYTES = 27
OGG_LARGEST_PAGE_BYTES = 65_307


def missing_bytes(path: Path) -> str:
    """In words what is missing at the end of a WAV, AIFF or Ogg file; empty if nothing is.

    FLAC and MP3 are found out when their frames are decoded and counted.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
            return _missing_in_chunks(path, b"data", "little")
        if head[:4] == b"FORM":
            return _missing_in_chunks(path, b"SSND", "big")
        if head[:4] == OGG_PAGE:
            return _missing_in_ogg(path)
    return ""


def _missing_in_chunks(path: Path, samples_chunk: bytes, order: Literal["little", "big"]) -> str:
    """Compare the size that the chunk of samples declares with the bytes that follow."""
    size = path.stat().st_size
    position = 12
    with path.open("rb") as file:
        while position + 8 <= size:
            file.seek(position)
            name = file.read(4)
            declared = int.from_bytes(file.read(4), order)
            position += 8
            if name == samples_chunk:
                there = size - position
                if declared == UNKNOWN_SIZE or there >= declared:
                    return ""
                return f"its header promises {declared:,} bytes of samples, {there:,} are there"
            position += declared + declared % 2
    return "its header promises samples, none are there"


def _missing_in_ogg(path: Path) -> str:
    """An Ogg stream ends with a page that is marked as the last (RFC 3533, section 6)."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2 * OGG_LARGEST_PAGE_BYTES))
        tail = file.read()
    page = tail[max(0, tail.rfind(OGG_PAGE)) :]
    if len(page) < OGG_HEADER_BYTES or not page[5] & OGG_LAST_PAGE:
        return "its last page is missing"
    segments = page[26]
    body_bytes = sum(page[OGG_HEADER_BYTES : OGG_HEADER_BYTES + segments])
    if len(page) < OGG_HEADER_BYTES + segments + body_bytes:
        return "its last page is not complete"
    return ""
