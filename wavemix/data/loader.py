"""Batches in order, in this process or made ahead of time by others."""

from collections.abc import Callable, Iterator

import torch
from torch.utils.data import DataLoader

from wavemix.data.crops import Batch, Batches


class Loader:
    """Passes over a numbered source of batches, each from where the training stands.

    Lightning is given this and no torch `DataLoader`, which it would take apart and put together again with
    samplers of its own.
    """

    def __init__(self, batches: Batches, length: int, first: Callable[[], int] = lambda: 0, workers: int = 0) -> None:
        """Build the loader.

        Args:
            batches: The source.
            length: Batches of a pass.
            first: Gives the number of a pass's first batch when the pass begins.
            workers: Processes that make batches ahead of time; 0 for none.
        """
        self._batches, self._numbers = batches, _Numbers(length, first)
        self._ahead: DataLoader[Batch] | None = None
        if workers:
            self._ahead = DataLoader(
                batches,  # type: ignore[arg-type]  # it has what a map-style dataset needs
                batch_size=None,
                sampler=self._numbers,
                num_workers=workers,
                pin_memory=torch.cuda.is_available(),
            )

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Batch]:
        if self._ahead is not None:
            return iter(self._ahead)
        return (self._batches[number] for number in self._numbers)

    def state_dict(self) -> dict[str, int]:
        """Nothing: `first` says where to go on. Lightning takes a loader without this for one that cannot."""
        return {}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Nothing; see `state_dict`."""


class _Numbers:
    """The numbers of a pass's batches, as a sampler."""

    def __init__(self, length: int, first: Callable[[], int]) -> None:
        self._length, self._first = length, first

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[int]:
        first = self._first()
        return iter(range(first, first + self._length))
