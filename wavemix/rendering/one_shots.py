"""Recorded notes of one instrument, played as a sampler plays them."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import soxr

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.errors import WavemixError
from wavemix.rendering.channel import Note
from wavemix.rendering.sounds import Samples, ramp_down, read_sound

RELEASE_SECONDS = 0.03
DYNAMICS = ("pp", "p", "mp", "mf", "f", "ff")

_NAME = re.compile(
    r"(?P<articulation>.+)_(?P<letter>[a-g])(?P<flat>b?)(?P<octave>\d)_(?P<dynamic>[pmf]+)_rr(?P<take>\d+)"
)
LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
"""Semitones of the notes' letters above c."""

# Guitars and basses sound an octave below the note that is written for them, and these files are named by the
# written note: "a3" of the bass measures 110 Hz, as does "a3" of the guitars (A2 = 110 Hz, MIDI pitch 45).
_WRITTEN_ABOVE_SOUNDING = 12
_STRETCH_SEMITONES = 7  # beyond its samples an instrument is stretched as far; farther notes move by octaves
_HARDEST = 127.0
_VELOCITY_EXPONENT = 1.5  # amplitude of a note over its velocity: 9 dB at half of it


@dataclass(frozen=True)
class OneShots:
    """The samples of an instrument.

    Attributes:
        files: By pitch, dynamic layer (0 is the softest) and take.
        gains: Factor on each layer that brings it to the level of the loudest one.
        skip: Samples before the attack, cut off from every file.
    """

    files: Mapping[int, Sequence[Sequence[Path]]]
    gains: Sequence[float]
    skip: int


@lru_cache(maxsize=8)
def load(folder: Path, articulation: str) -> OneShots:
    """Find the samples of an instrument: `<articulation>_<note>_<dynamic>_rr<take>.ogg` or `.wav`.

    Raises:
        WavemixError: If there are none.
    """
    found: dict[tuple[int, str], list[Path]] = {}
    for path in sorted(folder.glob(f"{articulation}_*")):
        match = _NAME.fullmatch(path.stem)
        if match and match["articulation"] == articulation and match["dynamic"] in DYNAMICS:
            written = 12 * (int(match["octave"]) + 1) + LETTERS[match["letter"]] - len(match["flat"])
            found.setdefault((written - _WRITTEN_ABOVE_SOUNDING, match["dynamic"]), []).append(path)
    if not found:
        raise WavemixError(f"{folder}: has no one-shots of '{articulation}'; name the folder of the ingredients.")
    layers = sorted({dynamic for _, dynamic in found}, key=DYNAMICS.index)
    pitches = [
        pitch for pitch in sorted({pitch for pitch, _ in found}) if all((pitch, name) in found for name in layers)
    ]
    files = {pitch: [found[pitch, name] for name in layers] for pitch in pitches}
    peaks = [_typical_peak([files[pitch][layer][0] for pitch in pitches]) for layer in range(len(layers))]
    attacks = [_attack(read_sound(files[pitch][-1][0])) for pitch in pitches]
    return OneShots(files, [peaks[-1] / peak for peak in peaks], int(np.median(attacks)))


def play(notes: Sequence[Note], samples: int, shots: OneShots) -> Samples:
    """Play notes.

    Pitch bends are not played: a fretted string hardly bends.

    Args:
        notes: By their starts.
        samples: Length of the result; what lasts longer is cut.
        shots: The instrument.

    Returns:
        The part in mono at 44.1 kHz, shape `(samples,)`.
    """
    track = np.zeros(samples, np.float32)
    takes: Counter[tuple[int, int]] = Counter()
    layers = len(shots.gains)
    release = ramp_down(round(RELEASE_SECONDS * SAMPLE_RATE))
    for note in notes:
        start = round(note.start_seconds * SAMPLE_RATE)
        layer = min(layers - 1, int(note.velocity / (_HARDEST + 1.0) * layers))
        pitch, source = _nearest(note.pitch, tuple(shots.files))
        files = shots.files[source][layer]
        path = files[takes[source, layer] % len(files)]
        takes[source, layer] += 1
        sound = _repitched(path, pitch - source, shots.skip)
        held = round(note.seconds * SAMPLE_RATE)
        sound = sound[: min(held + len(release), samples - start)] * np.float32(
            shots.gains[layer] * (note.velocity / _HARDEST) ** _VELOCITY_EXPONENT
        )
        if len(sound) > held:
            sound[held:] *= release[: len(sound) - held]
        track[start : start + len(sound)] += sound
    return track


@lru_cache(maxsize=256)
def _nearest(pitch: int, sampled: tuple[int, ...]) -> tuple[int, int]:
    """The pitch that is played for a pitch, and that of the sample to play it with."""
    while pitch < min(sampled) - _STRETCH_SEMITONES:
        pitch += 12
    while pitch > max(sampled) + _STRETCH_SEMITONES:
        pitch -= 12
    return pitch, min(sampled, key=lambda source: (abs(source - pitch), source))


@lru_cache(maxsize=1024)
def _repitched(path: Path, semitones: int, skip: int) -> Samples:
    sound = read_sound(path)[skip:]
    if semitones:
        # Played faster by this factor, a sound is higher by so many semitones.
        sound = soxr.resample(sound, SAMPLE_RATE * 2.0 ** (semitones / 12.0), SAMPLE_RATE, quality="HQ")
    sound = np.ascontiguousarray(sound, np.float32)
    sound.setflags(write=False)
    return sound


def _typical_peak(paths: Sequence[Path]) -> float:
    peaks = [float(np.max(np.abs(read_sound(path)), initial=0.0)) for path in paths]
    return max(float(np.median(peaks)), math.ulp(1.0))


def _attack(sound: Samples) -> int:
    """The sample shortly before a sound first reaches a tenth of its peak."""
    loud = np.abs(sound) > 0.1 * np.max(np.abs(sound), initial=0.0)
    return max(0, int(np.argmax(loud)) - round(0.002 * SAMPLE_RATE))
