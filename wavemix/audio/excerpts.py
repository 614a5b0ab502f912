"""Reading a few places of a file, and not all of it."""

from collections.abc import Iterator, Sequence

import numpy as np
import soundfile

from wavemix.audio.arrays import ArrayInfo
from wavemix.audio.files import AudioInfo
from wavemix.audio.opening import open_bytes, open_sound
from wavemix.audio.reading import Block


def read_places(info: AudioInfo, starts: Sequence[int], samples: int) -> Block:
    """So many samples from each of some places on, one after the other, `(channels, places * samples)`.

    Silence where the file has none: before its start, after its end, or where it cannot be read; whoever reads it all
    will tell.

    Args:
        info: The file.
        starts: The places, in samples from its start; below 0 for before it.
        samples: How many at each.
    """
    out = np.zeros((info.channels, len(starts) * samples), np.float32)
    spans = [(max(0, start), min(start + samples, info.frames)) for start in starts]
    try:
        for place, (first, block) in enumerate(zip(starts, _read(info, spans), strict=True)):
            at = place * samples + max(0, -first)
            out[:, at : at + block.shape[1]] = block
    except (OSError, soundfile.LibsndfileError):
        return np.zeros_like(out)
    return out if np.isfinite(out).all() else np.zeros_like(out)


def _read(info: AudioInfo, spans: Sequence[tuple[int, int]]) -> Iterator[Block]:
    """The samples of each span, from its first to before its last; none where that is not after the first."""
    if isinstance(info, ArrayInfo):
        yield from (info.samples[:, first : max(first, last)] for first, last in spans)
        return
    with open_bytes(info.path) as file, open_sound(file, info.head) as sound:
        for first, last in spans:
            if first < last:
                sound.seek(first)
            yield sound.read(max(0, last - first), dtype="float32", always_2d=True).T
