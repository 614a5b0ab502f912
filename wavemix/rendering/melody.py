"""Melodies: one note at a time, found in parts of many."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wavemix.rendering.arrangement import Part
from wavemix.rendering.channel import Note
from wavemix.rendering.programs import instrument

CHORD_SECONDS = 0.03  # notes that start so close to each other are one chord
PHRASE_REST_SECONDS = 0.6

_LEGATO = 0.25  # so much of a note may ring on into the next
_FEWEST_NOTES = 24
_PITCHES = (50, 86)  # where a part lies that could be sung, octaves aside
_NOTES_A_SECOND = (0.4, 7.0)
_LEAST_COVERAGE = 0.06
_MELODIC_PROGRAMS = frozenset((*range(24, 32), *range(40, 43), *range(56, 88), 110))


def skyline(notes: Sequence[Note]) -> list[Note]:
    """The line of the highest notes: never two at a time."""
    line: list[Note] = []
    for note in sorted(notes, key=lambda note: (note.start_seconds, -note.pitch)):
        if line:
            last = line[-1]
            overlap_seconds = last.start_seconds + last.seconds - note.start_seconds
            is_chord = note.start_seconds - last.start_seconds < CHORD_SECONDS
            is_beneath = note.pitch <= last.pitch and overlap_seconds > _LEGATO * last.seconds
            if is_chord or is_beneath:
                continue
            if overlap_seconds > 0.0:
                line[-1] = replace(last, seconds=note.start_seconds - last.start_seconds)
        line.append(note)
    return line


def lines(notes: Sequence[Note], most: int) -> list[list[Note]]:
    """Splits a part into lines, from the highest down; what remains after `most` of them is left out."""
    found: list[list[Note]] = []
    rest = list(notes)
    while rest and len(found) < most:
        line = skyline(rest)
        found.append(line)
        taken = {(note.start_seconds, note.pitch) for note in line}
        rest = [note for note in rest if (note.start_seconds, note.pitch) not in taken]
    return found


def phrases(line: Sequence[Note]) -> list[list[Note]]:
    """Splits a line at its rests."""
    found: list[list[Note]] = []
    sung_until = -np.inf
    for note in line:
        if note.start_seconds - sung_until > PHRASE_REST_SECONDS:
            found.append([])
        found[-1].append(note)
        sung_until = note.start_seconds + note.seconds
    return found


def most_melodic(parts: Sequence[Part], seconds: float) -> Part | None:
    """The part that is most like a tune, None where no part is.

    Args:
        parts: The parts of an arrangement.
        seconds: Its length.
    """
    best = max(parts, key=lambda part: melodiousness(part, seconds), default=None)
    return best if best is not None and melodiousness(best, seconds) > 0.0 else None


def melodiousness(part: Part, seconds: float) -> float:
    """How much a part is like a tune: one voice, varied, present, at a singable pace; 0 if it is not."""
    if part.drums or instrument(part.program).group not in ("other", "vocals") or len(part.notes) < _FEWEST_NOTES:
        return 0.0
    line = skyline(part.notes)
    pitches = np.array([note.pitch for note in line])
    sounding_seconds = sum(note.seconds for note in line)
    coverage = sounding_seconds / seconds
    phrase_seconds = sum(p[-1].start_seconds + p[-1].seconds - p[0].start_seconds for p in phrases(line))
    pace = len(line) / phrase_seconds
    is_singable = (
        _PITCHES[0] <= np.median(pitches) <= _PITCHES[1]
        and _NOTES_A_SECOND[0] <= pace <= _NOTES_A_SECOND[1]
        and coverage >= _LEAST_COVERAGE
    )
    if not is_singable:
        return 0.0
    one_voice = len(line) / len(part.notes)
    variety = min(1.0, len(set(pitches.tolist())) / 8.0) * float(np.mean(np.diff(pitches) != 0))
    preference = 1.3 if part.program in _MELODIC_PROGRAMS else 1.0
    return float(one_voice**2 * variety * min(1.0, coverage / 0.4) * preference)
