"""Some seconds of what somebody composed: the phrases that instruments play for the recogniser."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.errors import WavemixError
from wavemix.rendering.arrangement import Part, read_arrangement
from wavemix.rendering.channel import Note
from wavemix.rendering.compositions import SUFFIXES

Thing = TypeVar("Thing")

SECONDS = 10.0
SAMPLES = round((SECONDS + 1) * SAMPLE_RATE)
"""Length of a phrase that is played, with its ring."""

FEWEST_NOTES = 6
MOST_COMPOSITIONS = 160
"""So many, evenly chosen, have phrases enough."""

_LOWEST_BASS, _HIGHEST_BASS = 28, 55
_BASSES = range(32, 40)


@dataclass(frozen=True)
class Phrases:
    """Phrases by what plays them: drums, basses, and everything else; `SECONDS` each, from its first second on."""

    drums: tuple[tuple[Note, ...], ...]
    bass: tuple[tuple[Note, ...], ...]
    others: tuple[tuple[int, tuple[Note, ...]], ...]
    """With the General MIDI program that they were written for."""

    def for_program(self, program: int, rng: np.random.Generator) -> tuple[Note, ...]:
        """A phrase for an instrument: one that was written for it, for its family, or for any, in this order."""
        if program in _BASSES:
            return pick(self.bass, rng)
        own = [notes for written, notes in self.others if written == program]
        family = [notes for written, notes in self.others if written // 8 == program // 8]
        every = [notes for _, notes in self.others]
        return pick(next(notes for notes in (own if rng.random() < 0.7 else [], family, every) if notes), rng)


def pick(things: Sequence[Thing], rng: np.random.Generator) -> Thing:
    """One of some things."""
    return things[int(rng.integers(len(things)))]


def read_phrases(folder: Path) -> Phrases:
    """Cut the compositions of a folder into phrases.

    Raises:
        WavemixError: If it has none that can be read.
    """
    drums: list[tuple[Note, ...]] = []
    bass: list[tuple[Note, ...]] = []
    others: list[tuple[int, tuple[Note, ...]]] = []
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    for path in files[:: 1 + len(files) // MOST_COMPOSITIONS]:
        try:
            arrangement = read_arrangement(path)
        except WavemixError:
            continue
        for part in arrangement.parts:
            for notes in _cut(part, arrangement.seconds):
                if part.drums:
                    drums.append(notes)
                elif part.program in _BASSES:
                    bass.append(notes)
                else:
                    others.append((part.program, notes))
    if not (drums and bass and others):
        raise WavemixError(f"{folder}: holds no compositions with drums, bass and more; name a folder of MIDI files.")
    return Phrases(tuple(drums), tuple(bass), tuple(others))


def transposed(notes: Sequence[Note], semitones: int, lowest: int = 24, highest: int = 100) -> tuple[Note, ...]:
    """Notes moved by semitones, and by octaves to where an instrument plays."""
    moved = []
    for note in notes:
        pitch = note.pitch + semitones
        while pitch < lowest:
            pitch += 12
        while pitch > highest:
            pitch -= 12
        moved.append(replace(note, pitch=pitch))
    return tuple(moved)


def low(notes: Sequence[Note], semitones: int) -> tuple[Note, ...]:
    """Notes where a bass plays."""
    return transposed(notes, semitones, _LOWEST_BASS, _HIGHEST_BASS)


def staccato(notes: Sequence[Note], seconds: float) -> tuple[Note, ...]:
    """Notes that last no longer than so many seconds."""
    return tuple(replace(note, seconds=min(note.seconds, seconds)) for note in notes)


def sometimes_staccato(
    notes: tuple[Note, ...], chance: float, seconds: tuple[float, float], rng: np.random.Generator
) -> tuple[Note, ...]:
    """Notes as they are, or by a chance none longer than a time that is drawn between two."""
    return staccato(notes, float(rng.uniform(*seconds))) if rng.random() < chance else notes


def _cut(part: Part, seconds: float) -> list[tuple[Note, ...]]:
    found = []
    for start in np.arange(0.0, seconds, SECONDS).tolist():
        inside = [note for note in part.notes if start <= note.start_seconds < start + SECONDS - 0.5]
        if len(inside) >= FEWEST_NOTES:
            found.append(
                tuple(
                    replace(
                        note,
                        start_seconds=note.start_seconds - start,
                        seconds=min(note.seconds, start + SECONDS - note.start_seconds),
                    )
                    for note in inside
                )
            )
    return found
