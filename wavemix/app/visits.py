"""All visits that the app has, each with a folder of its own; none outlasts the program."""

import time
from pathlib import Path

from wavemix.app.limits import Limits
from wavemix.app.refusals import Refusal
from wavemix.app.visit import MISSING, Visit

FULL = 503

RETURN_SECONDS = 60.0
"""How soon a page that was left is back, if it was only loaded again."""


class Visits:
    """Whoever is here.

    Args:
        folder: For their folders.
        limits: How many may be here, and how long without a sign.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder, self._limits = folder, limits
        self._by_id: dict[str, Visit] = {}

    def begin(self) -> Visit:
        """A new visit.

        Raises:
            WavemixError: If there is no room.
        """
        self.sweep()
        if len(self._by_id) >= self._limits.visits:
            raise Refusal(FULL, f"all {self._limits.visits} places are taken; try again in some minutes.")
        visit = Visit(self._folder, self._limits)
        self._by_id[visit.id] = visit
        return visit

    def get(self, name: str) -> Visit:
        """A visit by its id.

        Raises:
            WavemixError: If there is none, or none any more.
        """
        visit = self._by_id.get(name)
        if visit is None:
            raise Refusal(MISSING, "the visit has ended and its files are removed; load the page again.")
        visit.seen = time.monotonic()
        return visit

    def leave(self, visit: Visit) -> None:
        """The page of a visit was closed, or is loaded again: then it will soon be heard of."""
        visit.seen = time.monotonic() - self._limits.idle_seconds + RETURN_SECONDS

    def end(self, visit: Visit) -> None:
        """Remove a visit and all of its files."""
        self._by_id.pop(visit.id, None)
        visit.end()

    def sweep(self) -> None:
        """End the visits whose pages have not been heard of for long."""
        oldest = time.monotonic() - self._limits.idle_seconds
        for visit in list(self._by_id.values()):
            if visit.seen < oldest:  # a page that waits for its mix asks for it several times a second
                self.end(visit)

    def close(self) -> None:
        """End all visits."""
        for visit in list(self._by_id.values()):
            self.end(visit)
