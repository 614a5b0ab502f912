"""Samples on disk between two stages of the pipeline: written once, read in order, never held in memory."""

from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from wavemix.audio.reading import Block


class Spool:
    """A scratch file of float32 samples, `channels` interleaved.

    Attributes:
        channels: Number of channels.
        samples: Length so far, in samples.
    """

    def __init__(self, path: Path, channels: int) -> None:
        self.channels, self.samples = channels, 0
        self._file = path.open("wb+")

    def append(self, block: Block) -> None:
        """Add samples, `(channels, samples)`.

        Raises:
            OSError: If the disk does not take them.
        """
        self._file.write(np.ascontiguousarray(block.T, np.float32).data)
        self.samples += block.shape[1]

    def rewind(self) -> None:
        """Read from the start."""
        self._file.seek(0)

    def read(self, samples: int) -> Block:
        """The next `samples`, `(channels, samples)`; zeros after the end."""
        data = self._file.read(samples * self.channels * 4)
        frames = np.frombuffer(data, np.float32).reshape(-1, self.channels)
        out = np.zeros((self.channels, samples), np.float32)
        out[:, : len(frames)] = frames.T
        return out

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
