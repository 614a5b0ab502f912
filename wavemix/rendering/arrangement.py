"""A MIDI file as notes in seconds, part by part."""

import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mido

from wavemix.documents.files import MEBIBYTE, read_bytes
from wavemix.errors import WavemixError
from wavemix.rendering.channel import Channel, Note, Point

MOST_BYTES = 4 * MEBIBYTE
"""Largest MIDI file that is read: the longest of the compositions that we know have a tenth of it."""

LEAD_IN_SECONDS = 0.5  # as much silence as is left before the first note

_MICROSECONDS = 1e6
_DEFAULT_TEMPO = 500_000  # microseconds a beat, until the file says otherwise
_BROKEN = (OSError, ValueError, EOFError, LookupError, TypeError, struct.error, mido.KeySignatureError)

Curve = tuple[Point, ...]
"""A control over time: `(seconds, value)`, each value held until the next. The first point lies at 0 s."""


@dataclass(frozen=True)
class Part:
    """What one instrument plays.

    Attributes:
        channel: MIDI channel, 0 to 15.
        program: General MIDI program, 0 to 127; of a drum part its kit.
        name: Name of the track in the file, often empty.
        drums: Whether pitches name drums (channel 10 as musicians count).
        notes: By their starts; at any time one note a pitch.
        expression: Controller 11, 0 to 127: the player's dynamics.
        modulation: Controller 1, 0 to 127: vibrato.
        bends: The pitch wheel in semitones.
    """

    channel: int
    program: int
    name: str
    drums: bool
    notes: tuple[Note, ...]
    expression: Curve = ((0.0, 127.0),)
    modulation: Curve = ((0.0, 0.0),)
    bends: Curve = ((0.0, 0.0),)


@dataclass(frozen=True)
class Arrangement:
    """A composition.

    Attributes:
        name: Name of the file, without its suffix.
        seconds: When its last note ends; its first starts within `LEAD_IN_SECONDS`.
        parts: By channel and program, none of them empty.
    """

    name: str
    seconds: float
    parts: tuple[Part, ...]


def read_arrangement(path: Path) -> Arrangement:
    """Read a Standard MIDI File of type 0 or 1.

    The tempo map is honoured, the sustain pedal is folded into the lengths of notes, and a channel that changes its
    program becomes a part for each program.

    Raises:
        WavemixError: If the file is missing, broken, of another type, or has no notes.
    """
    data = read_bytes(path, MOST_BYTES, "name a MIDI file")
    try:
        file = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except _BROKEN as error:
        raise WavemixError(f"{path}: cannot be read as a MIDI file ({error}); export it again or remove it.") from error
    if file.type == 2:
        raise WavemixError(f"{path}: holds unrelated sequences (MIDI type 2); export it as type 0 or 1.")
    if file.ticks_per_beat <= 0:
        raise WavemixError(f"{path}: counts time in film frames, not in beats; export it with beats.")
    channels = [Channel(number) for number in range(16)]
    seconds = 0.0
    for seconds, message, track_name in _timed_messages(file):
        channels[message.channel].play(message, seconds, track_name)
    for channel in channels:
        channel.finish(seconds)
    starts = [note.start_seconds for channel in channels for notes in channel.notes.values() for note in notes]
    if not starts:
        raise WavemixError(f"{path}: has no notes; remove it.")
    earlier = max(0.0, min(starts) - LEAD_IN_SECONDS)
    parts = tuple(part for channel in channels for part in _parts(channel, earlier))
    end_seconds = max(note.start_seconds + note.seconds for part in parts for note in part.notes)
    return Arrangement(path.stem, end_seconds, parts)


def content_hash(arrangement: Arrangement) -> str:
    """Hash what is played, whatever it is played by: pitches and starts, to 10 ms, as a SHA-256 in hexadecimal.

    The same composition under two names, or with other instruments or faders, has the same hash.
    """
    played = sorted(
        (round(100.0 * note.start_seconds), part.drums, note.pitch) for part in arrangement.parts for note in part.notes
    )
    return hashlib.sha256(repr(played).encode()).hexdigest()


def _timed_messages(file: mido.MidiFile) -> Iterator[tuple[float, mido.Message, str]]:
    """Yields time in seconds, message and name of its track, in order, of all messages that have a channel."""
    events = []
    for track in file.tracks:
        ticks, name = 0, track.name.strip()
        for message in track:
            ticks += message.time
            events.append((ticks, message, name))
    events.sort(key=lambda event: event[0])  # stable: what a track says at one time stays in order
    tempo, seconds, now = _DEFAULT_TEMPO, 0.0, 0
    for ticks, message, name in events:
        seconds += (ticks - now) * tempo / file.ticks_per_beat / _MICROSECONDS
        now = ticks
        if message.type == "set_tempo":
            tempo = message.tempo
        elif hasattr(message, "channel") and not message.is_meta:
            yield seconds, message, name


def _parts(channel: Channel, earlier_seconds: float) -> Iterator[Part]:
    """Yields the parts of a channel, moved to the arrangement's start."""
    for program, notes in sorted(channel.notes.items()):
        first_seconds = notes[0].start_seconds
        curves = {name: _curve(points, first_seconds, earlier_seconds) for name, points in channel.controls.items()}
        moved = tuple(
            Note(note.start_seconds - earlier_seconds, note.seconds, note.pitch, note.velocity) for note in notes
        )
        yield Part(channel.number, program, channel.name, channel.is_drums, moved, **curves)


def _curve(points: list[Point], first_seconds: float, earlier_seconds: float) -> Curve:
    """A control from the arrangement's start on; what came before the part's first note tells only where it begins."""
    value = next(value for seconds, value in reversed(points) if seconds <= max(0.0, first_seconds))
    curve = [(0.0, value)]
    for seconds, value in points:
        if seconds <= first_seconds or value == curve[-1][1]:
            continue
        if curve[-1][0] == seconds - earlier_seconds:
            curve.pop()  # the last word at one time counts
        curve.append((seconds - earlier_seconds, value))
    return tuple(curve)
