"""`session.yaml`: a session that a person can read and edit."""

import os
from pathlib import Path, PurePath
from typing import Any

from wavemix.documents.names import name_problem, native, written
from wavemix.documents.values import file_name, shown, text_of
from wavemix.documents.yaml_text import dump_yaml, read_yaml
from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS
from wavemix.session.session import MANIFEST, Ignored, Session, Track, session_from_folder
from wavemix.staging import write_text

HEADER = """\
# The routing of one song. Change a track's group or role, add or remove tracks, and mix again with
#   wavemix mix SONG --session {name} -o OUT
# A track may also have gain_db: how much louder (or, below 0, softer) it is to be; and mute: true.
# Groups and their roles:
{roles}
"""

SESSION_KEYS = {"song", "folder", "tracks", "ignored"}
TRACK_KEYS = {"file", "group", "role", "reason", "gain_db", "mute"}


def open_session(song: Path, manifest: Path | None = None) -> Session:
    """The session of a song: from the manifest given, else from `session.yaml` in the song, else by names.

    Args:
        song: The song's folder, or a manifest itself.
        manifest: A manifest to use in place of the song's own.

    Raises:
        WavemixError: As `load_session` and `session_from_folder`.
    """
    if problem := name_problem(os.fspath(song)):
        raise WavemixError(f"{song}: {problem}; give the folder that holds the song's tracks.")
    if manifest is not None:
        return load_session(manifest)
    if song.is_file() and song.suffix.lower() in (".yaml", ".yml"):
        return load_session(song)
    if song.is_file():
        raise WavemixError(f"{song}: is a file; give the folder that holds the song's tracks.")
    if os.path.lexists(song / MANIFEST):
        return load_session(song / MANIFEST)
    return session_from_folder(song)


def save_session(session: Session, path: Path) -> None:
    """Write a manifest from which `load_session` gives the same session.

    Raises:
        WavemixError: If the file cannot be written.
    """
    write_text(path, dump_session(session, path))


def dump_session(session: Session, path: Path | None = None) -> str:
    """The text of a manifest.

    Args:
        session: The session.
        path: Where it is to lie; the tracks' folder is written relative to it. None for anywhere: it is absolute.
    """
    folder = session.folder.resolve()
    roles = "\n".join(f"#   {group.name}: {', '.join(group.roles)}" for group in GROUPS.values())
    body = {
        "song": session.name,
        "folder": (Path(os.path.relpath(folder, path.parent.resolve())) if path else folder).as_posix(),
        "tracks": [_row(track) for track in session.tracks],
        "ignored": [{"file": item.file.as_posix(), "reason": item.reason} for item in session.ignored],
    }
    return HEADER.format(name=written(path.name) if path else MANIFEST, roles=roles) + dump_yaml(body)


def load_session(path: Path) -> Session:
    """Read a manifest.

    A track needs only `file` and `group`; its role is then the group's default.

    Raises:
        WavemixError: If the manifest is missing, is not YAML of this form, or names a file that is missing or
            there twice, a group that does not exist, a role that the group lacks, or a gain that is no number.
    """
    body = _mapping(path, read_yaml(path), SESSION_KEYS, "it")
    folder = path.parent / file_name(body.get("folder", "."), f"{path}: `folder`")
    if not folder.is_dir():
        raise WavemixError(f"{path}: its folder {folder} does not exist; correct `folder`.")
    rows = body.get("tracks")
    if not isinstance(rows, list) or not rows:
        raise WavemixError(f"{path}: lists no tracks; add at least one under `tracks`.")
    tracks = tuple(_track(path, folder, row) for row in rows)
    seen: set[Path] = set()
    for track in tracks:
        file = (folder / track.file).resolve()
        if file in seen:
            raise WavemixError(f"{path}: lists {track.file} twice; remove one of the lines.")
        seen.add(file)
    left_out = body.get("ignored") or []
    if not isinstance(left_out, list):
        raise WavemixError(f"{path}: `ignored` must be a list of files, not {shown(left_out)}; correct or remove it.")
    ignored = tuple(_ignored(path, row) for row in left_out)
    name = native(text_of(body.get("song") or folder.resolve().name, f"{path}: `song`"))
    return Session(name, folder, tracks, ignored)


def _mapping(path: Path, value: object, keys: set[str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WavemixError(f"{path}: {what} must have the keys {', '.join(sorted(keys))}.")
    unknown = sorted(shown(key).strip("'") for key in value if key not in keys)
    if unknown:
        raise WavemixError(f"{path}: unknown key `{unknown[0]}`; {what} may have the keys {', '.join(sorted(keys))}.")
    return value


def _row(track: Track) -> dict[str, object]:
    """A track's lines; what a person may say of its level is there only where it is said."""
    row: dict[str, object] = {"file": track.file.as_posix(), "group": track.group, "role": track.role}
    if track.gain_db:
        row["gain_db"] = track.gain_db
    if track.mute:
        row["mute"] = True
    return row | {"reason": track.reason}


def _ignored(path: Path, row: object) -> Ignored:
    entry = _mapping(path, row, {"file", "reason"}, "an ignored file")
    file = file_name(entry.get("file"), f"{path}: `file` of an ignored file")
    return Ignored(PurePath(file), text_of(entry.get("reason") or "", f"{path}: `reason` of {file}"))


def _track(path: Path, folder: Path, row: object) -> Track:
    entry = _mapping(path, row, TRACK_KEYS, "a track")
    if "file" not in entry or "group" not in entry:
        raise WavemixError(
            f"{path}: every track needs a `file` and a `group`; one has only {', '.join(sorted(entry)) or 'none'}."
        )
    file = PurePath(file_name(entry["file"], f"{path}: `file` of a track"))
    wanted = text_of(entry["group"], f"{path}: `group` of {file}")
    group = GROUPS.get(wanted)
    if group is None:
        raise WavemixError(f"{path}: {file} has the unknown group `{wanted}`; choose from {', '.join(GROUPS)}.")
    role = text_of(entry.get("role") or group.default_role, f"{path}: `role` of {file}")
    if role not in group.roles:
        raise WavemixError(
            f"{path}: {file} has the role `{role}`, which {group.name} lacks; choose from {', '.join(group.roles)}."
        )
    if not os.path.exists(folder / file):  # noqa: PTH110  # a path that is too long is not there either
        raise WavemixError(f"{path}: names {file}, which is not in {folder}; correct the name or remove the line.")
    reason = text_of(entry.get("reason") or f"listed in {path.name}", f"{path}: `reason` of {file}")
    gain_db, mute = entry.get("gain_db", 0.0), entry.get("mute", False)
    if isinstance(gain_db, bool) or not isinstance(gain_db, int | float):
        raise WavemixError(
            f"{path}: {file} has the gain_db {shown(gain_db)}, which is no number; give dB, such as -1.5."
        )
    if not isinstance(mute, bool):
        raise WavemixError(f"{path}: {file} has mute {shown(mute)}; write true or false.")
    try:
        return Track(file, group.name, role, reason, gain_db=float(gain_db), mute=mute)
    except (ValueError, OverflowError) as error:
        raise WavemixError(f"{path}: {file}: {error}; `mute: true` leaves a track out.") from error
