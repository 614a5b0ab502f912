"""One-shots of any folder whose files' names tell what they are."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path, PurePath

import numpy as np
import soxr

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.ear_training.phrases import SAMPLES, Phrases, pick
from wavemix.ear_training.sound import Sound
from wavemix.rendering.channel import Note
from wavemix.rendering.sounds import Samples, read_sound
from wavemix.session.groups import DRUMS
from wavemix.session.roles import place

SUFFIXES = (".wav", ".flac", ".ogg", ".aiff", ".aif")
_DRY_ROLES = ("kick", "snare", "hihat", "toms", "cymbals", "percussion", "kit")
_LONGEST_STROKE = round(3.0 * SAMPLE_RATE)


def play_strokes(folders: Sequence[Path], phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """One-shots of any folder whose files' names tell what they are: a rhythm of one instrument's a time.

    Args:
        folders: With sound files, at any depth.
        phrases: The strokes keep their rhythms.
        takes: How often each instrument of each folder is played.
        seed: Seed of all that chance decides.
    """
    rng = np.random.default_rng(seed)
    for folder in folders:
        found: dict[tuple[str, str, str], list[Path]] = {}
        for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES):
            placed = place(PurePath(path.stem))
            if placed.recognised and not (placed.group == "drums" and placed.role not in _DRY_ROLES):
                found.setdefault((str(path.parent), placed.group, placed.role), []).append(path)
        for number, ((place_, group, role), files) in enumerate(sorted(found.items())):
            for take in range(takes):
                some = [pick(files, rng) for _ in range(int(rng.integers(1, 4)))]
                notes = _notes(phrases, group, rng)
                name = f"{Path(place_).name}: {some[0].stem}"
                yield Sound(_strokes(some, notes, group), group, role, "one-shots", name, (number + take) % 12 == 11)


def _notes(phrases: Phrases, group: str, rng: np.random.Generator) -> tuple[Note, ...]:
    if group == DRUMS.name:
        notes = pick(phrases.drums, rng)
        pitch = pick(notes, rng).pitch
        return tuple(note for note in notes if note.pitch == pitch)
    return pick(phrases.bass, rng) if group == "bass" else pick(phrases.others, rng)[1]


def _strokes(files: Sequence[Path], notes: Sequence[Note], group: str) -> Samples:
    """One-shots, one after the other, at the notes' times; drums as recorded, others at their pitches."""
    track = np.zeros(SAMPLES, np.float32)
    middle = int(np.median([note.pitch for note in notes])) if notes else 60
    for number, note in enumerate(notes):
        sound = _stroke(files[number % len(files)], 0 if group == DRUMS.name else max(-9, min(9, note.pitch - middle)))
        start = round(note.start_seconds * SAMPLE_RATE)
        track[start : start + len(sound)] += sound[: len(track) - start] * np.float32(note.velocity / 127)
    return track


@lru_cache(maxsize=512)
def _stroke(path: Path, semitones: int) -> Samples:
    sound = read_sound(path)[:_LONGEST_STROKE]
    if semitones:
        sound = np.asarray(soxr.resample(sound, SAMPLE_RATE * 2.0 ** (semitones / 12), SAMPLE_RATE), np.float32)
    return sound
