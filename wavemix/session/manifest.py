"""`session.yaml`: a session that a person can read and edit."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from wavemix.documents.names import name_problem, native, written
from wavemix.documents.values import file_name, shown, text_of
from wavemix.documents.yaml_text import dump_yaml, read_yaml
from wavemix.errors import WavemixError
from wavemix.session.care import alignment_row, place_row, read_alignment, read_places
from wavemix.session.finding import session_from_folder
from wavemix.session.groups import GROUPS
from wavemix.session.hearing import Ear
from wavemix.session.session import MANIFEST, Ignored, Session, Track
from wavemix.staging import write_text

HEADER = """\
# The routing of one song. Change a track's group or role, add or remove tracks, and mix again with
#   wavemix mix SONG --session {name} -o OUT
# A track may also have gain_db: how much louder (or, below 0, softer) it is to be; and mute: true.
# right: a mono file that is the right side of the track's; without it, and in a row of its own, it is another track.
# channel: which one of its file's channels the track is, from 1; without it, all of them.
# start_seconds: when it begins; start_times: false, above the tracks, lets all begin together.
# confidence: how sure its sound was of the group, 0 to 1, where its name did not tell; only for your information.
# align: a track lies lag_samples late and is moved earlier by them; polarity: -1 turns it over; align: false leaves it.
# clean: places in which a track is lowered by db; remove some, or write clean: false to leave the track as it is.
# warnings: what to look at; remove what you have settled.
# Groups and their roles:
{roles}
"""

SESSION_KEYS = {"song", "folder", "start_times", "tracks", "ignored", "warnings"}
TRACK_KEYS = {"file", "right", "channel", "group", "role", "reason", "confidence", "start_seconds", "gain_db", "mute"}
CARE_KEYS = {"align", "clean"}


def open_session(song: Path, manifest: Path | None = None, ear: Ear | None = None) -> Session:
    """The session of a song: from the manifest given, else from `session.yaml` in the song, else by names and sound.

    Args:
        song: The song's folder, or a manifest itself.
        manifest: A manifest to use in place of the song's own.
        ear: Who listens to what names do not tell; None for nobody.

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
    return session_from_folder(song, ear=ear)


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
    body: dict[str, object] = {
        "song": session.name,
        "folder": (Path(os.path.relpath(folder, path.parent.resolve())) if path else folder).as_posix(),
    }
    if any(track.start_seconds for track in session.tracks):
        body["start_times"] = True
    body["tracks"] = [_row(track) for track in session.tracks]
    body["ignored"] = [{"file": item.file.as_posix(), "reason": item.reason} for item in session.ignored]
    if session.warnings:
        body["warnings"] = list(session.warnings)
    return HEADER.format(name=written(path.name) if path else MANIFEST, roles=roles) + dump_yaml(body)


def load_session(path: Path) -> Session:
    """Read a manifest.

    A track needs only `file` and `group`; its role is then the group's default.

    Raises:
        WavemixError: If the manifest is missing, is not YAML of this form, or names a file that is missing or
            there twice, a group that does not exist, a role that the group lacks, or a gain, channel or start that
            there cannot be.
    """
    body = _mapping(path, read_yaml(path), SESSION_KEYS, "it")
    folder = path.parent / file_name(body.get("folder", "."), f"{path}: `folder`")
    if not folder.is_dir():
        raise WavemixError(f"{path}: its folder {folder} does not exist; correct `folder`.")
    rows = body.get("tracks")
    if not isinstance(rows, list) or not rows:
        raise WavemixError(f"{path}: lists no tracks; add at least one under `tracks`.")
    tracks = tuple(_track(path, folder, row) for row in rows)
    _check_used_once(path, folder, tracks)
    if not _flag(body, "start_times", True, f"{path}: it"):
        tracks = tuple(replace(track, start_seconds=0.0) for track in tracks)
    ignored = tuple(_ignored(path, row) for row in _list(path, body, "ignored", "files"))
    warnings = tuple(text_of(line, f"{path}: a warning") for line in _list(path, body, "warnings", "sentences"))
    name = native(text_of(body.get("song") or folder.resolve().name, f"{path}: `song`"))
    return Session(name, folder, tracks, ignored, warnings)


def _check_used_once(path: Path, folder: Path, tracks: Sequence[Track]) -> None:
    """Refuse a file that is two tracks, or two sides, unless these are channels of it."""
    seen: dict[Path, set[int | None]] = {}
    for track in tracks:
        for file in (track.file, track.right):
            if file is None:
                continue
            channels = seen.setdefault((folder / file).resolve(), set())
            if track.channel in channels or (channels and None in channels | {track.channel}):
                channel = f", channel {track.channel}," if track.channel in channels and track.channel else ""
                raise WavemixError(f"{path}: lists {file}{channel} twice; remove one of the lines.")
            channels.add(track.channel)


def _list(path: Path, body: Mapping[str, Any], key: str, of: str) -> list[object]:
    rows = body.get(key) or []
    if not isinstance(rows, list):
        raise WavemixError(f"{path}: `{key}` must be a list of {of}, not {shown(rows)}; correct or remove it.")
    return rows


def _flag(row: Mapping[str, Any], key: str, default: bool, where: str) -> bool:
    value = row.get(key, default)
    if not isinstance(value, bool):
        raise WavemixError(f"{where} has {key} {shown(value)}; write true or false.")
    return value


def _number(row: Mapping[str, Any], key: str, where: str, example: str) -> float:
    value = row.get(key, 0.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WavemixError(f"{where} has the {key} {shown(value)}, which is no number; give {example}.")
    return float(value)


def _mapping(path: Path, value: object, keys: set[str], what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WavemixError(f"{path}: {what} must have the keys {', '.join(sorted(keys))}.")
    unknown = sorted(shown(key).strip("'") for key in value if key not in keys)
    if unknown:
        raise WavemixError(f"{path}: unknown key `{unknown[0]}`; {what} may have the keys {', '.join(sorted(keys))}.")
    return value


def _row(track: Track) -> dict[str, object]:
    """A track's lines; those that few tracks need are there only where they say something."""
    row: dict[str, object] = {"file": track.file.as_posix()}
    if track.right:
        row["right"] = track.right.as_posix()
    if track.channel:
        row["channel"] = track.channel
    row |= {"group": track.group, "role": track.role}
    if track.start_seconds:
        row["start_seconds"] = track.start_seconds
    if track.gain_db:
        row["gain_db"] = track.gain_db
    if track.mute:
        row["mute"] = True
    row["reason"] = track.reason
    if track.confidence is not None:
        row["confidence"] = round(track.confidence, 3)
    if track.alignment is not None:
        row["align"] = alignment_row(track.alignment)
    if track.places is not None:
        row["clean"] = [place_row(place) for place in track.places] or False
    return row


def _ignored(path: Path, row: object) -> Ignored:
    entry = _mapping(path, row, {"file", "reason"}, "an ignored file")
    file = file_name(entry.get("file"), f"{path}: `file` of an ignored file")
    return Ignored(PurePath(file), text_of(entry.get("reason") or "", f"{path}: `reason` of {file}"))


def _track(path: Path, folder: Path, row: object) -> Track:
    entry = _mapping(path, row, TRACK_KEYS | CARE_KEYS, "a track")
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
    right = PurePath(file_name(entry["right"], f"{path}: `right` of {file}")) if entry.get("right") else None
    for needed in (file, right):
        if needed is None:
            continue
        if not os.path.exists(folder / needed):  # noqa: PTH110  # a path that is too long is not there either
            raise WavemixError(
                f"{path}: names {needed}, which is not in {folder}; correct the name or remove the line."
            )
    reason = text_of(entry.get("reason") or f"listed in {path.name}", f"{path}: `reason` of {file}")
    channel, where = entry.get("channel"), f"{path}: {file}"
    if channel is not None and (isinstance(channel, bool) or not isinstance(channel, int)):
        raise WavemixError(f"{where} has the channel {shown(channel)}; give its number, from 1.")
    try:
        return Track(
            file,
            group.name,
            role,
            reason,
            gain_db=_number(entry, "gain_db", where, "dB, such as -1.5"),
            mute=_flag(entry, "mute", False, where),
            right=right,
            channel=channel,
            start_seconds=_number(entry, "start_seconds", where, "seconds, such as 2.5"),
            confidence=_number(entry, "confidence", where, "0 to 1") if "confidence" in entry else None,
            alignment=read_alignment(entry.get("align")),
            places=read_places(entry.get("clean")),
        )
    except (ValueError, OverflowError) as error:
        raise WavemixError(f"{where}: {error}; correct the line, or leave the track out with `mute: true`.") from error
