"""What was made of a song's files, in the few lines that a person reads."""

from collections import Counter
from collections.abc import Iterator

from wavemix.session.session import Session

MOST_NAMED = 4
"""Tracks that a line names."""


def summary(session: Session) -> Iterator[str]:
    """What was joined, taken apart and moved, a line each.

    Examples:
        >>> from pathlib import Path, PurePath
        >>> from wavemix.session.session import Track
        >>> piano = Track(PurePath("Piano.L.wav"), "other", "keys", "", right=PurePath("Piano.R.wav"))
        >>> list(summary(Session("song", Path("song"), (piano,))))
        ['joined to stereo: Piano.L.wav + Piano.R.wav']
    """
    joined = [track.label for track in session.tracks if track.right]
    if joined:
        yield f"joined to stereo: {_named(joined)}"
    channels = Counter(track.file.as_posix() for track in session.tracks if track.channel)
    for file, count in channels.items():
        yield f"{file}: {count} of its channels {'are tracks of their own' if count > 1 else 'is a track of its own'}"
    late = [track for track in session.tracks if track.start_seconds]
    if late:
        named = _named([f"{track.label} at {track.start_seconds:.3f} s" for track in late])
        yield f"placed by their start times: {named}"


def _named(labels: list[str]) -> str:
    more = f" and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else ""
    return ", ".join(labels[:MOST_NAMED]) + more
