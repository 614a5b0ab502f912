"""One pass over a track before anything is computed: is it whole, is it finite, what is in it."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wavemix.audio.files import AudioInfo, probe
from wavemix.audio.reading import Block, decode

LEFT, RIGHT = range(2)


@dataclass(frozen=True)
class Scan:
    """What a track turned out to hold.

    Attributes:
        info: The file's header.
        peaks: Largest absolute sample value of each channel.
        live_channels: Indices of the channels that carry a signal of their own, in order: neither silent nor
            a copy of an earlier channel, but for the silent side of a stereo track. Empty if the track is silent.
        checksum: CRC-32 of all its samples as 32-bit floats, channel by channel within each frame.
    """

    info: AudioInfo
    peaks: tuple[float, ...]
    live_channels: tuple[int, ...]
    checksum: int = 0

    @property
    def peak(self) -> float:
        """Largest absolute sample value."""
        return max(self.peaks)

    @property
    def only_side(self) -> int | None:
        """The side of a stereo track that has all of its sound; None where both have some, or there are no sides."""
        live = [channel for channel, peak in enumerate(self.peaks) if peak > 0]
        return live[0] if len(self.peaks) == 2 and len(live) == 1 else None

    def of_channel(self, channel: int) -> "Scan":
        """What one channel, by its index, holds as a track of its own."""
        peak = self.peaks[channel]
        return Scan(self.info, (peak,), (channel,) if peak > 0 else (), self.checksum)

    @property
    def silent(self) -> bool:
        """Whether every sample is zero."""
        return not self.live_channels


class ChannelWatch:
    """Finds the channels of a stream that carry a signal of their own, in time that grows with their number only.

    Attributes:
        peaks: Largest absolute sample value of each channel so far.
    """

    def __init__(self, channels: int) -> None:
        self.peaks = np.zeros(channels)
        self._alike = [list(range(channels))]

    def update(self, block: Block) -> None:
        """Take the next samples, `(channels, samples)`."""
        self.peaks = np.maximum(self.peaks, np.abs(block).max(axis=1))
        self._alike = [part for channels in self._alike for part in self._parted(channels, block)]

    @staticmethod
    def _parted(channels: list[int], block: Block) -> list[list[int]]:
        """Channels that were alike so far, those together that still are; none that are alone."""
        parts: dict[bytes, list[int]] = {}
        for channel in channels:
            parts.setdefault((block[channel] + np.float32(0)).tobytes(), []).append(channel)  # -0 + 0 is 0
        return [part for part in parts.values() if len(part) > 1]

    @property
    def live(self) -> tuple[int, ...]:
        """Indices of the channels that are neither silent so far nor a copy of an earlier one, in order.

        The silent side of a stereo track belongs to it: without it the other would go to the middle.
        """
        copied = {channel for channels in self._alike for channel in channels[1:]}
        live = tuple(i for i, peak in enumerate(self.peaks) if peak > 0 and i not in copied)
        return (LEFT, RIGHT) if len(self.peaks) == 2 and self.peaks.any() and not self.peaks.all() else live


def scan(path: Path, listen: Callable[[Block, int], None] | None = None) -> Scan:
    """Read a whole file once: see `scan_samples`.

    Raises:
        WavemixError: As `probe` and `decode`.
    """
    return scan_samples(probe(path), listen)


def scan_samples(info: AudioInfo, listen: Callable[[Block, int], None] | None = None) -> Scan:
    """Read a whole track once.

    Args:
        info: The header of its file, or an array that stands for one.
        listen: Called with every block, `(channels, samples)`, and the track's rate in Hz: a meter, say.

    Raises:
        WavemixError: As `decode`.
    """
    watch = ChannelWatch(info.channels)
    checksum = 0
    for block in decode(info):
        watch.update(block)
        checksum = zlib.crc32(np.ascontiguousarray(block.T).data, checksum)
        if listen is not None:
            listen(block, info.rate)
    return Scan(info, tuple(watch.peaks.tolist()), watch.live, checksum)
