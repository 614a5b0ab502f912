"""How well `--clean` finds breaths, bumps and hum that were added to voices at known places, and what it does to them.

    python benchmarks/cleaning.py SONG...

SONG is a song in the plain layout; its vocal tracks are read. All but their phrases, by a plain gate, is replaced by a
faint noise, in which nothing may be found. Then breaths and bumps are put into the pauses, and hum under every other
track. A place counts if it is of the added sound's kind and covers half of it; one that covers none of its kind is
wrong. Levels are those of the sound's time, after against before; what changed in the phrases is held against them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath

import click
import numpy as np
import scipy.ndimage
import scipy.signal
from numpy.typing import NDArray

from wavemix.audio.arrays import array_info
from wavemix.audio.reading import TrackReader, decode
from wavemix.audio.sides import probe_track
from wavemix.cli.console import print_table
from wavemix.dsp.levels import db_to_gain, gain_to_db
from wavemix.session.care import Place
from wavemix.session.manifest import open_session
from wavemix.session.session import Track
from wavemix.takes.applying import Treatment, treated
from wavemix.takes.cleaning import find_places

RATE = 44_100
GATE_DB = -20.0
BEFORE_SECONDS, AFTER_SECONDS = 0.06, 0.12
FLOOR_DB = -65.0
PAUSE_SECONDS = 1.0
HUM_SECONDS = 0.6  # hum alone, between phrases and what else was added, is asked for from this length on
KINDS = ("breath", "bump", "hum")

_VOICE = scipy.signal.butter(4, 150, "highpass", fs=RATE, output="sos")  # a thump of the stand is no phrase

Wave = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass
class Voice:
    """A voice of which everything is known.

    Attributes:
        name: Song and file.
        clean: Its phrases and a faint floor, `(samples,)`.
        dirty: Phrases, floor and what was added.
        sung: Where its phrases are.
        added: What was added: kind, first sample, end.
    """

    name: str
    clean: Wave
    dirty: Wave
    sung: Mask
    added: list[tuple[str, int, int]] = field(default_factory=list)


@click.command()
@click.argument("songs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--seconds", default=60.0, show_default=True, help="How much of each track is read.")
@click.option("--verbose", is_flag=True, help="Print every sound that was missed and every place that was wrong.")
def main(songs: tuple[Path, ...], seconds: float, verbose: bool) -> None:
    rng = np.random.default_rng(0)
    counts: Counter[tuple[str, str]] = Counter()
    falls: defaultdict[str, list[float]] = defaultdict(list)
    changes, untouched, tracks = [], 0, 0
    for song in songs:
        for voice in _voices(song, round(seconds * RATE), rng, tracks):
            tracks += 1
            untouched += _cleaned(voice.clean)[0] == ()
            places, after = _cleaned(voice.dirty)
            for kind, low, high, good in _judged(voice, places):
                counts[kind, good] += 1
                if verbose and good in ("missed", "wrong"):
                    print(f"{voice.name}: {kind} {good} at {low / RATE:.2f} to {high / RATE:.2f} s")
            for kind, low, high in voice.added:
                falls[kind].append(_fall_db(kind, voice.dirty[low:high], after[low:high]))
            phrases, change = (np.square(wave[voice.sung]).sum() for wave in (voice.dirty, after - voice.dirty))
            changes.append(10 * np.log10(change / phrases + 1e-30))
    rows = []
    for kind in (*KINDS, "bleed"):
        found, missed, wrong = (counts[kind, good] for good in ("found", "missed", "wrong"))
        lower = np.array(falls[kind])
        rows.append(
            (
                kind,
                str(found + missed),
                f"{100 * found / max(1, found + missed):.1f} %",
                f"{100 * counts[kind, 'right'] / max(1, counts[kind, 'right'] + wrong):.1f} %",
                *((f"{np.median(lower):.1f}", f"{100 * np.mean(lower >= 5.95):.1f} %") if len(lower) else ("", "")),
            )
        )
    columns = ("kind", "added", "recall", "precision", "lower by, dB, median", "lower by 6 dB")
    print_table(f"sounds added to {tracks} voices", columns, rows)
    print_table(
        "the rest",
        ("voices", "change in phrases, dB, worst", "with nothing to clean, identical"),
        [(str(tracks), f"{max(changes):.1f}", f"{untouched} of {tracks}")],
    )


def _voices(song: Path, samples: int, rng: np.random.Generator, tracks: int) -> Iterator[Voice]:
    session = open_session(song / "raw")
    for track in session.tracks:
        if track.group != "vocals":
            continue
        with TrackReader(info := probe_track(session.paths(track)), RATE) as reader:
            wave = reader.read(min(samples, info.frames)).mean(axis=0)
        level = _level_db(scipy.signal.sosfiltfilt(_VOICE, wave))
        loud = float(np.median(level[level > level.max() - 20]))
        if level.max() < -60:
            continue
        sung = _gate(level > loud + GATE_DB)
        open_gate = scipy.ndimage.uniform_filter1d(sung.astype(float), round(0.02 * RATE))
        floor = db_to_gain(loud + FLOOR_DB) * rng.standard_normal(len(wave))
        clean = (wave * open_gate + floor).astype(np.float32)
        voice = Voice(f"{song.name}/{track.label}", clean, clean.copy(), sung)
        _dirty(voice, loud, rng, hums=bool(tracks % 2))
        tracks += 1
        yield voice


def _level_db(wave: Wave) -> NDArray[np.float64]:
    power = scipy.ndimage.uniform_filter1d(np.square(wave.astype(float)), round(0.03 * RATE))
    return 10 * np.log10(np.maximum(power, 1e-12))


def _gate(open_gate: Mask) -> Mask:
    before, after = round(BEFORE_SECONDS * RATE), round(AFTER_SECONDS * RATE)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], open_gate.astype(np.int8), [0]])))
    out = np.zeros(len(open_gate), bool)
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        out[max(0, low - before) : high + after] = True
    return out


def _dirty(voice: Voice, loud: float, rng: np.random.Generator, hums: bool) -> None:
    """Put sounds into the pauses: a breath before a phrase, and now and then a bump some time before it."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (~voice.sung).astype(np.int8), [0]])))
    for low, high in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if high - low < PAUSE_SECONDS * RATE:
            continue
        taken = [low]
        breath = _breath(rng) * db_to_gain(loud - rng.uniform(16, 34))
        at = high - len(breath) - round(rng.uniform(0.05, 0.2) * RATE)
        _add(voice, "breath", at, breath)
        if at - low > RATE:
            bump = _bump(rng) * db_to_gain(loud - rng.uniform(0, 18))
            start = round(rng.uniform(low + 0.2 * RATE, at - 0.1 * RATE - len(bump)))
            _add(voice, "bump", start, bump)
            taken += [start, start + len(bump)]
        taken += [at, at + len(breath), high]
        if hums:
            voice.added += [("hum", first, end) for first, end in [(low, high)] if end - first > HUM_SECONDS * RATE]
    if hums:
        hz = rng.choice([50, 60]) + rng.uniform(-0.2, 0.2)
        parts = 1.0 / np.arange(1, 9) * rng.uniform(0.3, 1.0, 8)
        time = np.arange(len(voice.dirty)) / RATE
        hum = sum(part * np.sin(2 * np.pi * (k * hz * time + rng.random())) for k, part in enumerate(parts, start=1))
        voice.dirty += (hum / np.sqrt(np.mean(hum**2)) * db_to_gain(loud - rng.uniform(40, 52))).astype(np.float32)


def _add(voice: Voice, kind: str, start: int, sound: NDArray[np.float64]) -> None:
    voice.dirty[start : start + len(sound)] += sound.astype(np.float32)
    voice.added.append((kind, start, start + len(sound)))


def _breath(rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise through the resonances of an open mouth, swelling, of RMS 1."""
    noise = rng.standard_normal(round(rng.uniform(0.2, 0.6) * RATE))
    air = 0.3 * scipy.signal.sosfilt(_band(400, 9_000), noise)
    for hz in rng.uniform([900, 1_800, 3_000], [1_600, 2_800, 5_000]):
        air += rng.uniform(0.3, 1) * scipy.signal.sosfilt(_band(0.85 * hz, 1.15 * hz), noise)
    air *= np.sin(np.pi * np.linspace(0, 1, len(air)) ** rng.uniform(0.8, 1.6)) ** rng.uniform(0.7, 2)
    return air / np.sqrt(np.mean(air**2))


def _bump(rng: np.random.Generator) -> NDArray[np.float64]:
    """A stand that is knocked: a few low resonances that die away, of RMS 1."""
    time = np.arange(round(rng.uniform(0.12, 0.3) * RATE)) / RATE
    thump = sum(
        np.sin(2 * np.pi * hz * time) * np.exp(-time / rng.uniform(0.02, 0.06)) for hz in rng.uniform(35, 110, 2)
    )
    return thump / np.sqrt(np.mean(thump**2))


def _band(low_hz: float, high_hz: float) -> NDArray[np.float64]:
    return scipy.signal.butter(2, (low_hz, high_hz), "bandpass", fs=RATE, output="sos")


def _cleaned(wave: Wave) -> tuple[tuple[Place, ...], Wave]:
    track, info = Track(PurePath("voice"), "vocals", "lead", ""), array_info("voice", wave[np.newaxis], RATE)
    places = find_places(track, info)
    changed = treated(partial(lambda: info), [Treatment(places=places)])() if places else info
    return places, np.concatenate(list(decode(changed)), axis=1)[0]


def _judged(voice: Voice, places: tuple[Place, ...]) -> Iterator[tuple[str, int, int, str]]:
    """Each added sound, found or missed, and each place, right or wrong."""
    laid = [(place.kind, round(place.start_seconds * RATE), round(place.end_seconds * RATE)) for place in places]
    for kind, low, high in voice.added:
        covered = sum(max(0, min(high, end) - max(low, start)) for other, start, end in laid if other == kind)
        yield kind, low, high, "found" if covered >= 0.5 * (high - low) else "missed"
    for kind, start, end in laid:
        hit = any(
            kind == other and (kind == "hum" or min(high, end) > max(low, start)) for other, low, high in voice.added
        )  # hum is under all of a track
        yield kind, start, end, "right" if hit else "wrong"


def _fall_db(kind: str, before: Wave, after: Wave) -> float:
    """How much lower it is; of hum the lowest multiples alone, beside which other sounds lie."""
    if kind == "hum":
        before, after = (
            scipy.signal.sosfiltfilt(_band(40, 70), wave)[RATE // 5 : -RATE // 5] for wave in (before, after)
        )
    rms = [np.sqrt(np.mean(np.square(wave, dtype=np.float64))) for wave in (before, after)]
    return float(gain_to_db(rms[0]) - gain_to_db(rms[1]))


if __name__ == "__main__":
    main()
