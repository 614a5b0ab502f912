"""The song of the demo session as data: tempo, form, chords, grooves and melodies.

Patterns are strings of sixteen steps, one bar: a symbol starts an event, `-` holds it, `.` is a rest.
`wavemix.example.parts` turns them into timed notes.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

TEMPO_BPM = 108.0
BEATS_PER_BAR = 4
STEPS_PER_BAR = 16
BEAT_SECONDS = 60.0 / TEMPO_BPM
BAR_SECONDS = BEATS_PER_BAR * BEAT_SECONDS
STEP_SECONDS = BAR_SECONDS / STEPS_PER_BAR

PITCH_CLASSES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
"""The scale of the song (C major and its relative minor), which has no accidentals."""

CHORD_INTERVALS = {"": (0, 4, 7), "m": (0, 3, 7), "m7": (0, 3, 7, 10), "maj7": (0, 4, 7, 11)}

# Two chords in one bar share it equally.
CHORDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "intro": (("Am7",), ("Fmaj7",)),
    "verse": (("Am7",), ("Dm7", "G")),
    "chorus": (("C",), ("G",), ("Am7",), ("F", "G")),
    "ending": (("C",),),
}

# How hard everyone plays, 0 to 1.
DYNAMICS = {"intro": 0.55, "verse": 0.72, "chorus": 1.0, "ending": 0.95}

STEP_VELOCITIES = {"X": 1.0, "x": 0.72, "o": 0.42}
"""Accent, normal and ghost stroke."""

GROOVES: dict[str, dict[str, str]] = {
    "intro": {
        "kick": "X.........x.....",
        "hihat": "x...x...x...x.o.",
        "shaker": "xoXoxoXoxoXoxoXo",
    },
    "verse": {
        "kick": "X.....x.X.......",
        "snare": "....X..o.o..X...",
        "hihat": "X.o.x.o.X.o.x.o.",
        "shaker": "xoXoxoXoxoXoxoXo",
    },
    "chorus": {
        "kick": "X..x..X.X.x...x.",
        "snare": "....X.......X..o",
        "hihat": "....x.......x...",
        "ride": "X.x.X.x.X.x.X.x.",
        "shaker": "xoXoxoXoxoXoxoXo",
        "tambourine": "o.o.X.o.o.o.X.o.",
    },
    "ending": {"kick": "X...............", "floor": "x...............", "tambourine": "X..............."},
}

FILL = {
    "kick": "........X...X...",
    "snare": "........XoxX....",
    "rack": "...........xXx..",
    "floor": "..............XX",
    "shaker": "........xoXoxoXo",
}
"""The second half of each section's last bar."""

CRASHES = "X..............."
"""The first bar of the chorus and the ending."""

# R root, 5 fifth, 8 octave, < a scale step towards the next bar's root.
BASS_LINES = {
    "intro": "R---------------",
    "verse": "R----.R-R---5-<-",
    "chorus": "R-R-R-R-R-R-8-<-",
    "ending": "R---------------",
}

# D down strum, U up strum, m muted two-string chug, a digit picks that string of the voicing.
GUITAR_PARTS = {
    "intro": "0-2-3-2-4-3-2-3-",
    "verse": "m.m.m.m.m.m.m.m.",
    "chorus": "D---D-U---U-D-U-",
    "ending": "D---------------",
}

# C plays the chord.
KEYS_PARTS = {
    "intro": "C---------C-----",
    "verse": "C-----C-----C---",
    "chorus": "C-----C---C-C---",
    "ending": "C---------------",
}


class Sung(NamedTuple):
    """A note of a melody: beat in the bar, length in beats, pitch as `A4`, syllable as `lah`."""

    beat: float
    beats: float
    pitch: str
    syllable: str


LEAD: dict[str, tuple[tuple[Sung, ...], ...]] = {
    "verse": (
        (Sung(0.5, 0.5, "A4", "tah"), Sung(1, 0.5, "C5", "lah"), Sung(1.5, 0.5, "B4", "dee"))
        + (Sung(2, 1, "A4", "noh"), Sung(3, 0.75, "E4", "meh")),
        (Sung(0.5, 0.5, "F4", "soh"), Sung(1, 0.5, "A4", "lah"), Sung(1.5, 0.5, "G4", "dee"))
        + (Sung(2, 0.5, "G4", "tah"), Sung(2.5, 0.5, "A4", "noo"), Sung(3, 0.9, "B4", "sah")),
    ),
    "chorus": (
        (Sung(0, 0.5, "G4", "hah"), Sung(0.5, 0.5, "C5", "lah"), Sung(1, 2, "E5", "dah"))
        + (Sung(3, 0.5, "D5", "noh"), Sung(3.5, 0.5, "C5", "meh")),
        (Sung(0, 1.5, "D5", "lee"), Sung(1.5, 0.5, "B4", "soh"), Sung(2, 1.25, "G4", "nah"))
        + (Sung(3.5, 0.5, "A4", "tah"),),
        (Sung(0, 0.5, "C5", "dah"), Sung(0.5, 0.5, "C5", "lah"), Sung(1, 1.5, "E5", "mee"))
        + (Sung(2.5, 0.5, "D5", "tah"), Sung(3, 0.5, "C5", "noh"), Sung(3.5, 0.5, "A4", "loo")),
        (Sung(0, 1, "A4", "soh"), Sung(1, 1, "C5", "lah"), Sung(2, 1, "B4", "dee"), Sung(3, 1, "D5", "noh")),
    ),
    "ending": ((Sung(0, 3, "C5", "dah"),),),
}

BACKING_HIGH: dict[str, tuple[tuple[Sung, ...], ...]] = {
    "chorus": (
        (Sung(0, 3.75, "G4", "hoo"),),
        (Sung(0, 3.75, "G4", "noo"),),
        (Sung(0, 3.75, "A4", "hah"),),
        (Sung(0, 2, "A4", "lah"), Sung(2, 2, "B4", "lah")),
    ),
    "ending": ((Sung(0, 3, "G4", "lah"),),),
}

BACKING_LOW: dict[str, tuple[tuple[Sung, ...], ...]] = {
    "chorus": (
        (Sung(0, 3.75, "E4", "hoo"),),
        (Sung(0, 3.75, "D4", "noo"),),
        (Sung(0, 3.75, "E4", "hah"),),
        (Sung(0, 2, "F4", "lah"), Sung(2, 2, "D4", "lah")),
    ),
    "ending": ((Sung(0, 3, "E4", "lah"),),),
}


@dataclass(frozen=True)
class Bar:
    """One bar of the form.

    Attributes:
        start_seconds: Where its first beat falls.
        section: `intro`, `verse`, `chorus` or `ending`.
        number: Its place in the section, from 0.
        chords: The chords that share it equally.
        last_of_section: Whether the drums play the fill.
    """

    start_seconds: float
    section: str
    number: int
    chords: tuple[str, ...]
    last_of_section: bool

    def chord_at(self, step: int) -> str:
        """Returns the chord that sounds at a sixteenth of the bar."""
        return self.chords[step * len(self.chords) // STEPS_PER_BAR]


def form(seconds: float) -> tuple[Bar, ...]:
    """Lays out the sections so that they fill a length.

    Two bars of intro, two of verse, four of chorus and a last chord make 20 seconds; longer songs grow in
    verse and chorus, shorter ones lose the intro and then the verse.

    Args:
        seconds: Length of the song.

    Returns:
        The bars in order; the last one may be cut off by the end.

    Examples:
        >>> [bar.section for bar in form(20.0)]
        ['intro', 'intro', 'verse', 'verse', 'chorus', 'chorus', 'chorus', 'chorus', 'ending']
    """
    # A remainder below a quarter of a bar is ring-out, not a bar of its own.
    total = max(1, math.ceil(seconds / BAR_SECONDS - 0.25))
    ending = 1 if total >= 3 else 0
    intro = min(2, (total - ending) // 4)
    verse = (total - ending - intro) // 3
    chorus = total - ending - intro - verse
    places = [
        (section, number, count)
        for section, count in (("intro", intro), ("verse", verse), ("chorus", chorus), ("ending", ending))
        for number in range(count)
    ]
    return tuple(
        Bar(
            start_seconds=index * BAR_SECONDS,
            section=section,
            number=number,
            chords=CHORDS[section][number % len(CHORDS[section])],
            last_of_section=number == count - 1 and section != "ending",
        )
        for index, (section, number, count) in enumerate(places)
    )


def midi_pitch(name: str) -> int:
    """Returns the MIDI number of a pitch of the scale.

    Examples:
        >>> midi_pitch("A4"), midi_pitch("C2")
        (69, 36)
    """
    return PITCH_CLASSES[name[0]] + 12 * (int(name[1:]) + 1)


def chord_pitch_classes(chord: str) -> tuple[int, ...]:
    """Returns the pitch classes of a chord, root first.

    Examples:
        >>> chord_pitch_classes("Am7")
        (9, 0, 4, 7)
    """
    root = PITCH_CLASSES[chord[0]]
    return tuple((root + interval) % 12 for interval in CHORD_INTERVALS[chord[1:]])
