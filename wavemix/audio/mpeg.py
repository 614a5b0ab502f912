"""MP3 files: how many frames there are, and whether the last is whole.

Where a file does not say it, or not truly, libsndfile reads as much as it guesses from the first frame. It is given a
beginning then that says it: a frame with a Xing header, as encoders write them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from wavemix.audio.contents import Contents, Head

RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""Hz by the two bits of the version: MPEG 1, 2 and 2.5."""

LAYER_1, LAYER_2, LAYER_3 = 3, 2, 1
"""The layers of MPEG audio, as two bits of a frame's header write them."""

KILOBITS = {
    (True, LAYER_1): tuple(range(32, 449, 32)),
    (True, LAYER_2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, LAYER_3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, LAYER_1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, LAYER_2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, LAYER_3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""A second, by whether it is MPEG 1 and by the layer."""

SEARCHED_BYTES = 65_536
"""Bytes after the start, or after a tag, in which the first frame is looked for."""

TAGS = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3")
"""What may follow the last frame."""

DECODER_DELAY = 529
"""Samples before the sound that every decoder adds, and that are left out where a Xing header is."""

MOST_TRIMMED = 4608
"""Samples that an encoder and a decoder add before and after the sound, in all."""


@dataclass(frozen=True)
class Kind:
    """What all frames of a file have in common."""

    version: int
    layer: int
    rate: int
    mono: bool

    @property
    def samples(self) -> int:
        """Number of samples a channel in a frame."""
        if self.layer == LAYER_1:
            return 384
        return 1152 if self.version == 3 or self.layer == LAYER_2 else 576

    @property
    def side_bytes(self) -> int:
        """What stands between the header of a frame and its sound, in layer 3."""
        return ((32, 17) if self.version == 3 else (17, 9))[self.mono]


def read_frame(header: bytes) -> tuple[Kind, int] | None:
    """The kind of a frame and its size in bytes, by its first four; None if they are none or say no bit rate."""
    if len(header) < 4 or header[0] != 0xFF or header[1] < 0xE0:
        return None
    version, layer, bits, rate = header[1] >> 3 & 3, header[1] >> 1 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version not in RATES or not layer or bits in (0, 15) or rate == 3:
        return None
    kind = Kind(version, layer, RATES[version][rate], header[3] >> 6 == 3)
    bit_rate, padding = 1000 * KILOBITS[version == 3, layer][bits - 1], header[2] >> 1 & 1
    if layer == LAYER_1:
        return kind, (12 * bit_rate // kind.rate + padding) * 4
    return kind, kind.samples // 8 * bit_rate // kind.rate + padding


def examine_mpeg(file: BinaryIO) -> Contents:
    """Count the frames, and compare with what the first one says of the others, if it does."""
    file_bytes = file.seek(0, 2)
    starts = list(_frames(file, file_bytes))
    if not starts:
        return Contents("not a sound file that can be read (it begins like none)")
    kind, end = starts[0][1], starts[-1][2]
    file.seek(end)
    after = file.read().rstrip(b"\0")
    following = read_frame(after)
    if following and following[0] == kind or 0 < len(after) < 4:
        return Contents("is cut short (its last frame is not complete)")
    if after and not after.startswith(TAGS):
        return Contents(f"is broken (its frames break off at byte {end:,})")
    first, _, first_end = starts[0]
    declared = _declared(file, first, kind)
    if declared is None:
        first_end = first
    count = len(starts) - (declared is not None)
    if declared is not None and declared > count:
        return Contents(f"is cut short (its header promises {declared:,} frames, {count:,} are there)")
    if declared == count:
        return Contents(least_frames=count * kind.samples - MOST_TRIMMED)
    head = _head(file, first, first_end, kind, count)
    return Contents(least_frames=count * kind.samples - DECODER_DELAY * (head is not None), head=head)


def _frames(file: BinaryIO, file_bytes: int) -> Iterator[tuple[int, Kind, int]]:
    """Where each frame starts, of what kind it is and where it ends, as long as they are of one kind and whole."""
    position = _first_frame(file)
    first: Kind | None = None
    while position is not None:
        file.seek(position)
        found = read_frame(file.read(4))
        if found is None or found[0] != (first or found[0]) or position + found[1] > file_bytes:
            return
        first = found[0]
        yield position, first, position + found[1]
        position += found[1]


def _first_frame(file: BinaryIO) -> int | None:
    """Where the first frame starts: after tags, and followed by another or by the end of the file."""
    position = 0
    file.seek(position)
    while (tag := file.read(10)).startswith(b"ID3") and len(tag) == 10:
        size = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(tag[6:])))
        position += 10 + size + (10 if tag[5] & 0x10 else 0)
        file.seek(position)
    file.seek(position)
    data = file.read(SEARCHED_BYTES)
    at = -1
    while (at := data.find(b"\xff", at + 1)) >= 0:
        found = read_frame(data[at : at + 4])
        if found is None:
            continue
        file.seek(position + at + found[1])
        following = file.read(len(max(TAGS, key=len)))
        after = read_frame(following)
        if not following.strip(b"\0") or following.startswith(TAGS) or (after and after[0] == found[0]):
            return position + at
    return None


def _declared(file: BinaryIO, start: int, kind: Kind) -> int | None:
    """The number of frames that a frame without sound says to follow it; None if it has sound or does not say."""
    file.seek(start)
    frame = file.read(64)
    xing = 4 + kind.side_bytes
    if frame[xing : xing + 4] in (b"Xing", b"Info") and frame[xing + 7] & 1:
        return int.from_bytes(frame[xing + 8 : xing + 12], "big")
    if frame[36:40] == b"VBRI":
        return int.from_bytes(frame[50:54], "big")
    return None


def _head(file: BinaryIO, start: int, replaces: int, kind: Kind, count: int) -> Head | None:
    """A frame that says how many follow it; None where it would be taken for sound."""
    if kind.layer != LAYER_3:
        return None
    file.seek(start)
    own = file.read(4)
    header = bytes((own[0], own[1] | 1, 0x90 | own[2] & 0x0C, own[3]))  # no checksum, a middle bit rate, no padding
    found = read_frame(header)
    assert found is not None
    said = header + bytes(kind.side_bytes) + b"Xing" + (1).to_bytes(4, "big") + count.to_bytes(4, "big")
    return Head(said.ljust(found[1], b"\0"), replaces)
