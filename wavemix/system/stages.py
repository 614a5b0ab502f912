"""Where the samples of a stem or of the mix lie between two steps of the road: on disk or in memory."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

import torch
from torch import Tensor

from wavemix.audio.spool import Spool
from wavemix.session.groups import STEREO
from wavemix.zoo.mixer import endless

Read = Callable[[int], Tensor]
"""Gives the next so many samples of a stream, the last dimension of a tensor; zeros after its end."""


class Stage(Protocol):
    """Samples that are written once, in order, and read from the start as often as they are wanted."""

    def append(self, block: Tensor) -> None:
        """Add samples, `(songs, 2, samples)`."""

    def reading(self) -> AbstractContextManager[Read]:
        """What gives the samples from the start on, `(songs, 2, samples)`; many may read at a time."""


class DiskStage:
    """Samples of one song in a scratch file, so that memory does not grow with the song."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def append(self, block: Tensor) -> None:
        """Add samples, `(1, 2, samples)`.

        Raises:
            OSError: If the disk does not take them.
        """
        self._spool.append(block[0].cpu().numpy())

    @contextmanager
    def reading(self) -> Iterator[Read]:
        """What gives the samples from the start on, `(1, 2, samples)`."""
        with self._spool.reading() as read:
            yield lambda samples: torch.from_numpy(read(samples))[None]


class MemoryStage:
    """Samples in memory, with the gradients that they came with.

    Args:
        songs: How many lie side by side.
        device: Where to keep them.
    """

    def __init__(self, songs: int = 1, device: torch.device | None = None) -> None:
        self._device = device or torch.device("cpu")
        self._blocks = [torch.zeros((songs, STEREO, 0), device=self._device)]

    def append(self, block: Tensor) -> None:
        """Add samples, `(songs, 2, samples)`."""
        self._blocks.append(block.to(self._device))

    def reading(self) -> AbstractContextManager[Read]:
        """What gives the samples from the start on, `(songs, 2, samples)`."""
        if len(self._blocks) > 1:
            self._blocks = [torch.cat(self._blocks, dim=-1)]
        return nullcontext(endless(self._blocks[0]))
