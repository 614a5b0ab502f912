"""Every General MIDI program and every kit of some soundfonts, by the roles of their names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

import numpy as np

from wavemix.ear_training.phrases import SECONDS, Phrases, low, pick, sometimes_staccato, transposed
from wavemix.ear_training.sound import Sound
from wavemix.rendering.arrangement import Part
from wavemix.rendering.casting import MACHINE_PIECES
from wavemix.rendering.channel import Note
from wavemix.rendering.programs import NAMES, instrument
from wavemix.rendering.soundfont import play_parts
from wavemix.rendering.sounds import peak_of
from wavemix.session.roles import place

KITS = (0, 16, 24, 25, 40)
PERCUSSION = (39, 54, 56, 58, *range(60, 83))
CHOIRS = (52, 53)
IMITATIONS = (54, 85, 91)
"""Programs that are neither voices nor plainly anything else."""

STACCATO_CHANCE, STACCATO_SECONDS = 0.35, (0.05, 0.15)
"""Chance of short notes, and their length: muted strings and stabs are no drums."""

_SILENT = 1e-4
_AT_ONCE = 48
_WHOLE_KIT = tuple(range(35, 60))


def play_soundfonts(soundfonts: Sequence[Path], phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """Every program and kit, each with so many phrases a soundfont. The last phrase of each is held out.

    Raises:
        WavemixError: If fluidsynth or a soundfont is missing.
    """
    rng = np.random.default_rng(seed)
    for soundfont in soundfonts:
        orders = [*_programs(phrases, takes, rng), *_kits(phrases, takes, rng)]
        for first in range(0, len(orders), _AT_ONCE):
            some = orders[first : first + _AT_ONCE]
            played = play_parts([part for part, *_ in some], SECONDS, soundfont)
            for (_, group, role, name, held_out), sound in zip(some, played, strict=True):
                if peak_of(sound) > _SILENT:
                    yield Sound(sound, group, role, "soundfont", f"{soundfont.stem}: {name}", held_out)


Order = tuple[Part, str, str, str, bool]


def _programs(phrases: Phrases, takes: int, rng: np.random.Generator) -> Iterator[Order]:
    for program, name in enumerate(NAMES):
        if program in IMITATIONS:
            continue
        group = instrument(program).group
        role = "backing" if program in CHOIRS else place(PurePath(group, name)).role
        for take in range(takes):
            notes, shift = phrases.for_program(program, rng), int(rng.integers(-5, 6))
            notes = low(notes, shift) if group == "bass" else transposed(notes, shift)
            notes = sometimes_staccato(notes, STACCATO_CHANCE, STACCATO_SECONDS, rng)
            yield Part(0, program, name, False, notes), group, role, name, take == takes - 1 > 0


def _kits(phrases: Phrases, takes: int, rng: np.random.Generator) -> Iterator[Order]:
    pieces = {**MACHINE_PIECES, "Percussion": PERCUSSION, "Kit": _WHOLE_KIT}
    for kit in KITS:
        for name, pitches in pieces.items():
            role = place(PurePath("drums", name)).role
            for take in range(2 * takes if name == "Kit" else takes):
                notes = pick(phrases.drums, rng) if name == "Kit" else rhythm(phrases, pitches, rng)
                yield Part(9, kit, name, True, notes), "drums", role, f"kit {kit}, {name}", take == takes - 1 > 0


def rhythm(phrases: Phrases, pitches: Sequence[int], rng: np.random.Generator) -> tuple[Note, ...]:
    """A rhythm of a few of these drums: their own strokes in some phrase, or those of any other drum."""
    chosen = rng.choice(pitches, size=min(len(pitches), int(rng.integers(1, 4))), replace=False)
    notes = pick(phrases.drums, rng)
    own = tuple(note for note in notes if note.pitch in pitches)
    if len(own) >= 4:
        return own
    of_one = [note for note in notes if note.pitch == pick(notes, rng).pitch]
    return tuple(replace(note, pitch=int(rng.choice(chosen))) for note in of_one)
