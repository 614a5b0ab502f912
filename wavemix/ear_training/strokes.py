"""One-shots of any folder whose files' names, or whose own name, tell what they are."""

from collections import Counter
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
from wavemix.session.groups import DRUMS, VOCALS
from wavemix.session.roles import place

SUFFIXES = (".wav", ".flac", ".ogg", ".aiff", ".aif")
SYLLABLES = 12
"""So many at most does a voice utter in a phrase."""

SEMITONES = {DRUMS.name: 0, VOCALS.name: 4}
"""How far one-shots are moved in pitch; others by nine semitones."""

_DRY_ROLES = ("kick", "snare", "hihat", "toms", "cymbals", "percussion", "kit")
_LONGEST_STROKE = round(3.0 * SAMPLE_RATE)


Kind = tuple[str, str, str]
"""A folder, a group and a role."""


def play_strokes(folders: Sequence[Path], phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """One-shots of any folder whose names tell what they are: a rhythm of one instrument's a time.

    Args:
        folders: With sound files, at any depth.
        phrases: The strokes keep their rhythms.
        takes: How often each instrument of each folder is played.
        seed: Seed of all that chance decides.
    """
    rng = np.random.default_rng(seed)
    for number, ((folder, group, role), files) in enumerate(one_shots_of(folders).items()):
        for take in range(takes):
            some = [pick(files, rng) for _ in range(int(rng.integers(1, SYLLABLES if group == VOCALS.name else 4)))]
            sound = strokes(some, _notes(phrases, group, rng), group)
            name = f"{Path(folder).name}: {some[0].stem}"
            yield Sound(sound, group, role, "one-shots", name, (number + take) % 12 == 11)


def one_shots_of(folders: Sequence[Path]) -> dict[Kind, list[Path]]:
    """The sound files of some folders, by folder and by what they are: by a file's name, or else its folder's.

    A folder most of whose files are drums is a kit: what else its names seem to tell (a ride's bell) is left out.
    """
    found: dict[Kind, list[Path]] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES):
        placed = place(PurePath(path.stem))
        if not placed.recognised:
            placed = place(PurePath(path.parent.name))
        if placed.recognised and not (placed.group == DRUMS.name and placed.role not in _DRY_ROLES):
            found.setdefault((str(path.parent), placed.group, placed.role), []).append(path)
    files = Counter[str]()
    for (folder, group, _), paths in found.items():
        files[folder] += len(paths) if group == DRUMS.name else -len(paths)
    return {kind: found[kind] for kind in sorted(found) if kind[1] == DRUMS.name or files[kind[0]] <= 0}


def _notes(phrases: Phrases, group: str, rng: np.random.Generator) -> tuple[Note, ...]:
    if group == DRUMS.name:
        notes = pick(phrases.drums, rng)
        pitch = pick(notes, rng).pitch
        return tuple(note for note in notes if note.pitch == pitch)
    return pick(phrases.bass, rng) if group == "bass" else pick(phrases.others, rng)[1]


def strokes(files: Sequence[Path], notes: Sequence[Note], group: str) -> Samples:
    """One-shots, one after the other, at the notes' times; drums as recorded, others at their pitches."""
    track = np.zeros(SAMPLES, np.float32)
    middle = int(np.median([note.pitch for note in notes])) if notes else 60
    farthest = SEMITONES.get(group, 9)
    for number, note in enumerate(notes):
        sound = _stroke(files[number % len(files)], max(-farthest, min(farthest, note.pitch - middle)))
        start = round(note.start_seconds * SAMPLE_RATE)
        track[start : start + len(sound)] += sound[: len(track) - start] * np.float32(note.velocity / 127)
    return track


@lru_cache(maxsize=512)
def _stroke(path: Path, semitones: int) -> Samples:
    sound = read_sound(path)[:_LONGEST_STROKE]
    if semitones:
        sound = np.asarray(soxr.resample(sound, SAMPLE_RATE * 2.0 ** (semitones / 12), SAMPLE_RATE), np.float32)
    return sound
