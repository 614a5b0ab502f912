"""What recorders leave: many channels in one file, and takes that go on in the next file once one is full."""

import re
from collections.abc import Sequence
from itertools import pairwise

from wavemix.errors import WavemixError
from wavemix.session.found import Found

FULL_BYTES = (2**30, 2**31, 2**32)
"""Where recorders begin a new file: what their disks and the sizes in a WAV file can hold."""

FULL_SHARE = 0.98

_NUMBER = re.compile(r"\d+(?=\D*$)")


def check_continuations(song: str, files: Sequence[Found], starts: Sequence[float]) -> None:
    """Ask about files that go on where others end; by their names alone they would be laid on top of each other.

    Args:
        song: The song's folder, for the message.
        files: Its files.
        starts: When each begins, in seconds from the start of the song.

    Raises:
        WavemixError: If files of one form, numbered one after the other, are full but for the last.
    """
    runs: dict[object, list[tuple[int, Found, float]]] = {}
    for found, start in zip(files, starts, strict=True):
        number = _NUMBER.search(found.file.stem)
        if number and found.info:
            name = found.file.stem[: number.start()], found.file.stem[number.end() :]
            form = found.info.rate, found.info.channels, found.file.suffix
            runs.setdefault((found.file.parent, name, form), []).append((int(number[0]), found, start))
    for run in runs.values():
        run.sort(key=lambda row: row[0])
        for (before, found, start), (after, then, at) in pairwise(run):
            if after == before + 1 and start == at and _is_full(found, [row[1] for row in run]):
                raise WavemixError(
                    f"{song}: {then.file} seems to go on where {found.file} ends, so they cannot begin together; join "
                    "them in an editor, or say `wavemix session SONG --anyway` and correct `start_seconds` there."
                )


def _is_full(found: Found, run: Sequence[Found]) -> bool:
    """Whether a recorder may have gone on in a new file.

    Of many channels the lengths tell too: all of a take's files but the last have one.
    """
    if any(FULL_SHARE * limit <= found.size <= limit for limit in FULL_BYTES):
        return True
    lengths = [member.info.frames for member in run if member.info]
    return found.is_multichannel and len(set(lengths[:-1])) == 1 and lengths[-1] < lengths[0]
