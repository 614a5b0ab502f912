"""One pass over a track before anything is computed: is it whole, is it finite, what is in it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wavemix.audio.files import AudioInfo, probe
from wavemix.audio.reading import Block, decode


@dataclass(frozen=True)
class Scan:
    """What a track turned out to hold.

    Attributes:
        info: The file's header.
        peak: Largest absolute sample value.
        live_channels: Indices of the channels that carry a signal of their own, in order: neither silent nor
            a copy of an earlier channel. Empty if the track is silent.
    """

    info: AudioInfo
    peak: float
    live_channels: tuple[int, ...]

    @property
    def silent(self) -> bool:
        """Whether every sample is zero."""
        return not self.live_channels


def scan(path: Path, listen: Callable[[Block, int], None] | None = None) -> Scan:
    """Read a whole file once.

    Args:
        path: The file.
        listen: Called with every block, `(channels, samples)`, and the file's rate in Hz: a meter, say.

    Raises:
        WavemixError: As `probe` and `decode`.
    """
    info = probe(path)
    peaks = np.zeros(info.channels)
    copies = {(late, early) for late in range(info.channels) for early in range(late)}
    for block in decode(info):
        peaks = np.maximum(peaks, np.abs(block).max(axis=1))
        copies = {(a, b) for a, b in copies if np.array_equal(block[a], block[b])}
        if listen is not None:
            listen(block, info.rate)
    copied = {late for late, _ in copies}
    live = tuple(channel for channel in range(info.channels) if peaks[channel] > 0 and channel not in copied)
    return Scan(info, float(peaks.max()), live)
