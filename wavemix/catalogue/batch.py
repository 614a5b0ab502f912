"""Mixing a catalogue: its songs, a pool of workers, the list of failures, and how fast it goes."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from wavemix.catalogue.destination import Destination
from wavemix.catalogue.failures import write_failures
from wavemix.catalogue.listing import Song
from wavemix.catalogue.pool import M, Pool, share_out
from wavemix.catalogue.worker import Outcome
from wavemix.errors import WavemixError


def mix_catalogue(
    songs: Sequence[Song], destination: Destination, pool: Pool[M], tell: Callable[[str], None] = lambda note: None
) -> Iterator[Outcome]:
    """Mix the songs that are not done; yields each song's outcome as it comes, and keeps `failures.csv`.

    Args:
        songs: The catalogue.
        destination: Where the pool's workers bring the mixes.
        pool: The workers.
        tell: Takes a sentence for every file that was in the way of `failures.csv` and has another name now.

    Raises:
        WavemixError: If a mix would land among its own tracks, the destination takes no files, or the models cannot
            be loaded.
    """
    _check_apart(songs, destination.folder)
    failures: list[Outcome] = []

    def write() -> None:
        rows = ((failure.song.name, failure.song.source, failure.problem) for failure in failures)
        for note in write_failures(destination, rows):
            tell(note)

    write()  # finds out, before the first song, whether the place takes files
    with closing(share_out(pool, songs)) as outcomes:
        for outcome in outcomes:
            if outcome.state == "failed":
                failures.append(outcome)
                write()
            yield outcome


class Pace:
    """Counts outcomes and tells how fast songs are mixed.

    Attributes:
        counts: Songs by state.
    """

    def __init__(self, songs: int) -> None:
        self.counts: Counter[str] = Counter()
        self._songs, self._started = songs, time.monotonic()

    def add(self, outcome: Outcome) -> None:
        """A song is finished."""
        self.counts[outcome.state] += 1

    @property
    def songs_per_hour(self) -> float:
        """Songs mixed an hour so far; those that were kept cost nothing and do not count."""
        return 3600 * self.counts["mixed"] / max(time.monotonic() - self._started, 1e-9)

    @property
    def seconds_left(self) -> float | None:
        """Time that the remaining songs take if all must be mixed; None before the first is."""
        speed = self.songs_per_hour
        return 3600 * (self._songs - self.counts.total()) / speed if speed else None

    def describe(self) -> str:
        """Speed and time left in words, to stand after a number of songs; empty before the first is mixed."""
        left = self.seconds_left
        if left is None:
            return ""
        return f", {self.songs_per_hour:,.0f} an hour, {timedelta(seconds=round(left))} left"


def _check_apart(songs: Sequence[Song], output: Path | None) -> None:
    """Refuse an output whose files would be taken for tracks the next time."""
    if output is None:
        return
    sources = {(song.source.parent if song.source.is_file() else song.source).resolve(): song for song in songs}
    targets = {(output / song.name).resolve(): song for song in songs}
    pairs: list[tuple[Song | None, Song | None]]
    pairs = [(sources.get(place), song) for target, song in targets.items() for place in (target, *target.parents)]
    pairs += [(song, targets.get(place)) for source, song in sources.items() for place in source.parents]
    for read, mixed in pairs:
        if read and mixed:
            whose = "its mix" if read is mixed else f"the mix of {mixed.source}"
            raise WavemixError(f"{output}: {read.source} and {whose} would lie within each other; choose another -o.")
