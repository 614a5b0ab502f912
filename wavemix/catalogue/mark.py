"""What a report at a destination tells of a song: what it was made from, and which files are ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wavemix.documents.json_text import parse_json
from wavemix.errors import WavemixError
from wavemix.session.session import REPORT
from wavemix.session.written import written_in
from wavemix.staging import stays_inside

MARK = "batch"
"""What a batch adds to a report: `fingerprint`, `files` with their sizes in bytes, and `worker`."""


@dataclass(frozen=True)
class Mark:
    """What a report says; empty if there is none.

    Attributes:
        fingerprint: Fingerprint of what the mix was made from; empty if it is not a batch's, or not done.
        files: Our files' sizes in bytes by their names; 0 where it is not told.
        session_sha256: Hash of the `session.yaml` that we wrote; empty if we wrote none.
        doubt: What is wrong with the report, if there is one that is not ours.
    """

    fingerprint: str = ""
    files: Mapping[str, int] = field(default_factory=dict)
    session_sha256: str = ""
    doubt: str = ""


def read_mark(report: bytes) -> Mark | None:
    """The mark in a report, or what one of `wavemix mix` lists; None if it is neither."""
    try:
        body: Any = parse_json(report, REPORT)
        written = written_in(body)
        session_sha256 = written.session_sha256 if written else ""
        if MARK not in body:
            return Mark("", dict.fromkeys(written.files, 0), session_sha256) if written else None
        fingerprint, files = body[MARK]["fingerprint"], body[MARK]["files"]
    except (WavemixError, KeyError, TypeError):
        return None
    if not isinstance(fingerprint, str) or not isinstance(files, dict) or not all(map(stays_inside, files)):
        return None
    return Mark(fingerprint, files, session_sha256)
