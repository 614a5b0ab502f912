"""A MIDI channel as it listens to messages: notes, pedal and controls."""

from dataclasses import dataclass

import mido

DRUM_CHANNEL = 9
DRUM_SECONDS = 0.03  # a drum rings as it rings: many files let go of it at once

Point = tuple[float, float]
"""`(seconds, value)` of a control."""

_CONTROLS = {11: "expression", 1: "modulation"}
_AT_FIRST = {"expression": 127.0, "modulation": 0.0, "bends": 0.0}


@dataclass(frozen=True)
class Note:
    """A note.

    Attributes:
        start_seconds: When it starts in the arrangement.
        seconds: For how long it sounds, held by its key or the pedal.
        pitch: 0 to 127; 60 is the middle C. Of a drum part, which drum.
        velocity: How hard it is struck, 1 to 127.
    """

    start_seconds: float
    seconds: float
    pitch: int
    velocity: int


class Channel:
    """The state of a channel, and what was played on it.

    Attributes:
        number: 0 to 15.
        name: Name of the track that its first note came from.
        notes: The notes of each program, by their starts, once the channel is finished.
        controls: The points of `expression`, `modulation` and `bends` (in semitones).
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.name = ""
        self.notes: dict[int, list[Note]] = {}
        self.controls: dict[str, list[Point]] = {name: [(0.0, value)] for name, value in _AT_FIRST.items()}
        self._program = 0
        self._sounding: dict[int, tuple[float, int, int]] = {}
        self._held: set[int] = set()
        self._pedal = False
        self._parameter = (127, 127)
        self._bend_range = [2, 0]  # semitones and cents
        self._wheel = 0

    @property
    def is_drums(self) -> bool:
        """Whether its pitches name drums."""
        return self.number == DRUM_CHANNEL

    def play(self, message: mido.Message, seconds: float, track_name: str = "") -> None:
        """Take a message at its time."""
        if message.type == "note_on" and message.velocity > 0:
            if not self._sounding and not self.notes:
                self.name = track_name
            self._end(message.note, seconds, 0.0)
            self._sounding[message.note] = (seconds, message.velocity, self._program)
        elif message.type in ("note_on", "note_off"):
            if self._pedal:
                self._held.add(message.note)
            else:
                self._end(message.note, seconds, DRUM_SECONDS if self.is_drums else 0.0)
        elif message.type == "program_change":
            self._program = message.program
        elif message.type == "pitchwheel":
            self._wheel = message.pitch
            self._bend(seconds)
        elif message.type == "control_change":
            self._control(message.control, message.value, seconds)

    def finish(self, seconds: float) -> None:
        """End what still sounds."""
        self._end_all(seconds)
        for notes in self.notes.values():
            notes.sort(key=lambda note: (note.start_seconds, note.pitch))

    def _control(self, control: int, value: int, seconds: float) -> None:
        if control in _CONTROLS:
            self.controls[_CONTROLS[control]].append((seconds, float(value)))
        elif control == 64:
            self._set_pedal(value >= 64, seconds)
        elif control in (98, 99):
            self._parameter = (127, 127)  # a parameter of the maker's own
        elif control == 101:
            self._parameter = (value, self._parameter[1])
        elif control == 100:
            self._parameter = (self._parameter[0], value)
        elif control in (6, 38) and self._parameter == (0, 0):
            self._bend_range[0 if control == 6 else 1] = value
            self._bend(seconds)
        elif control == 121:
            self._set_pedal(False, seconds)
            self._wheel = 0
            for name, value_at_first in _AT_FIRST.items():  # MIDI 1.0, recommended practice 15
                self.controls[name].append((seconds, value_at_first))
        elif control in (120, 123):
            self._end_all(seconds)

    def _bend(self, seconds: float) -> None:
        semitones = self._bend_range[0] + self._bend_range[1] / 100.0
        self.controls["bends"].append((seconds, self._wheel / 8192.0 * semitones))

    def _set_pedal(self, down: bool, seconds: float) -> None:
        self._pedal = down
        if not down:
            for pitch in sorted(self._held):
                self._end(pitch, seconds, 0.0)

    def _end(self, pitch: int, seconds: float, least_seconds: float) -> None:
        self._held.discard(pitch)
        if pitch not in self._sounding:
            return
        start_seconds, velocity, program = self._sounding.pop(pitch)
        held_seconds = max(seconds - start_seconds, least_seconds)
        if held_seconds > 0.0:
            self.notes.setdefault(program, []).append(Note(start_seconds, held_seconds, pitch, velocity))

    def _end_all(self, seconds: float) -> None:
        for pitch in list(self._sounding):
            self._end(pitch, seconds, DRUM_SECONDS if self.is_drums else 0.0)
