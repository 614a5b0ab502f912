"""Reading a track from start to end, block by block, at the rate that is asked for."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from wavemix.audio.arrays import ArrayInfo
from wavemix.audio.containers import SAMPLE_BYTES
from wavemix.audio.files import AudioInfo, cannot_open
from wavemix.audio.open_files import OPEN_FILES
from wavemix.audio.opening import open_bytes, open_sound, stamp_of
from wavemix.audio.reworked import Reworked
from wavemix.audio.sides import Sides
from wavemix.errors import WavemixError

Block = NDArray[np.float32]
"""Samples as `(channels, samples)`."""

READ_FRAMES = 65_536
"""Samples decoded at a time: large enough for speed, small enough that 60 open tracks weigh nothing."""

READ_SAMPLES = 2**20
"""Samples of all channels together that are decoded at a time."""


def resampled_length(frames: int, rate: int, new_rate: int) -> int:
    """Length in samples of `frames` at `rate` when brought to `new_rate`, to the nearest sample."""
    return (2 * frames * new_rate + rate) // (2 * rate)


class Resampler:
    """A stream at one rate becomes a stream at another (soxr, HQ); with equal rates nothing is touched.

    The result does not depend on how the stream is cut into blocks.
    """

    def __init__(self, rate: int, new_rate: int, channels: int) -> None:
        self._stream = None
        if rate != new_rate:
            self._stream = soxr.ResampleStream(rate, new_rate, channels, dtype="float32", quality="HQ")

    def __call__(self, block: Block, last: bool = False) -> Block:
        """What `block` adds to the output, `(channels, samples)`; fewer or more samples, also none."""
        if self._stream is None:
            return block
        frames = np.ascontiguousarray(block.T)
        resampled: Block = self._stream.resample_chunk(frames, last=last).T
        return resampled


def decode(info: AudioInfo, start: int = 0) -> Iterator[Block]:
    """The samples of a file, of two sides, of an array, or of a sound that is changed, at its own rate, block by block.

    Args:
        info: The file, or the array.
        start: The first sample to give.

    Raises:
        WavemixError: If a file is another than was probed, breaks off, cannot be decoded, or holds NaN or infinite
            samples.
    """
    if isinstance(info, Reworked):
        yield from _after(info.rework(decode(info.source)), start)
    elif isinstance(info, Sides):
        for blocks in zip(*(decode(side, start) for side in info.sides), strict=True):
            yield np.concatenate(blocks)
    elif isinstance(info, ArrayInfo):
        yield from (info.samples[:, place : place + READ_FRAMES] for place in range(start, info.frames, READ_FRAMES))
    else:
        yield from _decode_file(info, start)


def _after(blocks: Iterator[Block], start: int) -> Iterator[Block]:
    """The samples from `start` on."""
    for block in blocks:
        if block.shape[1] > start:
            yield block[:, start:]
        start = max(0, start - block.shape[1])


def _decode_file(info: AudioInfo, start: int) -> Iterator[Block]:
    position = 0
    size = max(1, min(READ_FRAMES, READ_SAMPLES // info.channels))
    try:
        with open_bytes(info.path) as file, open_sound(file, info.head) as sound:
            if start and sound.subtype in SAMPLE_BYTES:  # libsndfile does not find every sample of coded files
                position = sound.seek(start)
            while position < info.frames:
                frames = sound.read(min(size, info.frames - position), dtype="float32", always_2d=True)
                if stamp_of(file) != info.stamp:
                    raise WavemixError(
                        f"{info.path}: was changed or replaced while it was in use; mix again when it stays as it is."
                    )
                if not len(frames):
                    break
                if not np.isfinite(frames).all():
                    bad = position + int(np.argmin(np.isfinite(frames).all(axis=1)))
                    raise WavemixError(
                        f"{info.path}: sample {bad} ({bad / info.rate:.2f} s) is NaN or infinite; export it again."
                    )
                position += len(frames)
                if position > start:
                    yield frames[start - position :].T
    except soundfile.LibsndfileError as error:
        raise WavemixError(
            f"{info.path}: broken at {position / info.rate:.2f} s ({error.error_string.rstrip('.')}); "
            "copy or export it again."
        ) from error
    except OSError as error:
        raise cannot_open(info.path, error) from error
    if position < info.frames:
        raise WavemixError(
            f"{info.path}: is cut short (its header promises {info.frames:,} samples, "
            f"{position:,} can be read); copy or export it again."
        )


class TrackReader:
    """A track as an endless stream at one rate: silence until it starts, its samples, then silence.

    Where a process may open few files, one of many tracks is closed between two reads, and opened again in its place.

    Attributes:
        info: The file's header.
    """

    def __init__(self, info: AudioInfo, rate: int, start: int = 0) -> None:
        self.info = info
        self._ahead = start
        self._blocks: Iterator[Block] | None = None
        self._resample = Resampler(info.rate, rate, info.channels)
        self._remaining = resampled_length(info.frames, info.rate, rate)
        self._decoded = 0
        self._waiting: list[Block] = []

    def read(self, samples: int) -> Block:
        """The next `samples` of the stream, `(channels, samples)`; zeros once the file has ended.

        Raises:
            WavemixError: As `decode`.
        """
        out = np.zeros((self.info.channels, samples), np.float32)
        filled = min(self._ahead, samples)
        self._ahead -= filled
        while filled < samples and self._remaining and self._fill():
            block = self._waiting.pop(0)
            take = min(block.shape[1], samples - filled, self._remaining)
            out[:, filled : filled + take] = block[:, :take]
            filled += take
            self._remaining -= take
            if take < block.shape[1]:
                self._waiting.insert(0, block[:, take:])
        if self._decoded >= self.info.frames or OPEN_FILES.are_too_many():
            self.close()
        return out

    def _fill(self) -> bool:
        """Have a block waiting, if the file has one more."""
        while not self._waiting and self._decoded < self.info.frames:
            if self._blocks is None:
                self._blocks = decode(self.info, self._decoded)
                OPEN_FILES.count(1)
            block = next(self._blocks)
            self._decoded += block.shape[1]
            resampled = self._resample(block, last=self._decoded >= self.info.frames)
            if resampled.shape[1]:
                self._waiting.append(resampled)
        return bool(self._waiting)

    def close(self) -> None:
        """Close the file, until more of it is read."""
        if self._blocks is not None:
            self._blocks.close()  # type: ignore[attr-defined]  # a generator's
            self._blocks = None
            OPEN_FILES.count(-1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
