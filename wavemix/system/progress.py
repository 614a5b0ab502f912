"""How far a mix has come."""

import time
from typing import Protocol

from wavemix.crew import Crew


class Progress(Protocol):
    """Told of every stage of a mix; the command line draws a bar from it."""

    def stage(self, name: str, total: int) -> None:
        """A stage begins; it will advance by `total` in all."""

    def advance(self, amount: int) -> None:
        """The current stage has advanced; said by several threads."""


class NoProgress:
    """Tells nobody."""

    def stage(self, name: str, total: int) -> None:
        """Nothing."""

    def advance(self, amount: int) -> None:
        """Nothing."""


class Attentive:
    """Passes everything on, and lets threads leave their work where they tell how far it has come."""

    def __init__(self, listener: Progress, crew: Crew) -> None:
        self._listener, self._crew = listener, crew

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""
        self._listener.stage(name, total)

    def advance(self, amount: int) -> None:
        """The current stage has advanced; as `Crew.stay`."""
        self._crew.stay()
        self._listener.advance(amount)


class Stopwatch:
    """Passes everything on and times the stages."""

    def __init__(self, listener: Progress) -> None:
        self._listener = listener
        self._started = self._stage_started = time.perf_counter()
        self._stage = ""
        self._seconds: dict[str, float] = {}

    def stage(self, name: str, total: int) -> None:
        """A stage begins, and the one before ends."""
        self._end_stage()
        self._stage, self._stage_started = name, time.perf_counter()
        self._listener.stage(name, total)

    def advance(self, amount: int) -> None:
        """The current stage has advanced."""
        self._listener.advance(amount)

    def stop(self) -> dict[str, float]:
        """Seconds that each stage took, and `total`."""
        self._end_stage()
        self._stage = ""
        return self._seconds | {"total": round(time.perf_counter() - self._started, 3)}

    def _end_stage(self) -> None:
        if self._stage:
            self._seconds[self._stage] = round(time.perf_counter() - self._stage_started, 3)
