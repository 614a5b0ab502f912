"""A drum kit that stands before fourteen microphones, each of which hears every stroke."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.documents.names import for_libraries
from wavemix.errors import WavemixError
from wavemix.rendering.channel import Note
from wavemix.rendering.sounds import Samples, ramp_down, read_sound

MICROPHONES = {
    "Kick L": "KdrumL",
    "Kick R": "KdrumR",
    "Snare Top": "Snare_top",
    "Snare Bottom": "Snare_bottom",
    "HiHat": "Hihat",
    "Tom 1": "Tom1",
    "Tom 2": "Tom2",
    "Tom 3": "Tom3",
    "Tom 4": "Tom4",
    "Ride": "RideR",
    "OH L": "OHL",
    "OH R": "OHR",
    "Room L": "AmbL",
    "Room R": "AmbR",
}
"""Our name of each microphone, and what its files are called."""

KICKS = ("KdrumR", "KdrumL")
CLOSED, OPEN = "HihatClosed", "HihatOpen"
PIECES = {
    **dict.fromkeys((35, 36), KICKS[0]),
    37: "SnareRest",
    **dict.fromkeys((38, 40), "Snare"),
    **dict.fromkeys((42, 44), CLOSED),
    46: OPEN,
    **dict.fromkeys((41, 43), "Tom4"),
    45: "Tom3",
    **dict.fromkeys((47, 48), "Tom2"),
    50: "Tom1",
    49: "CrashL",
    **dict.fromkeys((55, 57), "CrashR"),
    51: "RideR",
    59: "RideL",
    53: "RideRBell",
    52: "China",
}
"""The piece that a General MIDI drum is played on; others are no part of a kit."""

SOFTER = {44: 0.6, 55: 0.6}
"""Factor on velocities: a foot closes hi-hats softly, and a light crash stands in for the splash that the kit lacks."""

_FILE = re.compile(r"(?P<layer>\d+)_(?P<microphone>\w+)")
_SHORTEST_SECONDS = 0.02  # shorter ones are broken
_DOUBLE_SECONDS = 0.16  # kicks that follow so fast are played with both feet
_CHOKE_SECONDS = 0.05
_FADE_SECONDS = 0.02
_INAUDIBLE = 10.0 ** (-66.0 / 20.0)  # beside the stroke's loudest moment, in every microphone
_UNEVEN_RANKS = 0.35  # standard deviation of a stroke's layer
_UNEVEN_DB = 0.4


@dataclass(frozen=True)
class _Stroke:
    """One stroke to play: when, on what, which recording of it, how loud, and when it is choked."""

    start: int
    piece: str
    layer: str
    gain: float
    stop: int | None


def is_played_on_kit(pitch: int) -> bool:
    """Whether a General MIDI drum is one that a kit has."""
    return pitch in PIECES


def play_kit(notes: Sequence[Note], samples: int, folder: Path, rng: Generator) -> dict[str, Samples]:
    """Play the kit.

    Args:
        notes: By their starts; those that a kit does not have are ignored.
        samples: Length of the result; what lasts longer is cut.
        folder: The kit: a folder a piece, in it `<velocity layer>_<microphone>.ogg` or `.wav`.
        rng: The drummer's unevenness.

    Returns:
        What each of `MICROPHONES` records, at their true relative levels, at 44.1 kHz, shape `(samples,)`.

    Raises:
        WavemixError: If the kit lacks a piece that is played.
    """
    tracks = np.zeros((len(MICROPHONES), samples), np.float32)
    for stroke in _strokes(notes, folder, rng):
        recorded = _recording(folder, stroke.piece, stroke.layer)
        envelope = _envelope(stroke, min(recorded.shape[1], samples - stroke.start))
        stop = stroke.start + len(envelope)
        for track, heard in zip(tracks, recorded, strict=True):  # one by one they stay in the processor's cache
            track[stroke.start : stop] += heard[: len(envelope)] * envelope
    return dict(zip(MICROPHONES, tracks, strict=True))


def _envelope(stroke: _Stroke, length: int) -> Samples:
    """The gain of a stroke over at most `length` samples, to its end or its choke."""
    fade = ramp_down(round(_CHOKE_SECONDS * SAMPLE_RATE))
    choke = length if stroke.stop is None else min(length, stroke.stop - stroke.start)
    envelope = np.full(min(length, choke + len(fade)), stroke.gain, np.float32)
    envelope[choke:] *= fade[: len(envelope) - choke]
    return envelope


def _strokes(notes: Sequence[Note], folder: Path, rng: Generator) -> list[_Stroke]:
    """Decides which recording each note is."""
    notes = [note for note in notes if note.pitch in PIECES]
    starts = [round(note.start_seconds * SAMPLE_RATE) for note in notes]
    pieces = _feet(notes)
    hats = [start for start, piece in zip(starts, pieces, strict=True) if piece in (CLOSED, OPEN)]
    strokes = []
    for note, start, piece in zip(notes, starts, pieces, strict=True):
        layers = _layers(folder)[piece] if piece in _layers(folder) else ()
        if not layers:
            raise WavemixError(f"{folder}: the drum kit has no '{piece}'; fetch the kit again.")
        force = note.velocity * SOFTER.get(note.pitch, 1.0) / 128.0
        rank = int(np.floor(force * len(layers) + rng.normal(0.0, _UNEVEN_RANKS)))
        gain = float(10.0 ** (rng.normal(0.0, _UNEVEN_DB) / 20.0))
        following = bisect_right(hats, start) if piece == OPEN else len(hats)
        stop = hats[following] if following < len(hats) else None
        strokes.append(_Stroke(start, piece, layers[max(0, min(rank, len(layers) - 1))], gain, stop))
    return strokes


def _feet(notes: Sequence[Note]) -> list[str]:
    """The piece that each note is played on: of fast kicks, every other is the left foot's."""
    pieces, left, kicked_seconds = [], False, -np.inf
    for note in notes:
        piece = PIECES[note.pitch]
        if piece == KICKS[0]:
            left = not left and note.start_seconds - kicked_seconds < _DOUBLE_SECONDS
            kicked_seconds = note.start_seconds
            piece = KICKS[left]
        pieces.append(piece)
    return pieces


@lru_cache(maxsize=4)
def _layers(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """The velocity layers of each piece, the softest first, without those whose recordings are broken."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*/*_*")):
        match = _FILE.fullmatch(path.stem)
        if match and match["microphone"] in MICROPHONES.values():
            found.setdefault(path.parent.name, {})[match["layer"]] = path
    return {
        piece: tuple(layer for layer in sorted(files, key=int) if _is_long_enough(files[layer]))
        for piece, files in found.items()
    }


def _is_long_enough(path: Path) -> bool:
    try:
        info = soundfile.info(for_libraries(path))
    except soundfile.LibsndfileError:
        return False
    return bool(info.frames >= _SHORTEST_SECONDS * info.samplerate)


@lru_cache(maxsize=256)
def _recording(folder: Path, piece: str, layer: str) -> Samples:
    """Reads a stroke as every microphone heard it, up to where it is inaudible; shape `(microphones, samples)`."""
    heard = [_heard(folder / piece, f"{layer}_{microphone}") for microphone in MICROPHONES.values()]
    stroke = np.zeros((len(heard), max(map(len, heard))), np.float32)
    for row, sound in zip(stroke, heard, strict=True):
        row[: len(sound)] = sound
    loudness = np.max(np.abs(stroke), axis=0)
    audible = np.flatnonzero(loudness > _INAUDIBLE * np.max(loudness, initial=0.0))
    fade = round(_FADE_SECONDS * SAMPLE_RATE)
    stroke = stroke[:, : (audible[-1] + 1 if len(audible) else 0) + fade].copy()
    fade = min(fade, stroke.shape[1])
    stroke[:, stroke.shape[1] - fade :] *= ramp_down(fade)
    stroke.setflags(write=False)
    return stroke


def _heard(piece: Path, stem: str) -> Samples:
    """Reads one microphone's file, shape `(samples,)`; a microphone without a file heard nothing."""
    path = next((path for path in (piece / f"{stem}.ogg", piece / f"{stem}.wav") if path.exists()), None)
    return np.zeros(0, np.float32) if path is None else read_sound(path)
