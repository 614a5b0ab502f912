"""MIDI compositions to songs in the plain layout: performed, recorded, mixed by the virtual engineer, written.

A song appears whole or not at all, and one that is there as it would be written is left alone. What it is depends on
the composition, the ingredients, the seed and its take alone, not on how many processes work.
"""

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import yaml

from wavemix.audio.files import probe
from wavemix.audio.reading import TrackReader
from wavemix.audio.writing import AudioWriter
from wavemix.data.ledger import Entry, Ledger, install, sha256, sound_facts
from wavemix.data.plain import MIX, RAW, RENDERING, SONG, STEMS
from wavemix.data.roles import place
from wavemix.dsp.levels import gain_to_db
from wavemix.errors import WavemixError
from wavemix.rendering.bounce import bounced
from wavemix.rendering.compositions import Composition
from wavemix.rendering.effects import Samples
from wavemix.rendering.engineer import MixedDown, RawTrack, mix_down
from wavemix.rendering.performance import DryTrack, Ingredients, perform
from wavemix.rendering.recording import Recording, choose_recording, record
from wavemix.rendering.score import read_score
from wavemix.rendering.sounds import SAMPLE_RATE
from wavemix.rendering.staging import stage
from wavemix.staging import staged_folder

VERSION = 1
"""Of what rendering does; to be raised when the same composition gives another song."""

ROOMS = "impulse_responses"
"""Folder of the ingredients that holds the rooms."""

WIRED = ("drums", "bass")
"""Groups whose tracks bring their room with them, or none."""

BOUNCED = 0.3
"""Chance that a kit comes as one track."""

DISTANT = ("overhead", "room")
"""Roles of the microphones that hear the whole kit."""

BLEED_DB = -18.0
"""Peak, beside the kit's loudest, below which any other microphone hears nothing of its own. Where a drum was played,
its microphone's lies within 9 dB; where none was, 25 dB and more below."""

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
        seed: Of everything that chance decides.
        jobs: Processes that work side by side.
        tell: Called with the name of each song when it is done.

    Returns:
        An outcome for each composition, in their order.

    Raises:
        WavemixError: If an ingredient is missing, or the folder cannot be written.
    """
    ledger, used = Ledger(folder), fingerprint_of(ingredients)
    outcomes: dict[str, Rendered] = {}
    orders = []
    for composition in compositions:
        fingerprint = _fingerprint(composition, used, seed)
        ledger.remove_elsewhere(composition.name, composition.split)
        if ledger.holds(composition.split, composition.name, fingerprint):
            outcomes[composition.name] = Rendered(composition.name, composition.split, composition.seconds, kept=True)
            tell(composition.name)
        else:
            orders.append((composition, folder, ingredients, seed, fingerprint))
    for outcome, entry in _work(orders, jobs):
        if entry is not None:
            ledger.add(outcome.split, outcome.name, entry)
        outcomes[outcome.name] = outcome
        tell(outcome.name)
    return [outcomes[composition.name] for composition in compositions]


Order = tuple[Composition, Path, Ingredients, int, str]
Made = tuple[Rendered, Entry | None]


def _work(orders: Sequence[Order], jobs: int) -> Iterator[Made]:
    """Songs as they are made; in this process if one is enough."""
    if min(jobs, len(orders)) <= 1:
        yield from (_render_song(*order) for order in orders)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        futures = [pool.submit(_render_song, *order) for order in orders]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _render_song(composition: Composition, folder: Path, ingredients: Ingredients, seed: int, fingerprint: str) -> Made:
    """Render one song. What is wrong with its composition is told, not raised."""
    # A counter-based generator (Salmon et al. 2011): a stream a song, whatever the order in which they are made.
    rng = np.random.Generator(np.random.Philox(key=int.from_bytes(bytes.fromhex(fingerprint[:32]))))
    try:
        score = read_score(composition.path)
        performance = perform(score, ingredients, int(rng.integers(2**31)))
        if not performance.tracks:
            raise WavemixError(f"{composition.path}: gives no sound with this soundfont; leave it out.")
    except WavemixError as error:
        return Rendered(composition.name, composition.split, failure=str(error)), None
    rooms = _rooms(ingredients.folder)
    dry = bounced(performance.tracks) if rng.random() < BOUNCED else performance.tracks
    tracks, recordings = _record(dry, rooms, rng)
    tracks, recordings, mixed = stage(tracks, recordings, mix_down(tracks, SAMPLE_RATE, rooms, rng), SAMPLE_RATE)
    with staged_folder(folder) as hidden:
        song = hidden / composition.name
        song.mkdir()
        files = _write_sounds(song, tracks, mixed)
        facts = _facts(composition, dry, tracks, recordings, mixed, seed)
        (song / SONG).write_text(
            yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8"
        )
        rows = {path.relative_to(song).as_posix(): sound_facts(path) for path in files}
        rows[SONG] = {"sha256": sha256(song / SONG)}
        install(song, folder / composition.split / composition.name)
    seconds = mixed.mix.shape[1] / SAMPLE_RATE
    outcome = Rendered(composition.name, composition.split, seconds, len(tracks))
    return outcome, Entry(fingerprint, f"rendered from {composition.path.name}", rows)


def _record(
    dry: Sequence[DryTrack], rooms: Mapping[str, Samples], rng: np.random.Generator
) -> tuple[list[RawTrack], list[Recording]]:
    tracks, recordings = [], []
    kit_peak = max((float(np.abs(track.samples).max()) for track in dry if track.engine == "kit"), default=1.0)
    for number, track in enumerate(dry, start=1):
        recording = choose_recording(rng, [] if track.group in WIRED else sorted(rooms))
        below_db = gain_to_db(float(np.abs(track.samples).max()) / kit_peak)
        muted = track.engine == "kit" and track.role not in DISTANT and below_db < BLEED_DB
        if muted:
            recording = replace(recording, peak_dbfs=round(recording.peak_dbfs + below_db, 1))
        samples = record(track.samples[None], recording, rooms.get(recording.room), rng)
        role = place(PurePath(track.group, track.name)).role
        name = f"{number:02d}_{track.name}"
        tracks.append(RawTrack(name, track.group, role, samples, track.volume, track.pan, muted))
        recordings.append(recording)
    return tracks, recordings


def _write_sounds(song: Path, tracks: Sequence[RawTrack], mixed: MixedDown) -> list[Path]:
    """Write a song's sound files as FLAC of 24 bits; it stores the 16 that raw tracks have."""
    sounds = {song / RAW / track.group / track.name: track.samples for track in tracks}
    sounds |= {song / STEMS / group: stem for group, stem in mixed.stems.items()}
    sounds |= {song / MIX: mixed.mix}
    files = []
    for place_without_suffix, block in sounds.items():
        file = place_without_suffix.with_name(f"{place_without_suffix.name}.flac")
        file.parent.mkdir(parents=True, exist_ok=True)
        channels, samples = block.shape
        with AudioWriter(file, SAMPLE_RATE, channels, samples, "flac", "24") as writer:
            writer.write(block)
        files.append(file)
    return files


def _facts(
    composition: Composition,
    dry: Sequence[DryTrack],
    tracks: Sequence[RawTrack],
    recordings: Sequence[Recording],
    mixed: MixedDown,
    seed: int,
) -> dict[str, Any]:
    """What `song.yaml` says: all that was decided, so that the true gains and pans are known."""
    desk = mixed.desk
    channels = {
        f"{RAW}/{track.group}/{track.name}.flac": {
            "role": track.role,
            "instrument": played.engine,
            "recording": asdict(recording),
            **asdict(channel),
        }
        for track, played, recording, channel in zip(tracks, dry, recordings, desk.channels, strict=True)
    }
    return {
        "title": composition.title,
        "licence": composition.licence,
        "source": f"{composition.path.name}, rendered by wavemix (version {VERSION}, seed {seed})",
        "split": composition.split,
        RENDERING: {
            "channels": channels,
            "reverb": desk.reverb,
            "echo_seconds": desk.echo_seconds,
            "buses": {group: asdict(bus) for group, bus in desk.buses.items()},
            "mix_bus": asdict(desk.mix_bus),
            "mix_gain_db": desk.mix_gain_db,
        },
    }


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
    about = [VERSION, SAMPLE_RATE, seed, ingredients, sha256(composition.path), composition.take]
    named = [composition.name, composition.title, composition.split, composition.licence]
    return hashlib.sha256(json.dumps([*about, *named]).encode()).hexdigest()


@lru_cache(maxsize=1)
def _rooms(folder: Path) -> dict[str, Samples]:
    """The impulse responses by name, `(2, samples)`: front pair, faded out in time, of unit energy."""
    rooms = {}
    for path in sorted((folder / ROOMS).glob("*.flac")):
        info = probe(path)
        samples = min(info.frames, round(_RESPONSE_SECONDS * info.rate))
        with TrackReader(info, SAMPLE_RATE) as reader:
            block = reader.read(samples)
        response = block[[0, min(1, len(block) - 1)]] * np.linspace(1, 0, block.shape[1], dtype=np.float32)
        rooms[path.stem] = response / np.sqrt(np.square(response).sum() / len(response))
    return rooms
