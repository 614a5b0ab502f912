"""How well `--align` finds lags and polarities that are known, and whether it leaves unrelated tracks where they are.

    python benchmarks/alignment.py SONG...

SONG is a song in the plain layout. Each kit's close microphones are moved by -300 to 300 samples and turned over by
chance, several times, and brought back. Of a kit that was recorded with overheads, the lag without a shift is what is
measured there; a shift must change it by just as much. Electronic kits, and drum sets on one track, get an overhead
made here: every track, as loud as the others, from its own distance, in a room. There the lag is known. Pairs of tracks
that have nothing in common are compared as if they were microphones of one kit, or takes of one instrument: none may be
moved.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path, PurePath

import click
import numpy as np
import scipy.signal
from numpy.typing import NDArray

from wavemix.audio.arrays import array_info
from wavemix.audio.reading import TrackReader
from wavemix.audio.sides import probe_track
from wavemix.cli.console import print_table
from wavemix.dsp.alignment import delayed
from wavemix.session.manifest import open_session
from wavemix.session.session import Track
from wavemix.takes.alignment import CLOSE, OVERHEAD, Found, Opened, compare

RATE = 44_100
FARTHEST_SHIFT = 300
DISTANCES = (30, 180)  # samples from a drum to an overhead: 0.2 to 1.4 m further than to its own microphone
ROOM_SECONDS = 0.15
ROOM_GAIN = 0.5

Wave = NDArray[np.float32]


@dataclass(frozen=True)
class Kit:
    """Microphones of one kit.

    Attributes:
        name: What the song is called.
        overhead: What hears all, `(samples,)`.
        close: What hears one drum above all, by name.
        lags: How late each lies against the overhead; none where that is to be measured.
    """

    name: str
    overhead: Wave
    close: dict[str, Wave]
    lags: dict[str, int]


@click.command()
@click.argument("songs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--trials", default=10, show_default=True, help="Shifts of each microphone.")
@click.option("--pairs", default=200, show_default=True, help="Pairs of unrelated tracks.")
@click.option("--seconds", default=60.0, show_default=True, help="How much of each song is read.")
def main(songs: tuple[Path, ...], trials: int, pairs: int, seconds: float) -> None:
    rng = np.random.default_rng(0)
    tracks = {song: list(_tracks(song, round(seconds * RATE))) for song in songs}
    counts: Counter[str] = Counter()
    rows = []
    for song, own in tracks.items():
        if kit := _kit(song.name, own, rng):
            found = _try(kit, trials, rng)
            rows.append((kit.name, "recorded" if not kit.lags else "made", *_cells(found)))
            counts += found
    rows.append(("all", "", *_cells(counts)))
    columns = (
        "song",
        "overhead",
        "microphones",
        "not clear",
        "trials",
        "lag within 1 sample",
        "polarity",
        "moved again",
    )
    print_table("known shifts and flips", columns, rows)
    moved = [(pair, _moved(*pair)) for pair in _unrelated(tracks, pairs, rng)]
    kit_pairs = [found for (_, _, kit), found in moved if kit]
    others = [found for (_, _, kit), found in moved if not kit]
    print_table(
        "unrelated pairs",
        ("compared as", "pairs", "moved"),
        [("microphones of a kit", str(len(kit_pairs)), str(sum(kit_pairs)))]
        + [("takes of one instrument", str(len(others)), str(sum(others)))],
    )


def _tracks(song: Path, samples: int) -> Iterator[tuple[Track, Wave]]:
    """The beginnings of a song's raw tracks, in mono."""
    session = open_session(song / "raw")
    for track in session.tracks:
        with TrackReader(info := probe_track(session.paths(track)), RATE) as reader:
            wave = reader.read(min(samples, info.frames)).mean(axis=0)
        if np.abs(wave).max() > 0:
            yield replace(track, file=PurePath(song.name, track.file)), wave


def _kit(name: str, tracks: Sequence[tuple[Track, Wave]], rng: np.random.Generator) -> Kit | None:
    drums = [(track, wave) for track, wave in tracks if track.group == "drums"]
    overheads = [wave for track, wave in drums if track.role == OVERHEAD]
    close = {track.label: wave for track, wave in drums if track.role in CLOSE}
    if overheads and close:
        return Kit(name, overheads[0], close, {})
    sets = {track.label: wave for track, wave in drums if "drum-set" in track.label}
    own = sets or close
    if not own or (not sets and not name.startswith("lmms_")):
        return None
    length = max(map(len, own.values()))
    own = {label: np.pad(wave, (0, length - len(wave))) / np.abs(wave).max() for label, wave in own.items()}
    away = {label: int(rng.integers(*DISTANCES)) for label in own}
    heard = [delayed(_in_a_room(wave, rng), away[label]) for label, wave in own.items()]
    overhead = 0.3 * np.sum(heard, axis=0)
    close = {label: _with_noise(wave, rng) for label, wave in own.items()}
    return Kit(name, _with_noise(overhead, rng), close, {label: -samples for label, samples in away.items()})


def _in_a_room(wave: Wave, rng: np.random.Generator) -> Wave:
    """The direct sound, and diffuse reflections of a quarter of its energy."""
    time = np.arange(round(ROOM_SECONDS * RATE))
    tail = rng.standard_normal(len(time)) * np.exp(-time / (RATE * ROOM_SECONDS / 4))
    tail *= ROOM_GAIN / np.linalg.norm(tail)
    response = np.concatenate([[1.0], np.zeros(40), tail])
    return np.asarray(scipy.signal.oaconvolve(wave, response)[: len(wave)], np.float32)


def _with_noise(wave: Wave, rng: np.random.Generator) -> Wave:
    return np.asarray(wave + 1e-4 * rng.standard_normal(len(wave)), np.float32)


def _try(kit: Kit, trials: int, rng: np.random.Generator) -> Counter[str]:
    """Counts of what was right."""
    unmoved = _compare(kit.overhead, kit.close)
    clear = {label: lies for label, lies in unmoved.items() if lies is not None}
    counts = Counter(microphones=len(unmoved), unclear=len(unmoved) - len(clear))
    for _ in range(trials):
        shifts = {label: int(rng.integers(-FARTHEST_SHIFT, FARTHEST_SHIFT + 1)) for label in clear}
        flips = {label: int(rng.choice([-1, 1])) for label in clear}
        shifted = {label: flips[label] * delayed(kit.close[label], shifts[label]) for label in clear}
        for label, lies in _compare(kit.overhead, shifted).items():
            counts["trials"] += 1
            if lies is None:
                continue
            lag = kit.lags.get(label, clear[label].alignment.lag_samples) + shifts[label]
            turned = (1 if kit.lags else clear[label].alignment.polarity) * flips[label]
            counts["lag"] += abs(lies.alignment.lag_samples - lag) <= 1
            counts["polarity"] += lies.alignment.polarity == turned
    aligned = {
        label: lies.alignment.polarity * delayed(kit.close[label], -lies.alignment.lag_samples)
        for label, lies in clear.items()
    }
    again = _compare(kit.overhead, aligned)
    counts["again"] = sum(lies is not None and lies.alignment.moves for lies in again.values())
    return counts


def _cells(counts: Counter[str]) -> tuple[str, ...]:
    def part(what: str) -> str:
        return f"{100 * counts[what] / max(1, counts['trials']):.1f} %"

    numbers = (str(counts[what]) for what in ("microphones", "unclear", "trials"))
    return (*numbers, part("lag"), part("polarity"), str(counts["again"]))


def _compare(first: Wave, others: dict[str, Wave], kit: bool = True) -> dict[str, Found | None]:
    opened = [_opened(label, wave) for label, wave in others.items()]
    return dict(zip(others, compare(_opened("overhead", first), opened, kit), strict=True)) if others else {}


def _opened(label: str, wave: Wave) -> Opened:
    return Track(PurePath(label), "drums", "kick", ""), array_info(label, wave[np.newaxis], RATE)


def _unrelated(
    tracks: dict[Path, list[tuple[Track, Wave]]], count: int, rng: np.random.Generator
) -> list[tuple[Wave, Wave, bool]]:
    """Half of the pairs drums of different songs; the others tracks of any song, of one song in different groups."""
    everything = [(song, track, wave) for song, own in tracks.items() for track, wave in own]
    drums = [
        (first, second, True)
        for (song, track, first), (other_song, other, second) in combinations(everything, 2)
        if song != other_song and track.group == other.group == "drums"
    ]
    rest = [
        (first, second, False)
        for (song, track, first), (other_song, other, second) in combinations(everything, 2)
        if "drums" not in (track.group, other.group) and (song != other_song or track.group != other.group)
    ]
    return [
        pairs[i] for pairs in (drums, rest) for i in rng.choice(len(pairs), min(len(pairs), count // 2), replace=False)
    ]


def _moved(first: Wave, second: Wave, kit: bool) -> bool:
    [lies] = _compare(first, {"other": second}, kit).values()
    return lies is not None and lies.alignment.moves


if __name__ == "__main__":
    main()
