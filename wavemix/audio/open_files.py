"""How many tracks this process holds open, and how many it may."""

from threading import Lock

try:
    import resource
except ImportError:  # Windows: there are 8192
    resource = None  # type: ignore[assignment]

KEPT = 16
"""Descriptors that are none of ours: the terminal's, scratch files, a lock, what libraries open."""


class OpenFiles:
    """Counts tracks that are open, in all threads."""

    def __init__(self) -> None:
        self._lock, self._number = Lock(), 0

    def count(self, change: int) -> None:
        """So many more are open."""
        with self._lock:
            self._number += change

    def are_too_many(self) -> bool:
        """Whether whoever has read from one should close it: half of the descriptors are for other threads."""
        if resource is None:
            return False
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return limit != resource.RLIM_INFINITY and self._number > max(1, (limit - KEPT) // 2)


OPEN_FILES = OpenFiles()
