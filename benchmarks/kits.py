"""Kits for `alignment.py`: as they were recorded, or with an overhead made of their tracks, whose lags are known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from wavemix.audio.reading import TrackReader, resampled_length
from wavemix.audio.sides import probe_track
from wavemix.dsp.alignment import delayed
from wavemix.session.manifest import open_session
from wavemix.session.session import Track
from wavemix.takes.alignment import CLOSE, OVERHEAD

RATE = 44_100
DISTANCES = (30, 180)  # samples from a drum to an overhead: 0.2 to 1.4 m further than to its own microphone
ROOM_SECONDS = 0.15
ROOM_GAIN = 0.5
MOST_OF_A_DRUM = 0.1  # one second counts for no more than this part of a drum's energy
TINY = 1e-30
SPILL = 0.05  # of every other track's amplitude
SPILL_SAMPLES = 60
RECORDED = "recorded"
ON_ONE_TRACK = "on one track"
ELECTRONIC = "electronic"
WITH_SPILL = "electronic, with spill"
CHOSEN_ON = """
5432gone_redfarn chuggachugga d_map02 the_hobo_redfarn ultimate_run mdb_hendrix evr_caesium evr_francium evr_lithium
evr_sodium lmms_alf42red-mauiwowi lmms_capdan-reggaetry lmms_capdan-twilightarea-originalbyalf42red lmms_crunkdemo
lmms_capdan-zerosumgame-originalbyzakarra lmms_esoxlb-cpu
""".split()  # the songs on which thresholds were chosen
KINDS = (RECORDED, ON_ONE_TRACK, ELECTRONIC, WITH_SPILL)

Wave = NDArray[np.float32]


@dataclass(frozen=True)
class Kit:
    """Microphones of one kit.

    Attributes:
        name: What the song is called.
        kind: One of `KINDS`.
        overhead: What hears all, `(samples,)`.
        close: What hears one drum above all, by name.
        lags: How late each lies against the overhead; none where that is to be measured.
    """

    name: str
    kind: str
    overhead: Wave
    close: dict[str, Wave]
    lags: dict[str, int]


def read_tracks(song: Path, samples: int) -> list[tuple[Track, Wave]]:
    """A song's raw tracks that sound, in mono: its drums where the most of them play, others from the start."""
    folder = next((song / name for name in ("raw", "tracks") if (song / name).is_dir()), None)
    tracks = list(_read(folder, samples)) if folder else []
    drums = [wave for track, wave in tracks if track.group == "drums"]
    start = _liveliest(drums, samples // RATE) * RATE
    cut = [
        (replace(track, file=PurePath(song.name, track.file)), wave[start : start + samples].copy())
        if track.group == "drums"
        else (track, wave)
        for track, wave in tracks
    ]
    return [(track, wave) for track, wave in cut if np.abs(wave).max(initial=0.0) > 0]


def _read(folder: Path, samples: int) -> Iterator[tuple[Track, Wave]]:
    session = open_session(folder)
    for track in session.tracks:
        with TrackReader(info := probe_track(session.paths(track)), RATE) as reader:
            length = resampled_length(info.frames, info.rate, RATE)
            yield track, reader.read(length if track.group == "drums" else min(samples, length)).mean(axis=0)


def _liveliest(drums: Sequence[Wave], wanted: int) -> int:
    """The second at which so many begin that have the most of all drums, each drum counting alike."""
    seconds = max((len(wave) for wave in drums), default=0) // RATE + 1
    played = np.zeros(seconds)
    for wave in drums:
        energy = np.add.reduceat(np.square(wave, dtype=np.float64), np.arange(0, len(wave), RATE))
        played[: len(energy)] += np.minimum(energy / max(energy.sum(), TINY), MOST_OF_A_DRUM)
    return int(np.argmax(np.convolve(played, np.ones(wanted), "valid"))) if seconds > wanted else 0


def kits_of(name: str, tracks: Sequence[tuple[Track, Wave]], rng: np.random.Generator) -> Iterator[Kit]:
    """The kits that a song has: its own where it was recorded with overheads, else those that can be made of it."""
    drums = [(track, wave) for track, wave in tracks if track.group == "drums"]
    overheads = [wave for track, wave in drums if track.role == OVERHEAD]
    close = {track.label: wave for track, wave in drums if track.role in CLOSE}
    whole = {track.label: wave for track, wave in drums if track.role == "kit"}
    if overheads:
        if close:
            yield Kit(name, RECORDED, overheads[0], close, {})
        return
    if whole:
        yield _made(name, ON_ONE_TRACK, whole, 0.0, rng)
    if close:
        yield _made(name, ELECTRONIC, close, 0.0, rng)
    if len(close) > 1:
        yield _made(name, WITH_SPILL, close, SPILL, rng)


def _made(name: str, kind: str, own: dict[str, Wave], spill: float, rng: np.random.Generator) -> Kit:
    """A kit with an overhead that hears every track, as loud as the others, from its own distance, in a room."""
    length = max(map(len, own.values()))
    own = {label: np.pad(wave, (0, length - len(wave))) / np.abs(wave).max() for label, wave in own.items()}
    away = {label: int(rng.integers(*DISTANCES)) for label in own}
    overhead = 0.3 * np.sum([delayed(_in_a_room(wave, rng), away[label]) for label, wave in own.items()], axis=0)
    everything = delayed(np.sum(list(own.values()), axis=0), SPILL_SAMPLES)
    close = {
        label: _with_noise(wave + spill * (everything - delayed(wave, SPILL_SAMPLES)), rng)
        for label, wave in own.items()
    }
    return Kit(name, kind, _with_noise(overhead, rng), close, {label: -samples for label, samples in away.items()})


def _in_a_room(wave: Wave, rng: np.random.Generator) -> Wave:
    """The direct sound, and diffuse reflections of a quarter of its energy."""
    time = np.arange(round(ROOM_SECONDS * RATE))
    tail = rng.standard_normal(len(time)) * np.exp(-time / (RATE * ROOM_SECONDS / 4))
    tail *= ROOM_GAIN / np.linalg.norm(tail)
    response = np.concatenate([[1.0], np.zeros(40), tail])
    return np.asarray(scipy.signal.oaconvolve(wave, response)[: len(wave)], np.float32)


def _with_noise(wave: Wave, rng: np.random.Generator) -> Wave:
    return np.asarray(wave + 1e-4 * rng.standard_normal(len(wave)), np.float32)
