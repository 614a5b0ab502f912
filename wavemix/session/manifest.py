"""`session.yaml`: a session that a person can read and edit."""

import os
from pathlib import Path, PurePath
from typing import Any

import yaml

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
    if manifest is not None:
        return load_session(manifest)
    if song.is_file() and song.suffix.lower() in (".yaml", ".yml"):
        return load_session(song)
    if song.is_file():
        raise WavemixError(f"{song}: is a file; give the folder that holds the song's tracks.")
    if (song / MANIFEST).is_file():
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
    text: str = yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=1000)
    return HEADER.format(name=path.name if path else MANIFEST, roles=roles) + text


def load_session(path: Path) -> Session:
    """Read a manifest.

    A track needs only `file` and `group`; its role is then the group's default.

    Raises:
        WavemixError: If the manifest is missing, is not YAML of this form, or names a file that is missing or
            there twice, a group that does not exist, a role that the group lacks, or a gain that is no number.
    """
    body = _mapping(path, read_yaml(path), SESSION_KEYS, "it")
    folder = path.parent / str(body.get("folder", "."))
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
    ignored = tuple(
        Ignored(PurePath(str(row.get("file"))), str(row.get("reason", "")))
        for row in (_mapping(path, row, {"file", "reason"}, "an ignored file") for row in body.get("ignored") or [])
    )
    return Session(str(body.get("song") or folder.resolve().name), folder, tracks, ignored)


def read_yaml(path: Path) -> object:
    """What a YAML file holds.

    Raises:
        WavemixError: If it cannot be read or is not valid YAML.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WavemixError(f"{path}: cannot be read ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" near line {where.line + 1}" if where else ""
        raise WavemixError(f"{path}: is not valid YAML{line}; correct it or write a new one.") from error


def _mapping(path: Path, value: object, keys: set[str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WavemixError(f"{path}: {what} must have the keys {', '.join(sorted(keys))}.")
    unknown = sorted(str(key) for key in value if key not in keys)
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


def _track(path: Path, folder: Path, row: object) -> Track:
    entry = _mapping(path, row, TRACK_KEYS, "a track")
    if "file" not in entry or "group" not in entry:
        raise WavemixError(f"{path}: every track needs a `file` and a `group`; one has only {sorted(entry)}.")
    file, group = PurePath(str(entry["file"])), GROUPS.get(str(entry["group"]))
    if group is None:
        raise WavemixError(f"{path}: {file} has the unknown group `{entry['group']}`; choose from {', '.join(GROUPS)}.")
    role = str(entry.get("role") or group.default_role)
    if role not in group.roles:
        raise WavemixError(
            f"{path}: {file} has the role `{role}`, which {group.name} lacks; choose from {', '.join(group.roles)}."
        )
    if not (folder / file).exists():
        raise WavemixError(f"{path}: names {file}, which is not in {folder}; correct the name or remove the line.")
    reason = str(entry.get("reason") or f"listed in {path.name}")
    gain_db, mute = entry.get("gain_db", 0.0), entry.get("mute", False)
    if isinstance(gain_db, bool) or not isinstance(gain_db, int | float):
        raise WavemixError(f"{path}: {file} has the gain_db `{gain_db}`, which is no number; give dB, such as -1.5.")
    if not isinstance(mute, bool):
        raise WavemixError(f"{path}: {file} has mute `{mute}`; write true or false.")
    try:
        return Track(file, group.name, role, reason, gain_db=float(gain_db), mute=mute)
    except (ValueError, OverflowError) as error:
        raise WavemixError(f"{path}: {file}: {error}; `mute: true` leaves a track out.") from error
