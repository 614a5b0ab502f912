"""`failures.csv`: the songs that failed in the last batch, and why; empty if none did.

`batch.json` beside it tells which file of that name is ours, by its hash, so that no other is replaced: a person may
have put one there, or written into ours.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from wavemix.catalogue.destination import Destination
from wavemix.documents.csv_text import dump_rows
from wavemix.documents.files import read_bytes
from wavemix.documents.json_text import dump_json, parse_json
from wavemix.errors import WavemixError

FAILURES, BATCH = "failures.csv", "batch.json"

_HASHES = "failures_sha256"


def write_failures(destination: Destination, rows: Iterable[tuple[str, object, str]]) -> list[str]:
    """Write the list of failures. Files that are not ours and in its place get other names.

    Args:
        destination: Where the mixes lie.
        rows: Name, source and problem of each song.

    Returns:
        A sentence for every file that has another name now.

    Raises:
        WavemixError: If the place does not take it, or does not answer.
    """
    text = dump_rows(("name", "song", "problem"), rows)
    report, there = destination.read(BATCH), destination.read(FAILURES)
    ours = hashes_in(report or b"")
    notes = [destination.set_aside(BATCH)] if report is not None and ours is None else []
    known = {*(ours or ()), _sha256(text.encode())}
    if there is not None and _sha256(there) not in known:
        notes.append(destination.set_aside(FAILURES))
        there = None
    # Both, because a batch may be killed between the two writes.
    kept = [] if there is None else [_sha256(there)]
    destination.write_text(BATCH, dump_json({_HASHES: [*kept, _sha256(text.encode())]}))
    destination.write_text(FAILURES, text)
    return notes


def has_mixes(folder: Path) -> bool:
    """Whether a batch wrote into a folder."""
    try:
        return hashes_in(read_bytes(folder / BATCH)) is not None
    except WavemixError:
        return False


def hashes_in(report: bytes) -> set[str] | None:
    """The hashes of our lists that a `batch.json` names; None if it is not ours."""
    try:
        body = parse_json(report, BATCH)
    except WavemixError:
        return None
    hashes = body.get(_HASHES) if isinstance(body, dict) else None
    if not isinstance(hashes, list) or not all(isinstance(found, str) for found in hashes):
        return None
    return set(hashes)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
