"""From the song's patterns to timed notes, part by part."""

from collections.abc import Iterator, Mapping, Sequence

from wavemix.example.song import (
    BASS_LINES,
    BEAT_SECONDS,
    CRASHES,
    DYNAMICS,
    FILL,
    GROOVES,
    GUITAR_PARTS,
    KEYS_PARTS,
    PITCH_CLASSES,
    STEP_SECONDS,
    STEP_VELOCITIES,
    STEPS_PER_BAR,
    Bar,
    Sung,
    chord_pitch_classes,
    midi_pitch,
)
from wavemix.synthesis.note import Note

LOWEST_BASS = midi_pitch("E1")
LOWEST_GUITAR = midi_pitch("E2")
LOWEST_KEYS = midi_pitch("E3")
LOWEST_PAD = midi_pitch("G3")
STRUM_SECONDS = 0.011  # between two neighbouring strings


def drum_notes(bars: Sequence[Bar], drum: str) -> list[Note]:
    """Returns the strokes on one drum or cymbal, with the fill that ends each section."""
    notes = []
    for bar in bars:
        pattern = GROOVES[bar.section].get(drum, "." * STEPS_PER_BAR)
        if bar.last_of_section:
            half = STEPS_PER_BAR // 2
            pattern = pattern[:half] + FILL.get(drum, "." * STEPS_PER_BAR)[half:]
        if drum == "crash" and bar.number == 0 and bar.section in ("chorus", "ending"):
            pattern = CRASHES
        for symbol, step, length in _events(pattern):
            velocity = STEP_VELOCITIES[symbol] * DYNAMICS[bar.section]
            notes.append(_note(bar, step, length, 0, velocity))
    return notes


def bass_notes(bars: Sequence[Bar]) -> list[Note]:
    """Returns the bass line: roots, fifths and octaves, and a passing note into the next bar."""
    notes = []
    for bar, following in zip(bars, [*bars[1:], bars[-1]], strict=True):
        for symbol, step, length in _events(BASS_LINES[bar.section]):
            classes = chord_pitch_classes(bar.chord_at(step))
            root = _at_least(LOWEST_BASS, classes[0])
            target = _at_least(LOWEST_BASS, chord_pitch_classes(following.chords[0])[0])
            pitch = {"R": root, "5": root + 7, "8": root + 12, "<": _neighbour(target, root)}[symbol]
            notes.append(_note(bar, step, length, pitch, DYNAMICS[bar.section]))
    return notes


def guitar_notes(bars: Sequence[Bar]) -> list[Note]:
    """Returns the rhythm guitar, one note for each string that a strum or pick sounds."""
    notes = []
    for bar in bars:
        for symbol, step, length in _events(GUITAR_PARTS[bar.section]):
            voicing = _guitar_voicing(bar.chord_at(step))
            strings = {"D": voicing, "U": voicing[:1:-1], "m": voicing[:2]}.get(symbol)
            if strings is None:
                strings, length = [voicing[int(symbol)]], length + 4  # picked strings ring on
            for order, pitch in enumerate(strings):
                velocity = DYNAMICS[bar.section] * (0.8 if symbol == "U" else 1.0)
                notes.append(_note(bar, step, length, pitch, velocity, order * STRUM_SECONDS))
    return notes


def keys_notes(bars: Sequence[Bar]) -> list[Note]:
    """Returns the electric piano's chords."""
    return [
        _note(bar, step, length, pitch, DYNAMICS[bar.section])
        for bar in bars
        for _, step, length in _events(KEYS_PARTS[bar.section])
        for pitch in _close_voicing(bar.chord_at(step), LOWEST_KEYS)
    ]


def pad_notes(bars: Sequence[Bar]) -> list[Note]:
    """Returns the pad's chords, each held for as long as it lasts."""
    notes = []
    for bar in bars:
        length = STEPS_PER_BAR // len(bar.chords)
        for index, chord in enumerate(bar.chords):
            for pitch in _close_voicing(chord, LOWEST_PAD):
                notes.append(_note(bar, index * length, length, pitch, DYNAMICS[bar.section]))
    return notes


def sung_notes(bars: Sequence[Bar], melody: Mapping[str, tuple[tuple[Sung, ...], ...]]) -> list[Note]:
    """Returns the notes of a vocal part (`LEAD`, `BACKING_HIGH` or `BACKING_LOW`)."""
    return [
        Note(
            bar.start_seconds + sung.beat * BEAT_SECONDS,
            sung.beats * BEAT_SECONDS,
            midi_pitch(sung.pitch),
            DYNAMICS[bar.section],
            sung.syllable,
        )
        for bar in bars
        if bar.section in melody
        for sung in melody[bar.section][bar.number % len(melody[bar.section])]
    ]


def _events(pattern: str) -> Iterator[tuple[str, int, int]]:
    """Yields the symbol, first step and length in steps of each event of a pattern."""
    for step, symbol in enumerate(pattern):
        if symbol not in ".-":
            held = pattern[step + 1 :]
            yield symbol, step, 1 + len(held) - len(held.lstrip("-"))


def _note(bar: Bar, step: int, length: int, pitch: int, velocity: float, late_seconds: float = 0.0) -> Note:
    start_seconds = bar.start_seconds + step * STEP_SECONDS + late_seconds
    return Note(start_seconds, length * STEP_SECONDS, pitch, velocity)


def _at_least(lowest: int, pitch_class: int) -> int:
    """Returns the lowest pitch of a class that is not below `lowest`."""
    return lowest + (pitch_class - lowest) % 12


def _neighbour(target: int, origin: int) -> int:
    """Returns the note of the scale next to `target` on the side of `origin`."""
    direction = 1 if origin > target else -1
    pitch = target + direction
    while pitch % 12 not in PITCH_CLASSES.values():
        pitch += direction
    return pitch


def _close_voicing(chord: str, lowest: int) -> list[int]:
    """Returns the chord's tones within the octave above `lowest`, which keeps the voices moving by step."""
    return sorted(_at_least(lowest, pitch_class) for pitch_class in chord_pitch_classes(chord))


def _guitar_voicing(chord: str) -> list[int]:
    """Returns root, fifth, octave, third and upper fifth, low to high."""
    root_class, third_class, *_ = chord_pitch_classes(chord)
    root = _at_least(LOWEST_GUITAR, root_class)
    third = 12 + (third_class - root_class) % 12
    return [root + interval for interval in (0, 7, 12, third, 19)]
