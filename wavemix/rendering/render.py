"""MIDI compositions to songs in the plain layout: performed, recorded, mixed by the house engineer, written.

A song appears whole or not at all, and one that is there as it would be written is left alone. What it is depends on
the composition, the ingredients, the seed and its take alone, not on how many processes work.
"""

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from wavemix.audio.files import probe
from wavemix.audio.rate import SAMPLE_RATE
from wavemix.audio.reading import TrackReader
from wavemix.audio.writing import AudioWriter
from wavemix.data.hashing import sha256
from wavemix.data.installing import Occupied, install
from wavemix.data.ledger import Entry, Ledger, sound_facts
from wavemix.data.plain import MIX, RAW, RENDERING, SONG, STEMS, PlainTrack
from wavemix.documents.yaml_text import dump_yaml
from wavemix.dsp.input_levels import InputLevels
from wavemix.engineer.practice import STEM_LEVELS, TRACK_LEVELS
from wavemix.errors import WavemixError
from wavemix.leftovers import sweep
from wavemix.rendering.arrangement import read_arrangement
from wavemix.rendering.bounce import bounced, without_bleed
from wavemix.rendering.compositions import Composition
from wavemix.rendering.mixdown import MixedDown, mix_down, practice_hash
from wavemix.rendering.performance import DryTrack, Ingredients, perform
from wavemix.rendering.recording import choose_recording, record
from wavemix.rendering.sounds import Samples
from wavemix.session.roles import place
from wavemix.staging import STAGE_PREFIX, staged_folder
from wavemix.workers import heed_parent

VERSION = 2
"""Version of what rendering does; raise it when the same composition gives another song."""

ROOMS = "impulse_responses"
"""Folder of the ingredients that holds the rooms."""

WIRED = ("drums", "bass")
"""Groups whose tracks bring their room with them, or none."""

BOUNCED = 0.3
"""Chance that a kit comes as one track."""

_RESPONSE_SECONDS = 3.0


@dataclass(frozen=True)
class Rendered:
    """What became of a composition.

    Attributes:
        name: The song's.
        split: Where it lies.
        seconds: Its length.
        tracks: How many raw tracks it has.
        failure: Why it is not there; empty if it is.
        kept: Whether it was there already.
    """

    name: str
    split: str
    seconds: float = 0.0
    tracks: int = 0
    failure: str = ""
    kept: bool = False


def render(
    compositions: Sequence[Composition],
    folder: Path,
    ingredients: Ingredients,
    seed: int = 0,
    jobs: int = 1,
    tell: Callable[[str], None] = lambda song: None,
) -> list[Rendered]:
    """Render songs.

    Args:
        compositions: What to render.
        folder: Gets each as `SPLIT/NAME/`; its `manifest.json` lists their files.
        ingredients: The samples, rooms and the soundfont.
        seed: Seed of all that chance decides.
        jobs: Processes that work side by side.
        tell: Called with the name of each song when it is done.

    Returns:
        An outcome for each composition, in their order.

    Raises:
        WavemixError: If an ingredient is missing, or the folder cannot be written.
    """
    sweep(folder, STAGE_PREFIX)
    ledger, used = Ledger(folder), fingerprint_of(ingredients)
    outcomes: dict[str, Rendered] = {}
    orders = []
    for composition in compositions:
        fingerprint = _fingerprint(composition, used, seed)
        try:
            ledger.remove_elsewhere(composition.name, composition.split)
        except Occupied as error:
            outcomes[composition.name] = Rendered(composition.name, composition.split, failure=str(error))
            tell(composition.name)
            continue
        if ledger.holds(composition.split, composition.name, fingerprint):
            outcomes[composition.name] = Rendered(composition.name, composition.split, composition.seconds, kept=True)
            tell(composition.name)
        else:
            there = ledger.files(composition.split, composition.name)
            orders.append((composition, folder, ingredients, seed, fingerprint, there))
    for outcome, entry in _work(orders, jobs):
        if entry is not None:
            ledger.add(outcome.split, outcome.name, entry)
        outcomes[outcome.name] = outcome
        tell(outcome.name)
    return [outcomes[composition.name] for composition in compositions]


Order = tuple[Composition, Path, Ingredients, int, str, dict[str, str]]
Made = tuple[Rendered, Entry | None]


def _work(orders: Sequence[Order], jobs: int) -> Iterator[Made]:
    """Songs as they are made; in this process if one is enough."""
    if min(jobs, len(orders)) <= 1:
        yield from (_render_song(*order) for order in orders)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), heed_parent) as pool:
        futures = [pool.submit(_render_song, *order) for order in orders]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()  # a song takes a minute, and leaves nothing when it is told to end
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _render_song(
    composition: Composition,
    folder: Path,
    ingredients: Ingredients,
    seed: int,
    fingerprint: str,
    there: Mapping[str, str],
) -> Made:
    """Render one song in place of an earlier one's files. What is wrong with either is told, not raised."""
    # A counter-based generator (Salmon et al. 2011): a stream a song, whatever the order in which they are made.
    rng = np.random.Generator(np.random.Philox(key=int.from_bytes(bytes.fromhex(fingerprint[:32]))))
    try:
        arrangement = read_arrangement(composition.path)
        performance = perform(arrangement, ingredients, int(rng.integers(2**31)))
        if not performance.tracks:
            raise WavemixError(f"{composition.path}: gives no sound with this soundfont; leave it out.")
        dry = bounced(performance.tracks) if rng.random() < BOUNCED else without_bleed(performance.tracks)
        raw = _record(dry, rooms_of(ingredients.folder), rng)
        mixed = mix_down(list(raw), list(raw.values()), SAMPLE_RATE)
    except WavemixError as error:
        return Rendered(composition.name, composition.split, failure=str(error)), None
    try:
        with staged_folder(folder) as hidden:
            song = hidden / composition.name
            song.mkdir()
            files = _write_sounds(song, raw, mixed)
            (song / SONG).write_text(dump_yaml(_facts(composition, seed)), encoding="utf-8")
            rows = {path.relative_to(song).as_posix(): sound_facts(path) for path in files}
            rows[SONG] = {"sha256": sha256(song / SONG)}
            install(song, folder / composition.split / composition.name, there)
    except Occupied as error:
        return Rendered(composition.name, composition.split, failure=str(error)), None
    outcome = Rendered(composition.name, composition.split, mixed.mix.shape[1] / SAMPLE_RATE, len(raw))
    return outcome, Entry(fingerprint, f"rendered from {composition.path.name}", rows)


def _record(
    dry: Sequence[DryTrack], rooms: Mapping[str, Samples], rng: np.random.Generator
) -> dict[PlainTrack, Samples]:
    """The raw tracks as a reader of the song will find them, and the samples of each, `(1, samples)`."""
    raw = {}
    for number, track in enumerate(dry, start=1):
        recording = choose_recording(rng, [] if track.group in WIRED else sorted(rooms))
        file = PurePath(RAW, track.group, f"{number:02d}_{track.name}.flac")
        role = place(PurePath(track.group, file.name)).role
        samples = record(track.samples[None], recording, rooms.get(recording.room), rng)
        raw[PlainTrack(file, track.group, role)] = samples
    return raw


def _write_sounds(song: Path, raw: Mapping[PlainTrack, Samples], mixed: MixedDown) -> list[Path]:
    """Write a song's sound files as FLAC of 24 bits; it stores the 16 that raw tracks have."""
    sounds = {song / track.file: samples for track, samples in raw.items()}
    sounds |= {song / STEMS / f"{group}.flac": stem for group, stem in mixed.stems.items()}
    sounds |= {song / f"{MIX}.flac": mixed.mix}
    for file, block in sounds.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        channels, samples = block.shape
        with AudioWriter(file, SAMPLE_RATE, channels, samples, "flac", "24") as writer:
            writer.write(block)
    return list(sounds)


def _facts(composition: Composition, seed: int) -> dict[str, Any]:
    """What `song.yaml` says."""
    return {
        "title": composition.title,
        "licence": composition.licence,
        "source": f"{composition.path.name}, rendered by wavemix (version {VERSION}, seed {seed})",
        "split": composition.split,
        RENDERING: {
            "engineer": "house",
            "practice": practice_hash()[:12],
            "track_levels": _wanted(TRACK_LEVELS),
            "stem_levels": _wanted(STEM_LEVELS),
        },
    }


def _wanted(levels: InputLevels) -> dict[str, float]:
    return {name: level for name, level in asdict(levels).items() if level is not None}


def fingerprint_of(ingredients: Ingredients) -> str:
    """A hash of the ingredients: the soundfont's bytes, and the names and sizes of all other files.

    Raises:
        WavemixError: If one of them is missing.
    """
    if not any((ingredients.folder / ROOMS).glob("*.flac")):
        raise WavemixError(f"{ingredients.folder}: has no rooms in {ROOMS}/; name the folder of the ingredients.")
    files = sorted(path for path in ingredients.folder.rglob("*") if path.suffix in (".ogg", ".flac", ".wav"))
    listing = [(path.relative_to(ingredients.folder).as_posix(), path.stat().st_size) for path in files]
    return hashlib.sha256(json.dumps([sha256(ingredients.soundfont), listing]).encode()).hexdigest()


def _fingerprint(composition: Composition, ingredients: str, seed: int) -> str:
    """A hash of everything that a rendered song depends on."""
    about = [VERSION, practice_hash(), SAMPLE_RATE, seed, ingredients, sha256(composition.path), composition.take]
    named = [composition.name, composition.title, composition.split, composition.licence]
    return hashlib.sha256(json.dumps([*about, *named]).encode()).hexdigest()


@lru_cache(maxsize=1)
def rooms_of(folder: Path) -> dict[str, Samples]:
    """The impulse responses by name, `(1, samples)`: their first channel, faded out in time, of unit energy."""
    rooms = {}
    for path in sorted((folder / ROOMS).glob("*.flac")):
        info = probe(path)
        samples = min(info.frames, round(_RESPONSE_SECONDS * info.rate))
        with TrackReader(info, SAMPLE_RATE) as reader:
            block = reader.read(samples)
        response = block[:1] * np.linspace(1, 0, block.shape[1], dtype=np.float32)
        rooms[path.stem] = response / np.linalg.norm(response)
    return rooms
