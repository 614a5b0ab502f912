"""Threads that leave their work as soon as whoever waits for it is interrupted, or the work of one has failed."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Left(Exception):
    """Work was left, because nobody waits for it any more."""


class Crew:
    """Some threads, which share work.

    What they do must ask often, a few times a second, whether to `stay`: a signal reaches the main thread only, and it
    would wait until they are done.
    """

    def __init__(self, size: int) -> None:
        self._pool, self._leave = ThreadPoolExecutor(size), Event()

    def map(self, work: Callable[..., T], *rows: Iterable[Any]) -> Iterator[T]:
        """What `work` gives for each row of arguments, in order; it begins at once."""
        return self._pool.map(work, *rows)

    def stay(self) -> None:
        """Asked by work.

        Raises:
            Left: If it is to end.
        """
        if self._leave.is_set():
            raise Left

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._leave.set()
        self._pool.shutdown(cancel_futures=kind is not None)
