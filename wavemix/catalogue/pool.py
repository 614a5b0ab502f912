"""Sharing songs among workers that may die: each asks for its next song when it is ready."""

from collections import deque
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from wavemix.catalogue.listing import Song
from wavemix.catalogue.worker import Outcome
from wavemix.errors import WavemixError

TRIES = 2
"""Workers that a song may cost before it counts as failed."""

FAILED_STARTS = 3
"""Workers in a row that may die while they load the models before the batch is given up."""


class WorkerDied(Exception):
    """The process is gone: killed, out of memory, or its machine with it."""


class Member(Protocol):
    """A worker of a pool, seen from the process that gives out the songs."""

    def ask(self, song: Song) -> None:
        """Give it a song; its answer comes later."""

    def answer(self) -> Outcome | str:
        """What it says, waiting for it: first what `Worker.load` said, then the outcome of each song.

        Raises:
            WorkerDied: If it cannot say anything any more.
        """


M = TypeVar("M", bound=Member)


class Pool(Protocol[M]):
    """A supply of workers."""

    @property
    def size(self) -> int:
        """How many to have at a time."""

    def hire(self) -> M:
        """A new worker, which begins to load the models."""

    def wait(self, members: Collection[M]) -> M:
        """One of these that has an answer, as soon as one has."""

    def dismiss(self, members: Collection[M]) -> None:
        """End these, whatever they are doing."""


@dataclass(frozen=True)
class _Task:
    song: Song
    tries: int = 1


def share_out(pool: Pool[M], songs: Sequence[Song]) -> Generator[Outcome, None, None]:
    """Have all songs mixed; yields each song's outcome, once, as it comes.

    A worker that dies is replaced, and its song goes to the end of the queue for one more try.

    Raises:
        WavemixError: If the models cannot be loaded.
    """
    waiting = deque(_Task(song) for song in songs)
    loading: set[M] = set()
    idle: list[M] = []
    busy: dict[M, _Task] = {}
    failed_starts = 0
    try:
        while waiting or busy:
            while waiting and idle:
                member = idle.pop()
                busy[member] = waiting.popleft()
                member.ask(busy[member].song)
            while len(loading) + len(busy) < min(pool.size, len(waiting) + len(busy)):
                loading.add(pool.hire())
            member = pool.wait([*loading, *busy])
            task = busy.pop(member, None)
            loading.discard(member)
            try:
                answer = member.answer()
            except WorkerDied:
                pool.dismiss([member])
                failed_starts += task is None
                if failed_starts == FAILED_STARTS:
                    raise WavemixError(
                        f"{FAILED_STARTS} workers died while they loaded the models; ask for fewer with --workers, "
                        "which takes less memory."
                    ) from None
                if task and task.tries < TRIES:
                    waiting.append(_Task(task.song, task.tries + 1))
                elif task:
                    yield Outcome(task.song, "failed", f"{task.song.source}: {TRIES} workers died while they mixed it.")
                continue
            idle.append(member)
            if isinstance(answer, Outcome):
                yield answer
            elif answer:
                raise WavemixError(answer)
            else:
                failed_starts = 0
    finally:
        pool.dismiss([*loading, *idle, *busy])
