"""One mix in work: what it has come to, and how it is cancelled."""

import sys
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Literal

from wavemix.errors import WavemixError

State = Literal["waiting", "running", "done", "failed", "cancelled"]


class Cancelled(Exception):
    """Nobody wants the mix any more."""


class Job:
    """Work that is done in its turn; it is told of its stages, as `Progress` is.

    Attributes:
        state: What has become of it.
        error: Why it failed, in words.
    """

    def __init__(self, work: Callable[["Job"], None], steps: int) -> None:
        """A job that waits.

        Args:
            work: What is to be done. It tells the job how far it has come, and leaves by `Cancelled` if that says so.
            steps: How many stages there will be.
        """
        self.state: State = "waiting"
        self.error = ""
        self._work, self._steps = work, steps
        self._stage, self._total, self._step, self._done = "", 0, 0, 0
        self._cancel, self._counting = Event(), Lock()

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state not in ("waiting", "running")

    def stage(self, name: str, total: int) -> None:
        """A stage begins.

        Raises:
            Cancelled: If the job was.
        """
        self._stay()
        with self._counting:
            self._stage, self._total, self._done = name, total, 0
            self._step += 1

    def advance(self, amount: int) -> None:
        """The stage has advanced; said by several threads.

        Raises:
            Cancelled: If the job was.
        """
        self._stay()
        with self._counting:
            self._done += amount

    def cancel(self) -> None:
        """Let it leave its work as soon as it next tells how far it has come."""
        self._cancel.set()

    def run(self) -> None:
        """Do the work, if it is wanted still."""
        try:
            self._stay()
            self.state = "running"
            self._work(self)
        except Cancelled:
            self.state = "cancelled"
        except WavemixError as error:
            self.error, self.state = str(error), "failed"
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self.error = f"the app itself has failed ({error or type(error).__name__}); its terminal has the details."
            self.state = "failed"
        else:
            self.state = "done"

    def told(self) -> Mapping[str, object]:
        """How far it has come, for the page."""
        with self._counting:
            share = min(1.0, self._done / self._total) if self._total else 0.0
            return {
                "state": self.state,
                "error": self.error,
                "stage": self._stage,
                "step": self._step,
                "steps": self._steps,
                "share": round(share, 4),
            }

    def _stay(self) -> None:
        if self._cancel.is_set():
            raise Cancelled


class Queue:
    """Jobs, of which one is done at a time: each takes all cores."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "wavemix-mix")
        self._jobs: list[Job] = []

    def first(self, work: Callable[[], None]) -> None:
        """Have something done before all jobs."""
        self._worker.submit(work)

    def add(self, job: Job) -> None:
        """Do a job after those that are here already."""
        self._jobs = [*(other for other in self._jobs if not other.is_over), job]
        self._worker.submit(job.run)

    def ahead_of(self, job: Job) -> int:
        """How many jobs come before one, the running one included; 0 once it runs."""
        if job.state != "waiting":
            return 0
        waiting = [other for other in self._jobs if not other.is_over]
        return waiting.index(job) if job in waiting else 0

    def close(self) -> None:
        """Cancel all jobs, and wait until the last has left its work."""
        for job in self._jobs:
            job.cancel()
        self._worker.shutdown(cancel_futures=True)
