"""Singers: lines of notes sung by a formant voice, as a lead, its double, or in harmony."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.rendering.channel import Note
from wavemix.rendering.melody import phrases
from wavemix.rendering.sounds import Samples
from wavemix.synthesis import voice
from wavemix.synthesis.note import Note as Syllable

DOUBLE_CENTS = (6.0, 14.0)
DOUBLE_JITTER_SECONDS = 0.015

_BREATH_SECONDS = 0.5  # before a phrase
_RING_SECONDS = 0.2  # after it
_SHORTEST_SECONDS = 0.07
_LONGEST_SECONDS = 8.0
_FAST_SECONDS = 0.16  # shorter notes begin with a soft consonant
_SOFT = ("l", "n", "d", "m")
_HARMONY_SEMITONES = (3, 9)  # how far from the tune


@dataclass(frozen=True)
class Singer:
    """A voice.

    Attributes:
        tract: Factor on the formants of a woman's voice.
        lowest: The lowest pitch that is sung.
        highest: The highest.
    """

    tract: float
    lowest: int
    highest: int


def engage(rng: Generator) -> Singer:
    """Engage a woman or a man, each with a throat of their own."""
    if rng.random() < 0.5:
        return Singer(float(rng.uniform(0.96, 1.04)), 55, 77)
    return Singer(float(rng.uniform(0.83, 0.9)), 43, 65)


def fit(line: Sequence[Note], singer: Singer) -> list[Note]:
    """Move a line by octaves to where a singer sings, and single notes where they lie too far off."""
    centre = 0.5 * (singer.lowest + singer.highest)
    octaves = round((centre - float(np.median([note.pitch for note in line]))) / 12.0) if line else 0
    fitted = []
    for note in line:
        pitch = note.pitch + 12 * octaves
        while pitch < singer.lowest:
            pitch += 12
        while pitch > singer.highest:
            pitch -= 12
        fitted.append(replace(note, pitch=pitch))
    return fitted


def harmony(line: Sequence[Note], sounding: Sequence[Note], above: bool) -> list[Note]:
    """A second voice of notes that sound meanwhile, a third to a sixth away; an octave away where there are none.

    Args:
        line: The tune.
        sounding: What else is played, by anybody but drums.
        above: Whether to sing above the tune, else below.
    """
    starts = np.array([note.start_seconds for note in sounding])
    stops = starts + np.array([note.seconds for note in sounding])
    classes = np.array([note.pitch % 12 for note in sounding], dtype=int)
    direction = 1 if above else -1
    near, far = _HARMONY_SEMITONES
    voiced = []
    for note in line:
        middle = note.start_seconds + 0.3 * note.seconds
        heard = set(classes[(starts <= middle) & (stops > middle)].tolist())
        steps = [step for step in range(near, far + 1) if (note.pitch + direction * step) % 12 in heard]
        voiced.append(replace(note, pitch=note.pitch + direction * (steps[0] if steps else 12)))
    return voiced


def some_phrases(line: Sequence[Note], share: float, rng: Generator) -> list[Note]:
    """A line's phrases in which a backing singer joins, at least one."""
    found = phrases(line)
    joined = rng.random(len(found)) < share
    if found and not joined.any():
        joined[rng.integers(len(found))] = True
    return [note for phrase, joins in zip(found, joined, strict=True) if joins for note in phrase]


def words(line: Sequence[Note], rng: Generator) -> list[str]:
    """A syllable for each note: nonsense, but the same for all who sing it."""
    vowels, consonants = list(voice.VOWELS_HZ), list(voice.CONSONANTS)
    return [
        str(rng.choice(_SOFT if note.seconds < _FAST_SECONDS else consonants)) + str(rng.choice(vowels))
        for note in line
    ]


def sing(
    line: Sequence[Note],
    syllables: Sequence[str],
    samples: int,
    singer: Singer,
    rng: Generator,
    double: bool = False,
) -> Samples:
    """Sing a line.

    Args:
        line: One note at a time, within the singer's range.
        syllables: What is sung on each note.
        samples: Length of the result.
        singer: Who sings.
        rng: This take's vibrato, drift, breath, and how exactly it is sung.
        double: Whether it is a second take: off by some cents, and by some 15 ms in time.

    Returns:
        The take in mono at 44.1 kHz, peak at most about 1, shape `(samples,)`.
    """
    cents = float(rng.uniform(*DOUBLE_CENTS) * rng.choice((-1.0, 1.0))) if double else 0.0
    jitter_seconds = DOUBLE_JITTER_SECONDS if double else 0.004
    track = np.zeros(samples, np.float32)
    sung = dict(zip(line, syllables, strict=True))
    for phrase in phrases([note for note in line if note.seconds >= _SHORTEST_SECONDS]):
        start = round((phrase[0].start_seconds - _BREATH_SECONDS) * SAMPLE_RATE)
        notes = _performed(phrase, sung, start / SAMPLE_RATE, cents, jitter_seconds, rng)
        length = round((notes[-1].start_seconds + notes[-1].duration_seconds + _RING_SECONDS) * SAMPLE_RATE)
        take = voice.sing(notes, length, singer.tract, rng) * max(note.velocity for note in notes)
        first, last = max(0, start), min(samples, start + length)
        track[first:last] += take[first - start : last - start].astype(np.float32)
    return track


def _performed(
    phrase: Sequence[Note],
    syllables: dict[Note, str],
    from_seconds: float,
    cents: float,
    jitter_seconds: float,
    rng: Generator,
) -> list[Syllable]:
    """A phrase as it is sung, in seconds after `from_seconds`: never two notes at a time, none very long."""
    late = np.clip(rng.normal(0.0, jitter_seconds, len(phrase)), -2.5 * jitter_seconds, 2.5 * jitter_seconds)
    starts = [note.start_seconds - from_seconds + float(by) for note, by in zip(phrase, late, strict=True)]
    starts = np.maximum.accumulate(starts).tolist()
    performed = []
    for index, (note, start) in enumerate(zip(phrase, starts, strict=True)):
        stop = note.start_seconds - from_seconds + min(note.seconds, _LONGEST_SECONDS)
        if index + 1 < len(starts):
            stop = min(stop, starts[index + 1])
        pitch = note.pitch + cents / 100.0
        performed.append(Syllable(start, max(0.0, stop - start), pitch, note.velocity / 127.0, syllables[note]))
    return performed
