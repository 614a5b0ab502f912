"""Samples on disk between two stages of the pipeline: written once, read in order, never held in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from wavemix.audio.reading import Block


class Spool:
    """A scratch file of float32 samples, `channels` interleaved.

    Attributes:
        channels: Number of channels.
    """

    def __init__(self, path: Path, channels: int) -> None:
        self.channels = channels
        self._path, self._file = path, path.open("wb")

    def append(self, block: Block) -> None:
        """Add samples, `(channels, samples)`.

        Raises:
            OSError: If the disk does not take them.
        """
        self._file.write(np.ascontiguousarray(block.T, np.float32).data)

    @contextmanager
    def reading(self) -> Iterator[Callable[[int], Block]]:
        """What gives the next so many samples, `(channels, samples)`, from the start on; zeros after the end.

        Many may read at a time, each in its own place.
        """
        self._file.flush()
        with self._path.open("rb") as file:

            def read(samples: int) -> Block:
                frames = np.frombuffer(file.read(samples * self.channels * 4), np.float32).reshape(-1, self.channels)
                out = np.zeros((self.channels, samples), np.float32)
                out[:, : len(frames)] = frames.T
                return out

            yield read

    def blocks(self, samples: int, size: int) -> Iterator[Block]:
        """The first `samples`, in blocks of `size`, `(channels, size)` but for the last; zeros after the end."""
        with self.reading() as read:
            for start in range(0, samples, size):
                yield read(min(size, samples - start))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
