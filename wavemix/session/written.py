"""What the reports of earlier mixes list as theirs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wavemix.documents.json_text import read_json
from wavemix.documents.names import native
from wavemix.errors import WavemixError
from wavemix.staging import stays_inside


@dataclass(frozen=True)
class Written:
    """What a `report.json` of ours tells of the files beside it.

    Attributes:
        files: The files of its mix, and of mixes before it that it left there, relative to the report.
        session_sha256: Hash of the `session.yaml` that was written with it; empty if none was.
    """

    files: frozenset[str] = frozenset()
    session_sha256: str = ""


def read_written(report: Path) -> Written | None:
    """What a report lists; None if it is not there, or not one of ours. Names that lead elsewhere make it foreign."""
    try:
        return written_in(read_json(report))
    except WavemixError:
        return None


def written_in(body: Any) -> Written | None:
    """What the body of a report lists; None if it is not one of ours."""
    try:
        files = [output["file"] for output in body["outputs"]] + [
            name for key in ("companions", "earlier_outputs") for name in body.get(key, [])
        ]
        session_sha256 = body.get("session_sha256") or ""
    except (KeyError, TypeError, AttributeError):
        return None
    if not all(map(stays_inside, files)):
        return None
    return Written(frozenset(map(native, files)), str(session_sha256))
