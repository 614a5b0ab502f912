"""Models beside what they must beat, on a folder of songs, in six tasks: each group, the mix of stems, and all."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np

from wavemix.data.inputs import Inputs, engineer_mix
from wavemix.data.plain import PlainSong, Samples
from wavemix.data.song_audio import SongAudio
from wavemix.evaluation.excerpts import cut_excerpts
from wavemix.evaluation.mixes import (
    HOUSE_ENGINEER,
    OURS,
    Mix,
    baselines,
    house_stems,
    match_all,
    mix_stems,
    stems_of,
)
from wavemix.evaluation.results import REFERENCE
from wavemix.evaluation.songs import read_aligned, songs_in
from wavemix.metrics.artefacts import high_frequencies_db
from wavemix.metrics.matching import Match
from wavemix.metrics.measure import BENCHMARKED
from wavemix.metrics.production import ProductionDistances, production_or_none
from wavemix.metrics.reference import against
from wavemix.metrics.similarity import compare_matrices, self_similarity
from wavemix.pipeline import AutoMix
from wavemix.session.groups import GROUPS, MIX

AUTOMIX = "automix"
BENCHMARK_TASKS = (*GROUPS, MIX, AUTOMIX)
"""A group's raw tracks to its stem; the true stems to the mix; all raw tracks to the mix."""

Values = dict[str, float]
"""Measures of one mix by name."""


@dataclass(frozen=True)
class Row:
    """One way to do a task.

    Attributes:
        mix: Its name.
        measures: Means over the task's songs.
        by_song: The measures of each song, in the task's order.
    """

    mix: str
    measures: Values
    by_song: tuple[Values, ...]


@dataclass(frozen=True)
class TaskResult:
    """One of the tasks.

    Attributes:
        name: One of `BENCHMARK_TASKS`.
        songs: The songs that it was done on.
        skipped: Those that it could not be done on, and why.
        rows: Ours first, then what it must beat; none where no song could be used.
    """

    name: str
    songs: tuple[str, ...]
    skipped: Mapping[str, str]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Benchmark:
    """All tasks on a folder of songs.

    Attributes:
        folder: Its name.
        family: The published models that were measured.
        models: The hash of each model's weights, by task.
        computed_by: The backend, precision and device that computed each.
        tasks: One for each of `BENCHMARK_TASKS`.
    """

    folder: str
    family: str
    models: Mapping[str, str]
    computed_by: Mapping[str, Mapping[str, str]]
    tasks: tuple[TaskResult, ...]


def run_benchmark(folder: Path, system: AutoMix, tell: Callable[[str], None] = lambda song: None) -> Benchmark:
    """Measure the models on the songs in a folder, of whatever split.

    Args:
        folder: The songs, in the plain layout.
        system: The models.
        tell: Called with the name of each song when its turn comes.

    Raises:
        WavemixError: If there are no songs, or one cannot be read.
    """
    done: dict[str, dict[str, dict[str, Values]]] = {task: {} for task in BENCHMARK_TASKS}
    skipped: dict[str, dict[str, str]] = {task: {} for task in BENCHMARK_TASKS}
    for song in songs_in([folder]):
        tell(song.name)
        song, audio = read_aligned(song, system.sample_rate)
        obstacles = {task: _obstacle(task, song, system.sample_rate) for task in BENCHMARK_TASKS}
        for task, why in obstacles.items():
            if why:
                skipped[task][song.name] = why
        for task, measured in _measure_song(
            song, audio, system, [task for task in BENCHMARK_TASKS if not obstacles[task]]
        ):
            done[task][song.name] = measured
    hashes = {name: system.model(name).config.sha256 for name in system.models}
    tasks = tuple(_task(name, done[name], skipped[name]) for name in BENCHMARK_TASKS)
    return Benchmark(folder.resolve().name, system.family, hashes, system.computed_by, tasks)


def _obstacle(task: str, song: PlainSong, rate: int) -> str:
    """Why a song cannot serve a task; empty if it can."""
    if task != AUTOMIX:
        return Inputs(task, rate).obstacle(song)
    if not song.tracks:
        return "has no raw tracks"
    return "" if song.derived or song.mix else "has no mix"


def _measure_song(
    song: PlainSong, audio: SongAudio, system: AutoMix, tasks: Sequence[str]
) -> Iterator[tuple[str, dict[str, Values]]]:
    """Each task, and the measures of each way to do it."""
    rate = system.sample_rate
    stems: dict[str, dict[str, Samples]] = {}
    if set(tasks) - {MIX}:
        stems = {OURS: stems_of(song, audio, system), HOUSE_ENGINEER: house_stems(song, audio, rate)}
    mixers = {OURS: partial(mix_stems, system), HOUSE_ENGINEER: partial(engineer_mix, rate=rate)}
    for task in tasks:
        tracks, target = _material(task, song, audio)
        if task in GROUPS:
            mixed = {name: found.get(task, np.zeros_like(target)) for name, found in stems.items()}
        else:
            mixed = {name: mix(audio.stems if task == MIX else stems[name]) for name, mix in mixers.items()}
        mixes = {REFERENCE: target} | mixed | baselines(tracks, rate, target)
        matched, matches = match_all({name: Mix(mix) for name, mix in mixes.items()}, rate)
        measured = {name: _distances(matched[name], target, found, rate) for name, found in matches.items()}
        if task == AUTOMIX:
            _add_similarity(measured, song, audio.raw, matched, rate)
        yield task, measured


def _material(task: str, song: PlainSong, audio: SongAudio) -> tuple[list[Samples], Samples]:
    """What a task mixes, and what is to come out."""
    if task in GROUPS:
        tracks = zip(song.tracks, audio.raw, strict=True)
        return [block for track, block in tracks if track.group == task], audio.stems[task]
    assert audio.mix is not None  # else there was an obstacle
    return list(audio.stems.values()) if task == MIX else audio.raw, audio.mix


def _distances(mix: Samples, target: Samples, matched: Match, rate: int) -> Values:
    """All measures but those of self-similarity, of the whole mix; production's are NaN where either is silent."""
    production = production_or_none(mix, target)
    found = {
        f"production_{field.name}": getattr(production, field.name, math.nan) for field in fields(ProductionDistances)
    }
    treble_db = high_frequencies_db(mix, target, rate)
    found["treble_db"] = math.nan if treble_db is None else treble_db
    found |= asdict(against(mix, target, rate)) | {"loudness_error_lu": abs(matched.gain_db)}
    return {measure.name: found[measure.name] for measure in BENCHMARKED if measure.name in found}


def _add_similarity(
    measured: Mapping[str, Values], song: PlainSong, raw: Sequence[Samples], mixes: Mapping[str, Samples], rate: int
) -> None:
    """Add to each mix how its excerpt's self-similarity matrix compares with the reference's."""
    excerpts = cut_excerpts(song, raw, mixes, rate).audio
    reference = self_similarity(excerpts[REFERENCE], rate)
    for name, values in measured.items():
        found = compare_matrices(reference, self_similarity(excerpts[name], rate))
        values |= {f"ssm_{key}": value for key, value in asdict(found).items()}


def _task(name: str, done: Mapping[str, Mapping[str, Values]], skipped: Mapping[str, str]) -> TaskResult:
    songs = tuple(done)
    mixes = tuple(done[songs[0]]) if songs else ()
    return TaskResult(name, songs, skipped, tuple(_row(mix, [done[song][mix] for song in songs]) for mix in mixes))


def _row(mix: str, by_song: Sequence[Values]) -> Row:
    means = {measure: float(np.mean([values[measure] for values in by_song])) for measure in by_song[0]}
    return Row(mix, means, tuple(by_song))
