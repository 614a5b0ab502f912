"""Which containers we read, and whether what is in one is whole.

libsndfile reads what is there and adjusts the length without a word, so a half-copied file would silently lose its end.
"""

from typing import BinaryIO

from wavemix.audio import flac, ogg
from wavemix.audio.chunks import RIFF, dialect_of, examine_au, examine_chunks
from wavemix.audio.contents import Contents
from wavemix.audio.flac import examine_flac
from wavemix.audio.mpeg import examine_mpeg
from wavemix.audio.ogg import examine_ogg
from wavemix.audio.wrapped import examine_wrapped, wrapped_mpeg

FORMATS = frozenset("WAV WAVEX RF64 W64 AIFF CAF AU FLAC OGG MP3".split())
"""By libsndfile's names, what we know how to check. It reads others too, which may be cut short unseen."""

SAMPLE_BYTES = {
    **dict.fromkeys(("PCM_S8", "PCM_U8", "ULAW", "ALAW"), 1),
    **{"PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8},
}
"""Bytes of a sample by libsndfile's names of encodings, where all samples have as many."""


def examine(file: BinaryIO) -> Contents:
    """What a container says of itself, by its first bytes and not by its file's name."""
    dialect = dialect_of(file)
    if dialect is not None:
        samples = wrapped_mpeg(file, dialect) if dialect is RIFF else None
        return examine_wrapped(file, samples) if samples else examine_chunks(file, dialect)
    file.seek(0)
    magic = file.read(4)
    if magic in (b".snd", b"dns."):
        return examine_au(file)
    if magic == flac.MAGIC:
        return examine_flac(file)
    if magic == ogg.MAGIC:
        return examine_ogg(file)
    return examine_mpeg(file)


def shortened(contents: Contents, encoding: str, channels: int, frames: int) -> str:
    """In words how much less libsndfile makes of a file than is in it; empty if it is all.

    Args:
        contents: What the container says.
        encoding: libsndfile's name of it.
        channels: Number of channels.
        frames: Samples of one channel that libsndfile sees.
    """
    block = SAMPLE_BYTES.get(encoding, 0) * channels
    if block and contents.sample_bytes is not None:
        if contents.sample_bytes - frames * block <= block % 2:  # where blocks are odd, some count the byte that pads
            return ""
        return f"is broken (of its {contents.sample_bytes:,} bytes of samples {frames * block:,} can be read)"
    if frames < contents.least_frames:
        return f"is broken (of its {contents.least_frames:,} samples {frames:,} can be read)"
    return ""
