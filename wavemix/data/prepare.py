"""Bring songs of any layout to the plain one: resampled, checked, aligned, hashed, each in its split.

A song appears whole or not at all, and one that is already there as it would be written is left alone.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from wavemix.audio.files import probe
from wavemix.audio.reading import Block, TrackReader, resampled_length
from wavemix.audio.scanning import Scan, scan
from wavemix.audio.writing import FULL_SCALE, AudioWriter
from wavemix.data.hashing import sha256
from wavemix.data.installing import Occupied, install
from wavemix.data.layouts.source import Found, SourceSong
from wavemix.data.ledger import Entry, Ledger, sound_facts
from wavemix.data.plain import MIX, RAW, SONG, STEMS, TRACKS, PlainSong, PlainTrack, open_song, read_facts
from wavemix.data.splits import SplitChoice, Splits, load_splits
from wavemix.documents.yaml_text import dump_yaml
from wavemix.dsp.alignment import GroupAlignment, align
from wavemix.errors import WavemixError
from wavemix.leftovers import sweep
from wavemix.staging import STAGE_PREFIX, staged_folder

VERSION = 2
"""Version of what preparation does; raise it when the same source gives other files."""

LEAST_CORRELATION = 0.5
"""Correlation that the aligned tracks' sum must have with their stem: below it a loss on waveforms teaches nothing."""

KEPT_AS_THEY_ARE = (".flac", ".ogg")
"""Files that are copied where their rate is right: compressed, and of an exact length."""


@dataclass(frozen=True)
class Outcome:
    """What became of a song.

    Attributes:
        name: The song.
        song: As it lies there now; None if it was left out.
        notes: Why it was left out, or what else there is to know.
        failed: Whether it was left out because something is wrong with its files.
        kept: Whether it was there already.
    """

    name: str
    song: PlainSong | None
    notes: tuple[str, ...] = ()
    failed: bool = False
    kept: bool = False


def prepare(
    found: Found,
    folder: Path,
    rate: int,
    splits: Splits | None = None,
    tell: Callable[[str], None] = lambda song: None,
) -> list[Outcome]:
    """Prepare songs.

    Args:
        found: What a layout found.
        folder: Where the songs go, each to `SPLIT/NAME/`; its `manifest.json` lists their files.
        rate: Hz to which all files are brought.
        splits: Which song goes where; by default the project's list.
        tell: Called with the name of each song when its turn comes.

    Returns:
        An outcome for each song and for everything else that was found.

    Raises:
        WavemixError: If the folder holds the source itself, cannot be written or cleared, or its `manifest.json` cannot
            be understood.
    """
    if any(path.resolve().is_relative_to(folder.resolve()) for source in found.songs for path in source.files):
        raise WavemixError(f"{folder}: holds the songs that are to be prepared; choose another folder for the result.")
    sweep(folder, STAGE_PREFIX)
    splits, ledger = splits or load_splits(), Ledger(folder)
    outcomes = [Outcome(left.name, None, (left.reason,), left.broken) for left in found.left_out]
    seen: set[str] = set()
    for song in found.songs:
        tell(song.name)
        source = replace(song, artist=song.artist or splits.artist(song.title))
        place = splits.choose(source.title, source.artist, source.split)
        if source.name in seen:
            outcomes.append(Outcome(source.name, None, ("there is another song of this name; rename one",), True))
            continue
        seen.add(source.name)
        try:
            ledger.remove_elsewhere(source.name, place.split)
            if place.split:
                outcomes.append(_prepare_song(source, place, folder, rate, ledger))
            else:
                outcomes.append(Outcome(source.name, None, (place.reason,)))
        except Occupied as error:
            outcomes.append(Outcome(source.name, None, (str(error),), failed=True))
    return outcomes


def aligned(song: PlainSong, rate: int) -> PlainSong:
    """A song with the lags and polarities that its `song.yaml` has or, if it has none, that preparing would find.

    Args:
        song: The song.
        rate: Hz at which to look.

    Raises:
        WavemixError: If a file cannot be read.
    """
    if song.derived or "alignment" in read_facts(song.folder):
        return song
    section = _alignment(song, rate)
    found = section.get("tracks", {})
    tracks = tuple(_moved(song, track, found.get(track.file.as_posix()), rate) for track in song.tracks)
    return replace(song, tracks=tracks, left_out=section.get("left_out", {}))


def _moved(song: PlainSong, track: PlainTrack, found: Mapping[str, Any] | None, rate: int) -> PlainTrack:
    if found is None:
        return track
    lag_samples = round(found["lag_samples"] * probe(song.path(track)).rate / rate)
    return replace(track, lag_samples=lag_samples, polarity=found["polarity"])


def _prepare_song(source: SourceSong, place: SplitChoice, folder: Path, rate: int, ledger: Ledger) -> Outcome:
    """Prepare one song, unless it is there. What is wrong with its files is told, not raised.

    Raises:
        Occupied: If a person's files are where it has to be.
    """
    notes = (*([place.reason] if place.reason else []), *source.notes)
    target = folder / place.split / source.name
    try:
        hashes = {path: sha256(path) for path in source.files}
        fingerprint = _fingerprint(source, place.split, rate, hashes)
        if ledger.holds(place.split, source.name, fingerprint):
            return Outcome(source.name, open_song(target), notes, kept=True)
        scans = _check(source)
    except WavemixError as error:
        return Outcome(source.name, None, (str(error),), failed=True)
    with staged_folder(folder) as stage:
        song = stage / source.name
        song.mkdir()
        origins = _write_sounds(source, scans, song, rate)
        _write_facts(source, place.split, song, {})
        _write_facts(source, place.split, song, _alignment(open_song(song), rate))
        files = {path.relative_to(song).as_posix(): sound_facts(path, paths) for path, paths in origins.items()}
        files[SONG] = {"sha256": sha256(song / SONG)}
        install(song, target, ledger.files(place.split, source.name))
    ledger.add(place.split, source.name, Entry(fingerprint, source.source, files))
    return Outcome(source.name, open_song(target), notes)


def _fingerprint(source: SourceSong, split: str, rate: int, hashes: Mapping[Path, str]) -> str:
    """A hash of everything that a prepared song depends on."""
    about = [VERSION, rate, split, source.title, source.artist, source.licence, source.source, source.derived]
    tracks = [[track.group, track.name, hashes[track.path]] for track in source.tracks]
    stems = {group: [hashes[path] for path in paths] for group, paths in source.stems.items()}
    mix = hashes[source.mix] if source.mix else None
    text = json.dumps([*about, dict(source.facts), tracks, stems, mix], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _check(source: SourceSong) -> dict[Path, Scan]:
    """Read every file to its end.

    Raises:
        WavemixError: If one cannot be used.
    """
    scans = {path: scan(path) for path in source.files}
    raw = set() if source.derived else {track.path for track in source.tracks}
    for path, found in scans.items():
        if found.info.channels > 2 and path not in raw:
            raise WavemixError(f"{path}: has {found.info.channels} channels; export it again in stereo.")
    return scans


def _write_sounds(
    source: SourceSong, scans: Mapping[Path, Scan], song: Path, rate: int
) -> dict[Path, tuple[Path, ...]]:
    """Write a song's sound files; gives for each the files that it was made from."""
    tracks = song / (TRACKS if source.derived else RAW)
    jobs: list[tuple[Path, tuple[Path, ...]]]
    jobs = [(tracks / track.group / track.name, (track.path,)) for track in source.tracks]
    jobs += [(song / STEMS / group, paths) for group, paths in source.stems.items()]
    jobs += [(song / MIX, (source.mix,))] if source.mix else []
    origins: dict[Path, tuple[Path, ...]] = {}
    for place, paths in jobs:
        place.parent.mkdir(parents=True, exist_ok=True)
        origins[_write_sum(paths, scans, place, rate)] = paths
    return origins


def _write_sum(paths: Sequence[Path], scans: Mapping[Path, Scan], place: Path, rate: int) -> Path:
    """Write the sum of sound files under a name, with the suffix that fits; a single file is copied if it can be."""
    first = paths[0]
    if len(paths) == 1 and first.suffix.lower() in KEPT_AS_THEY_ARE and scans[first].info.rate == rate:
        copy = place.with_name(place.name + first.suffix.lower())
        shutil.copyfile(first, copy)
        return copy
    length = _samples(paths, rate)
    block = np.sum(np.broadcast_arrays(*(_read(path, rate, length) for path in paths)), axis=0)
    # Sums and lossy files may pass full scale, which only floating-point samples hold.
    fits = float(np.abs(block).max()) <= FULL_SCALE
    file = place.with_name(place.name + (".flac" if fits else ".wav"))
    channels, samples = block.shape
    with AudioWriter(file, rate, channels, samples, "flac" if fits else "wav", "24" if fits else "32f") as writer:
        writer.write(block)
    return file


def _alignment(song: PlainSong, rate: int) -> dict[str, Any]:
    """The section `alignment` of a song: how its raw tracks lie against its stems."""
    tracks: dict[str, Any] = {}
    groups: dict[str, float] = {}
    left_out: dict[str, str] = {}
    for group, stem in song.stems.items():
        members = [track for track in song.tracks if track.group == group]
        if not members:
            continue
        fit = _align([song.path(track) for track in members], stem, rate)
        groups[group] = round(fit.correlation, 3)
        if fit.correlation < LEAST_CORRELATION:
            left_out[group] = f"its tracks correlate with its stem by {fit.correlation:.2f} only"
            continue
        for track, found in zip(members, fit.tracks, strict=True):
            tracks[track.file.as_posix()] = vars(found) | {"correlation": round(found.correlation, 3)}
    return {"tracks": tracks, "groups": groups, "left_out": left_out} if groups else {}


def _align(tracks: Sequence[Path], stem: Path, rate: int) -> GroupAlignment:
    samples = _samples([*tracks, stem], rate)
    mono = [_read(path, rate, samples).mean(axis=0) for path in (*tracks, stem)]
    return align(mono[:-1], mono[-1])


def _samples(paths: Sequence[Path], rate: int) -> int:
    """Length in samples of the longest of some files."""
    infos = [probe(path) for path in paths]
    return max(resampled_length(info.frames, info.rate, rate) for info in infos)


def _read(path: Path, rate: int, samples: int) -> Block:
    with TrackReader(probe(path), rate) as reader:
        return reader.read(samples)


def _write_facts(source: SourceSong, split: str, song: Path, alignment: Mapping[str, Any]) -> None:
    facts = {
        "title": source.title,
        "artist": source.artist,
        "licence": source.licence,
        "source": source.source,
        "split": split,
        **source.facts,
        **({"alignment": dict(alignment)} if alignment else {}),
    }
    (song / SONG).write_text(dump_yaml(facts), encoding="utf-8")
