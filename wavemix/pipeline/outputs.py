"""What a mix may write over: the files of our earlier mixes, and nothing else unless the user says so."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from wavemix.documents.files import read_bytes
from wavemix.documents.names import file_stem
from wavemix.errors import WavemixError
from wavemix.pipeline.delivery import Delivery
from wavemix.session.groups import GROUPS, MIX
from wavemix.session.session import MANIFEST, REPORT, Session
from wavemix.session.written import Written, read_written
from wavemix.staging import check_places, identity


def output_files(delivery: Delivery, song: str) -> dict[str, str]:
    """The sound files of a mix of a song of that name, by what is in them: the mix first, then the stems."""
    named = f"{file_stem(song)}_" if delivery.name_stems == "song" else ""
    stems = {group: f"stems/{named}{group}.{delivery.format}" for group in GROUPS} if delivery.stems else {}
    return {MIX: f"{named}{MIX}.{delivery.format}"} | stems


def check_outputs(session: Session, out: Path, files: Sequence[str], overwrite: bool) -> None:
    """Refuse what would replace a track of the song, or a file that no report of an earlier mix lists.

    `session.yaml` is not looked at: an edited one is kept (see `keeps_manifest`).

    Args:
        session: The song.
        out: The output folder; it need not exist.
        files: The sound files that are to be written into it.
        overwrite: Whether files that are not ours may be replaced; the song's own never are.

    Raises:
        WavemixError: If there is such a file, or a file cannot have its place.
    """
    check_places(out, [*files, REPORT, MANIFEST])
    check_tracks(session, out, files)
    there = [name for name in (*files, REPORT) if os.path.lexists(out / name)]
    written = read_written(out / REPORT)
    ours = {*written.files, REPORT} if written else set()
    strange = [name for name in there if name not in ours]
    if strange and not overwrite:
        more = f" (and {len(strange) - 1} more)" if len(strange) > 1 else ""
        raise WavemixError(
            f"{out / strange[0]}: was not written by an earlier mix{more} and would be replaced; choose another output "
            "folder, or say --overwrite (in Python overwrite=True)."
        )


def check_tracks(session: Session, out: Path, files: Sequence[str]) -> None:
    """Refuse what would replace a track of a song, be it the one that is mixed or one whose turn comes later.

    Raises:
        WavemixError: If a file would.
    """
    tracks = {file for track in session.tracks for path in session.paths(track) if (file := identity(path))}
    for place in (out / name for name in (*files, REPORT)):
        if identity(place) in tracks:
            raise WavemixError(
                f"{place}: is a track of {session.name}, and a mix would replace it; choose another output folder."
            )


def earlier_files(out: Path, files: Sequence[str]) -> list[str]:
    """What earlier mixes wrote into a folder and this one leaves there: files of another format, or stems."""
    written = read_written(out / REPORT) or Written()
    return sorted(name for name in written.files - {*files} if (out / name).is_file())


def keeps_manifest(out: Path, text: str) -> bool:
    """Whether a folder has a `session.yaml` that a person wrote or edited: not `text`, nor what the last mix wrote."""
    path = out / MANIFEST
    if not os.path.lexists(path):
        return False
    try:
        found = read_bytes(path)
    except WavemixError:
        return True
    written = read_written(out / REPORT) or Written()
    return found != text.encode() and hashlib.sha256(found).hexdigest() != written.session_sha256
