"""Ogg files (RFC 3533): whether every page is there and intact, and only one song.

libsndfile passes over pages that are missing or damaged, and does not read on where a second stream begins.
"""

import zlib
from typing import BinaryIO

from wavemix.audio.contents import Contents

MAGIC = b"OggS"
HEADER_BYTES = 27
FIRST, LAST = 0x02, 0x04
"""Flags of a page."""

REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Every byte with its bits in the other order."""


def examine_ogg(file: BinaryIO) -> Contents:
    """Read all pages."""
    file.seek(0)
    next_number: dict[bytes, int] = {}
    open_streams: set[bytes] = set()
    begun = False
    while header := file.read(HEADER_BYTES):
        if not header.startswith(MAGIC[: len(header)]):
            if open_streams:
                return Contents(f"is broken (something else than a page at byte {file.tell() - len(header):,})")
            break  # what others append: tags
        if len(header) < HEADER_BYTES:
            return Contents("is cut short (its last page is not complete)")
        page = header + file.read(header[26])
        body_bytes = sum(page[HEADER_BYTES:])
        page += file.read(body_bytes)
        if len(page) < HEADER_BYTES + header[26] + body_bytes:
            return Contents("is cut short (its last page is not complete)")
        stream, number = page[14:18], int.from_bytes(page[18:22], "little")
        if checksum(page) != int.from_bytes(page[22:26], "little"):
            return Contents(f"is broken (its page {number} is damaged)")
        if page[5] & FIRST:
            if begun:
                return Contents("holds several songs, one after the other")
            open_streams.add(stream)
        elif next_number.get(stream) != number:
            return Contents(f"is broken (a page is missing before page {number})")
        begun = begun or not page[5] & FIRST
        next_number[stream] = number + 1
        if page[5] & LAST:
            open_streams.discard(stream)
    if open_streams:
        return Contents("is cut short (its last page is missing)")
    return Contents()


def checksum(page: bytes) -> int:
    """A page's CRC, which is computed as if its own field were zero.

    It is the common one of 32 bits, but for the order of bits, its start at zero and no inversion at its end: with each
    byte turned round, `zlib` has it.
    """
    blanked = page[:22] + bytes(4) + page[26:]
    turned = zlib.crc32(blanked.translate(REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)
