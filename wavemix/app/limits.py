"""How much the app takes in."""

from dataclasses import dataclass

GIGABYTE = 10**9


@dataclass(frozen=True)
class Limits:
    """What one visit may bring, and how many visits there may be.

    Attributes:
        song_bytes: What the files of a song may have in all.
        files: How many files a song may have.
        visits: How many may be here at a time.
        idle_seconds: After so long without a sign of its page, a visit has ended and its files are removed.

    Raises:
        ValueError: If one is not positive.
    """

    song_bytes: int = 16 * GIGABYTE
    files: int = 500
    visits: int = 8
    idle_seconds: float = 3600.0

    def __post_init__(self) -> None:
        if min(self.song_bytes, self.files, self.visits, self.idle_seconds) <= 0:
            raise ValueError("limits must be positive")
