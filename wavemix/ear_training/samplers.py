"""Instruments of which every note, or every third, was recorded: a folder an instrument, a file a note."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

import numpy as np
from numpy.random import Generator

from wavemix.ear_training.phrases import SAMPLES, Phrases, low, pick, sometimes_staccato, transposed
from wavemix.ear_training.sound import Sound
from wavemix.errors import WavemixError
from wavemix.rendering.channel import Note
from wavemix.rendering.one_shots import LETTERS, OneShots, play
from wavemix.rendering.programs import NAMES, instrument
from wavemix.rendering.sounds import peak_of
from wavemix.session.groups import BASS
from wavemix.session.roles import place

STACCATO_CHANCE, STACCATO_SECONDS = 0.4, (0.06, 0.2)
"""Chance of short notes, and their length: a muted bass, a guitar off the beat."""

STRUM_CHANCE, STRUM_SECONDS = 0.5, 0.03
"""Chance that the notes of a guitar's chords follow each other, and the longest time between two of them."""

_NOTE = re.compile(r"(?P<letter>[A-G])(?P<sharp>s|#)?(?P<octave>-?\d)")
_SUFFIXES = (".mp3", ".ogg", ".wav", ".flac")
_OTHERWISE = range(24, 80)


def play_samplers(folders: Sequence[Path], phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """Instruments by their recorded notes, `A3.mp3`, `Cs4.mp3` and so on; a folder's name tells what it is.

    Args:
        folders: One an instrument.
        phrases: What they play: what was composed for instruments of the role.
        takes: How often each plays; of ten the last is held out.
        seed: Seed of all that chance decides.

    Raises:
        WavemixError: If a folder has no notes, or its name does not tell an instrument.
    """
    rng = np.random.default_rng(seed)
    for folder in folders:
        placed = place(PurePath(folder.name))
        if not placed.recognised:
            raise WavemixError(f"{folder}: its name does not tell an instrument; call it `Electric Guitar`, say.")
        shots, written_for = _load(folder), _programs(placed.group, placed.role)
        for take in range(takes):
            notes = _notes(placed.group, placed.role, written_for, phrases, rng)
            sound = play(notes, SAMPLES, shots)
            if peak_of(sound) > 0:
                yield Sound(sound, placed.group, placed.role, "sampler", folder.name, take % 10 == 9)


def _load(folder: Path) -> OneShots:
    files = {}
    for path in sorted(folder.glob("*")):
        match = _NOTE.fullmatch(path.stem)
        if match and path.suffix.lower() in _SUFFIXES:
            pitch = 12 * (int(match["octave"]) + 1) + LETTERS[match["letter"].lower()] + bool(match["sharp"])
            files[pitch] = [[path]]
    if not files:
        raise WavemixError(f"{folder}: holds no recorded notes (A3.mp3, Cs4.mp3, ...).")
    return OneShots(files, [1.0], 0)


def _programs(group: str, role: str) -> list[int]:
    """The General MIDI programs of a role, whose phrases suit it."""
    own = [
        program
        for program, name in enumerate(NAMES)
        if instrument(program).group == group and place(PurePath(group, name)).role == role
    ]
    return own or list(_OTHERWISE)


def _notes(group: str, role: str, programs: Sequence[int], phrases: Phrases, rng: Generator) -> tuple[Note, ...]:
    shift = int(rng.integers(-5, 6))
    if group == BASS.name:
        notes = low(pick(phrases.bass, rng), shift)
    else:
        notes = transposed(phrases.for_program(pick(programs, rng), rng), shift, 36, 96)
    notes = sometimes_staccato(notes, STACCATO_CHANCE, STACCATO_SECONDS, rng)
    if role.endswith("guitar") and rng.random() < STRUM_CHANCE:
        notes = strummed(notes, float(rng.uniform(0, STRUM_SECONDS)))
    return notes


def strummed(notes: Sequence[Note], seconds: float) -> tuple[Note, ...]:
    """Notes of which those that begin together follow each other, so many seconds apart, from the lowest up."""
    order = sorted(notes, key=lambda note: (note.start_seconds, note.pitch))
    strung: list[Note] = []
    first, string = -1.0, 0
    for note in order:
        first, string = (first, string + 1) if note.start_seconds == first else (note.start_seconds, 0)
        strung.append(replace(note, start_seconds=first + string * seconds))
    return tuple(strung)
