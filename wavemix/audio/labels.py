"""What a file's chunks say beside its form: whether its channels have places, and when its recording began.

Sources: the layouts of WAVE_FORMAT_EXTENSIBLE (Microsoft, ksmedia.h) and Core Audio Format; the `bext` chunk of EBU
Tech 3285.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wavemix.audio.chunks import STREAMED, chunks, dialect_of

EXTENSIBLE = 0xFFFE
MASK_BYTES = slice(20, 24)
"""Where a `fmt ` chunk has the speakers of its channels, a bit each."""

TIME_REFERENCE_BYTES = slice(338, 346)
"""Where a `bext` chunk has the samples from midnight to the first one."""

LONGEST_CHUNK_READ = 1024
PLACED_BY_FORMAT = frozenset(".flac .ogg .oga .opus .mp3".split())
"""Up to eight channels have places in these, by the format itself."""

DISCRETE, UNPLACED = 147, 0xFFFF
"""Core Audio's layout tags, upper half, of channels that are no speakers."""


@dataclass(frozen=True)
class Label:
    """What a file says of itself beside its form.

    Attributes:
        has_layout: Whether the format or the file gives its channels places: left, right, centre ...
        start_samples: When its first sample was recorded, in samples from midnight; None where that is not said.
    """

    has_layout: bool = False
    start_samples: int | None = None


def read_label(path: Path, channels: int) -> Label:
    """Read the label of a file; what cannot be read says nothing.

    Args:
        path: The file.
        channels: How many it has.
    """
    if path.suffix.lower() in PLACED_BY_FORMAT:
        return Label(channels <= 8)
    has_layout, start_samples = channels <= 2, None
    try:
        with path.open("rb") as file:
            for name, body in _bodies(file):
                if name == b"fmt " and int.from_bytes(body[:2], "little") == EXTENSIBLE:
                    has_layout |= int.from_bytes(body[MASK_BYTES], "little").bit_count() == channels
                elif name in (b"chan", b"CHAN"):
                    has_layout |= int.from_bytes(body[:2], "big") not in (DISCRETE, UNPLACED)
                elif name == b"bext" and len(body) >= TIME_REFERENCE_BYTES.stop:
                    start_samples = int.from_bytes(body[TIME_REFERENCE_BYTES], "little")
    except OSError:
        pass
    return Label(has_layout, start_samples)


def _bodies(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The name and the first bytes of each chunk, until one whose end is not known."""
    dialect = dialect_of(file)
    if dialect is None:
        return
    for chunk in chunks(file, dialect):
        file.seek(chunk.start)
        yield chunk.name[:4], file.read(min(chunk.size, LONGEST_CHUNK_READ))
        if chunk.name == dialect.samples and chunk.size in STREAMED:
            return
