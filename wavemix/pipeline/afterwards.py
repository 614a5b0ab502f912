"""A mix that lies in a folder, explained afterwards: nothing is mixed again, no network is needed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from wavemix.audio.files import probe
from wavemix.audio.reading import Block, TrackReader
from wavemix.audio.reworked import original
from wavemix.audio.sides import probe_track
from wavemix.data.hashing import sha256
from wavemix.daw.media import Media
from wavemix.documents.json_text import dump_json, read_json
from wavemix.documents.names import native
from wavemix.documents.values import file_name
from wavemix.dsp.input_levels import AS_THEY_COME
from wavemix.dsp.levels import db_to_gain
from wavemix.errors import WavemixError
from wavemix.explanation.explain import Heard, explain
from wavemix.explanation.explanation import Explanation
from wavemix.pipeline.companions import companion_files, write_companions
from wavemix.pipeline.outputs import check_outputs
from wavemix.session.care import ALIGN_KEYS, read_alignment, read_places
from wavemix.session.groups import GROUPS, MIX
from wavemix.session.session import REPORT, Session, Track
from wavemix.session.sources import Source, check_sources
from wavemix.staging import staged_folder, stays_inside
from wavemix.system.progress import NoProgress, Progress
from wavemix.takes.care import Care, take_care

AGAIN = "mix again"


def explain_mix(
    out: Path,
    song: Path | None = None,
    daw: Sequence[str] = (),
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Explanation:
    """Find the faders and pans that come nearest to a mix of `wavemix mix`, and write them beside it.

    The tracks and the outputs must be those that the report tells of. The signals are read from the files, so that
    formats of few bits and resampling set a limit to what can be explained.

    Args:
        out: The folder of the mix, with its stems.
        song: Where the song's tracks lie, if they were moved; None for where the report says.
        daw: Formats of sessions that are to be written too.
        overwrite: Whether files may be replaced that no mix wrote.
        progress: Told of every stage.

    Raises:
        WavemixError: If the folder has no report, or one without what is needed, its stems were not written, a file is
            not the one that it tells of, or the folder cannot be written.
    """
    watch = progress or NoProgress()
    body: Any = read_json(out / REPORT, remedy="give a folder that `wavemix mix` wrote")
    try:
        session = _session(body, song)
        rows = list(body["tracks"])
        levels_db = [float(row["normalisation_gain_db"]) for row in rows]
        outputs = _outputs(out, body["outputs"])
        gains_db = {name: float(row["gain_db"]) for name, row in zip(outputs, body["outputs"], strict=True)}
        earlier = [str(name) for name in body.get("companions", [])]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WavemixError(f"{out / REPORT}: does not tell what an explanation needs; {AGAIN}.") from error
    check_outputs(session, out, companion_files(session.name, True, daw), overwrite)
    watch.stage("check", len(session.tracks))
    found = _sources(session, rows, outputs[MIX].rate, watch.advance)
    sources = [replace(source, normalisation=db_to_gain(db)) for source, db in zip(found, levels_db, strict=True)]
    samples = outputs[MIX].frames
    watch.stage("explain", 3 * samples)
    signals = {name: partial(_reading, file, gains_db[name]) for name, file in outputs.items()}
    heard = Heard(session.name, sources, signals, outputs[MIX].rate, samples)
    explanation = replace(explain(heard, watch.advance), master_db=gains_db[MIX], stems_db=gains_db[next(iter(GROUPS))])
    with staged_folder(out, first=(REPORT,)) as stage:
        names = write_companions(explanation, sources, outputs, daw, stage, out)
        check_outputs(session, out, names, overwrite)
        body["companions"] = [*names, *(name for name in earlier if name not in names)]
        (stage / REPORT).write_text(dump_json(body), encoding="utf-8")
    return explanation


def _session(body: Mapping[str, Any], song: Path | None) -> Session:
    """The song as it was mixed, whatever became of its `session.yaml` since."""
    tracks = tuple(
        Track(
            PurePath(file_name(row["file"], f"{REPORT}: `file` of a track")),
            row["group"],
            row["role"],
            row["reason"],
            gain_db=float(row["gain_db"]),
            mute=bool(row["muted"]),
            right=PurePath(file_name(row["right"], f"{REPORT}: `right` of a track")) if row["right"] else None,
            channel=row["channel"],
            start_seconds=float(row["start_seconds"]),
            alignment=read_alignment(_lag(row.get("align"))),
            places=read_places(row.get("clean")),
        )
        for row in body["tracks"]
    )
    if not tracks or any(track.role not in GROUPS[track.group].roles for track in tracks):
        raise ValueError("tracks of roles that there are")
    folder = song or Path(file_name(body["source"], f"{REPORT}: `source`"))
    return Session(native(str(body["song"])), folder, tracks)


def _lag(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What of a track's `align` was done, without what was measured."""
    return {key: row[key] for key in ALIGN_KEYS} if row else None


def _outputs(out: Path, rows: Sequence[Mapping[str, Any]]) -> dict[str, Media]:
    """The mix and the stems by name, once it is sure that they are those of the report."""
    names = [MIX, *GROUPS]
    if len(rows) != len(names):
        raise WavemixError(f"{out}: has no stems, which the tracks are explained by; {AGAIN} without --no-stems.")
    found = {}
    for name, row in zip(names, rows, strict=True):
        if not stays_inside(row["file"]):
            raise ValueError("a file of the folder")
        path = out / native(row["file"])
        info = probe(path)
        if sha256(path) != row["sha256"]:
            raise WavemixError(f"{path}: is not the file that {REPORT} tells of; {AGAIN}.")
        found[name] = Media(path, info.rate, info.channels, info.frames)
    return found


def _sources(
    session: Session, rows: Sequence[Mapping[str, Any]], rate: int, advance: Callable[[int], None]
) -> list[Source]:
    """The tracks as they were mixed, once it is sure that they are those of the report."""
    opened = [partial(probe_track, session.paths(track)) for track in session.tracks]
    levels = dict.fromkeys(GROUPS, AS_THEY_COME)
    sources = check_sources(session.tracks, take_care(session, opened, Care()).opened, levels, rate, advance)
    for source, row in zip(sources, rows, strict=True):
        info = original(source.scan.info)
        now = (info.rate, info.frames, info.channels, f"{source.scan.checksum:08x}")
        if now != tuple(row.get(key) for key in ("rate", "frames", "channels", "checksum")):
            raise WavemixError(f"{info.path}: is not the file that was mixed; put that back, or {AGAIN}.")
    return sources


@contextmanager
def _reading(media: Media, gain_db: float) -> Iterator[Callable[[int], Block]]:
    """A stem or the mix as it was before its last gain."""
    factor = np.float32(db_to_gain(-gain_db))
    with TrackReader(probe(media.file), media.rate) as reader:
        yield lambda samples: reader.read(samples) * factor
