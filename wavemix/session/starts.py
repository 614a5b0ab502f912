"""When the tracks of a song begin, by the time stamps of broadcast WAV files (EBU Tech 3285)."""

from collections.abc import Sequence

from wavemix.errors import WavemixError
from wavemix.session.found import Found

LATEST_START_SECONDS = 1800.0
"""No part of a song is expected to enter later: such stamps are of another day, or another clock."""

DECIMALS = 9
"""Decimals of a start in seconds: finer than a sample at any rate."""


def start_times(song: str, files: Sequence[Found], anyway: bool = False) -> tuple[list[float], list[str]]:
    """The start of each file in seconds from the start of the song, and what a person should know of it.

    All are 0 where the stamps agree or fewer than two files have one; so is that of a file without a stamp.

    Args:
        song: The song's folder, for the message.
        files: Its files.
        anyway: Whether to take no notice of stamps that lie too far apart, instead of asking.

    Raises:
        WavemixError: If stamps lie further apart than a song is long.
    """
    stamped = [(at, found) for found in files if (at := found.start_seconds) is not None]
    if len({at for at, _ in stamped}) < 2:
        return [0.0] * len(files), []
    (first, earliest), (last, latest) = (choose(stamped, key=lambda row: row[0]) for choose in (min, max))
    if last - first > LATEST_START_SECONDS:
        if anyway:
            return [0.0] * len(files), [
                f"start times in the files are not heeded: they lie {_spell(last - first)} apart"
            ]
        raise WavemixError(
            f"{song}: by the start times in the files {latest.file} begins {_spell(last - first)} after "
            f"{earliest.file}; are they one song? Move what is not away, or say `wavemix session SONG "
            "--anyway` to let all begin together."
        )
    bare = [found.file.as_posix() for found in files if found.start_seconds is None]
    warnings = [f"{', '.join(bare)}: no start time, as the other files have; begins with the song"] if bare else []
    return [
        0.0 if found.start_seconds is None else round(found.start_seconds - first, DECIMALS) for found in files
    ], warnings


def _spell(seconds: float) -> str:
    """Hours and minutes."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
