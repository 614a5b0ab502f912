"""Who plays what: each part of an arrangement goes to a drum kit, one-shots, singers or the soundfont."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from wavemix.rendering.arrangement import Arrangement, Part
from wavemix.rendering.channel import Note
from wavemix.rendering.drum_kit import is_played_on_kit
from wavemix.rendering.melody import lines, most_melodic, skyline
from wavemix.rendering.programs import MACHINES, NO_KITS, VOICES, instrument
from wavemix.rendering.singer import Singer, engage, fit, harmony, some_phrases, words

SINGS_ANYWAY = 0.7
"""Chance that the most melodic part of a song without voices is sung."""

MACHINE_PIECES = {
    "Kick": (35, 36),
    "Snare": (37, 38, 40),
    "HiHat": (42, 44, 46),
    "Toms": (41, 43, 45, 47, 48, 50),
    "Cymbals": (49, 51, 52, 53, 55, 57, 59),
}
"""The tracks of a drum machine, each with its General MIDI drums; others are percussion."""

_MOST_SINGERS = 5
_DOUBLED = 0.6  # chance of a second take of the lead
_JOINED = 0.7  # share of phrases in which a backing singer joins


@dataclass(frozen=True)
class Sung:
    """What a take of a singer needs to know.

    Attributes:
        line: The notes, in the singer's range.
        syllables: One for each.
        singer: Who sings.
        double: Whether it is a second take.
    """

    line: tuple[Note, ...]
    syllables: tuple[str, ...]
    singer: Singer
    double: bool = False


@dataclass(frozen=True)
class Take:
    """Something to record.

    Attributes:
        name: What the track is called, before equal names are numbered; of a kit the microphones name the tracks.
        group: `drums`, `bass`, `vocals` or `other`.
        engine: `kit`, `bass`, `guitar`, `voice` or `soundfont`.
        part: What is played, and the controls of its channel.
        sung: How it is sung, of a voice.
    """

    name: str
    group: str
    engine: str
    part: Part
    sung: Sung | None = None


def rng_of(seed: int, *what: object) -> Generator:
    """The dice of one decision or player, so that a change to one leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(repr(what).encode())])


def cast(arrangement: Arrangement, seed: int) -> list[Take]:
    """Decide who plays each part of an arrangement.

    Parts for voices are sung. In a song without any, the most melodic part may be sung in place of played.
    """
    voices = [part for part in arrangement.parts if part.program in VOICES and not part.drums]
    if not voices and rng_of(seed, "sings").random() < SINGS_ANYWAY:
        tune = most_melodic(arrangement.parts, arrangement.seconds)
        voices = [tune] if tune else []
    takes: list[Take] = []
    for part in arrangement.parts:
        if part.drums:
            takes += _drums(part)
        elif part not in voices:
            player = instrument(part.program)
            takes.append(Take(player.name, player.group, player.engine, part))
    return takes + list(_voices(voices, arrangement, seed))


def _drums(part: Part) -> Iterator[Take]:
    """A kit and its percussionist, a drum machine by its pieces, or percussion alone."""
    if part.program in MACHINES:
        known = {pitch for pitches in MACHINE_PIECES.values() for pitch in pitches}
        others = tuple({note.pitch for note in part.notes} - known)
        for name, pitches in {**MACHINE_PIECES, "Percussion": others}.items():
            yield from _of_pitches(name, "soundfont", part, pitches)
        return
    played = {note.pitch for note in part.notes}
    on_kit = {pitch for pitch in played if is_played_on_kit(pitch)} if part.program not in NO_KITS else set()
    yield from _of_pitches("Kit", "kit", part, on_kit)
    yield from _of_pitches("Percussion", "soundfont", part, played - on_kit)


def _of_pitches(name: str, engine: str, part: Part, pitches: Sequence[int] | set[int]) -> Iterator[Take]:
    notes = tuple(note for note in part.notes if note.pitch in pitches)
    if notes:
        yield Take(name, "drums", engine, replace(part, notes=notes))


def _voices(parts: Sequence[Part], arrangement: Arrangement, seed: int) -> Iterator[Take]:
    """The lead, its double and its backing, then who sings the other parts, the tops of chords first."""
    if not parts:
        return
    lead = max(parts, key=lambda part: len(skyline(part.notes)))
    rng = rng_of(seed, "singers", lead.channel, lead.program)
    tune, *chord = [line for line in lines(lead.notes, 3) if len(line) * 4 >= len(skyline(lead.notes))]
    singer = engage(rng)
    line = fit(tune, singer)
    syllables = tuple(words(line, rng))
    yield Take("Lead Vocal", "vocals", "voice", lead, Sung(tuple(line), syllables, singer))
    if rng.random() < _DOUBLED:
        yield Take("Vocal Double", "vocals", "voice", lead, Sung(tuple(line), syllables, singer, double=True))
    others = [(lead, line) for line in chord]
    others += [(part, line) for part in parts if part is not lead for line in lines(part.notes, 2)]
    if not others:
        others = _harmonies(line, lead, arrangement, int(rng.integers(0, 3)), rng)
    for part, backing in others[: _MOST_SINGERS - 1]:
        yield _backing(part, backing, rng)


def _harmonies(
    line: Sequence[Note], lead: Part, arrangement: Arrangement, singers: int, rng: Generator
) -> list[tuple[Part, list[Note]]]:
    """What backing singers add to a tune of their own accord: below it, then above."""
    sounding = [note for part in arrangement.parts if not part.drums and part is not lead for note in part.notes]
    return [(lead, harmony(some_phrases(line, _JOINED, rng), sounding, above)) for above in (False, True)[:singers]]


def _backing(part: Part, line: Sequence[Note], rng: Generator) -> Take:
    singer = engage(rng)
    fitted = fit(line, singer)
    return Take("Backing Vocal", "vocals", "voice", part, Sung(tuple(fitted), tuple(words(fitted, rng)), singer))
