"""FLAC files (RFC 9639): whether the last frame is where the header says that the samples end.

libsndfile stops at the header's number, and cannot read a file that has none because it came out of a pipe.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import BinaryIO

from wavemix.audio.contents import Contents, Head

MAGIC = b"fLaC"
HEAD_BYTES = 42
"""The magic, and the first block of metadata, STREAMINFO."""

LARGEST_FRAME_BYTES = 2**20
"""Bytes before the end of a file in which its last frame is looked for."""

BLOCK_SIZES = {1: 192} | {code: 576 << (code - 2) for code in range(2, 6)} | {code: 1 << code for code in range(8, 16)}
"""Samples in a frame by the code in its header; codes 6 and 7 say that one or two bytes follow with their number."""


def examine_flac(file: BinaryIO) -> Contents:
    """Compare the header's number of samples with the end of the last frame."""
    file_bytes = file.seek(0, 2)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if len(head) < HEAD_BYTES:
        return Contents("is cut short (its header is not complete)")
    block_size = int.from_bytes(head[8:10], "big")
    packed = int.from_bytes(head[18:26], "big")
    declared = packed & (2**36 - 1)
    file.seek(max(HEAD_BYTES, file_bytes - LARGEST_FRAME_BYTES))
    ends = list(_ends(file.read(), block_size))
    if declared and declared in (end for end, _ in ends):
        return Contents()
    last = next((end for end, intact in ends if intact()), None)
    if last is None:
        return Contents("is cut short (its last frame is not complete)")
    if declared:
        return Contents(f"is broken (its header promises {declared:,} samples, {last:,} are there)")
    return Contents(head=Head(head[:18] + (packed | last).to_bytes(8, "big") + head[26:], HEAD_BYTES))


def _ends(tail: bytes, block_size: int) -> Iterator[tuple[int, Callable[[], bool]]]:
    """Where frames end, in samples, the last first; and what tells whether that one reaches intact to the tail's end.

    What looks like a frame's header by chance has no right checksum but once in 256 times.
    """
    position = len(tail)
    while (position := tail.rfind(b"\xff", 0, position)) >= 0:
        header = tail[position : position + 16]
        if len(header) < 6 or header[1] & 0xFE != 0xF8:
            continue
        place = 4 + max(1, f"{header[4]:08b}".index("0") if header[4] != 0xFF else 0)
        samples = BLOCK_SIZES.get(header[2] >> 4, 0)
        extra = {6: 1, 7: 2}.get(header[2] >> 4, 0)
        if extra:
            samples = int.from_bytes(header[place : place + extra], "big") + 1
        end = place + extra + {12: 1, 13: 2, 14: 2}.get(header[2] & 0x0F, 0)
        if not samples or end >= len(header) or checksum(header[:end], 0x07, 8) != header[end]:
            continue
        number = _number(header[4:place])
        start = number if header[1] & 1 else number * block_size
        yield start + samples, partial(_intact, tail[position:])


def _number(coded: bytes) -> int:
    """A number in the form of UTF-8, of up to 36 bits."""
    first = coded[0] if len(coded) == 1 else coded[0] & (0x7F >> len(coded))
    return sum((byte & 0x3F) << 6 * place for place, byte in enumerate(reversed(coded[1:]))) | first << 6 * (
        len(coded) - 1
    )


def _intact(frame: bytes) -> bool:
    """Whether these bytes are one whole frame."""
    return checksum(frame[:-2], 0x8005, 16) == int.from_bytes(frame[-2:], "big")


def checksum(data: bytes, polynomial: int, bits: int) -> int:
    """The CRC of that many bits, highest bit first, from zero."""
    table, mask, value = _table(polynomial, bits), (1 << bits) - 1, 0
    for byte in data:
        value = (value << 8 & mask) ^ table[value >> (bits - 8) ^ byte]
    return value


@cache
def _table(polynomial: int, bits: int) -> list[int]:
    """The CRC of every byte."""
    table = []
    for byte in range(256):
        value = byte << (bits - 8)
        for _ in range(8):
            value = value << 1 ^ (polynomial if value >> (bits - 1) else 0)
            value &= (1 << bits) - 1
        table.append(value)
    return table
