"""The 128 General MIDI programs: what their tracks are called, and what plays them.

The names are such that `wavemix.session.roles` reads from them what each instrument is.
"""

from dataclasses import dataclass

VOICES = frozenset((52, 53, 54, 85, 91))
"""Programs that imitate voices: choirs, and the synthesisers that are called so."""

MACHINES = frozenset((24, 25, 26))
"""Programs of the drum channel that are drum machines (General Standard: electronic, TR-808, dance)."""

NO_KITS = frozenset((48, 49, 50, 56))
"""Programs of the drum channel that are an orchestra's percussion or noises."""

_BASS_LIKE = frozenset((43,))  # the orchestra's
_DRUM_LIKE = frozenset((47, 113, 115, 116, 117, 118, 119))
_ONE_SHOT_BASSES = range(32, 38)
_ONE_SHOT_GUITARS = range(24, 29)
_BASSES = range(32, 40)

NAMES = (
    *("Piano", "Bright Piano", "Electric Grand Piano", "Honky-Tonk Piano"),
    *("Electric Piano", "FM Electric Piano", "Harpsichord", "Clavinet"),
    *("Celesta", "Glockenspiel", "Music Box Bells", "Vibraphone", "Marimba", "Xylophone", "Tubular Bells", "Dulcimer"),
    *("Drawbar Organ", "Percussive Organ", "Rock Organ", "Church Organ"),
    *("Reed Organ", "Accordion", "Harmonica", "Tango Accordion"),
    *("Nylon Guitar", "Acoustic Guitar", "Jazz Guitar", "Clean Guitar"),
    *("Muted Guitar", "Overdriven Guitar", "Distorted Guitar", "Guitar Harmonics"),
    *(
        "Upright Bass",
        "Bass",
        "Picked Bass",
        "Fretless Bass",
        "Slap Bass",
        "Thumb Bass",
        "Synth Bass",
        "Rubber Synth Bass",
    ),
    *("Violin", "Viola", "Cello", "Double Bass", "Tremolo Strings", "Pizzicato Strings", "Harp", "Timpani"),
    *("Strings", "Slow Strings", "Synth Strings", "Slow Synth Strings"),
    *("Choir", "Oohs", "Vocal", "Orchestra Hit"),
    *("Trumpet", "Trombone", "Tuba", "Muted Trumpet", "French Horn", "Brass", "Synth Brass", "Soft Synth Brass"),
    *("Soprano Sax", "Alto Sax", "Tenor Sax", "Baritone Sax", "Oboe", "English Horn", "Bassoon", "Clarinet"),
    *("Piccolo", "Flute", "Recorder", "Pan Flute", "Bottle Flute", "Shakuhachi Flute", "Whistle", "Ocarina Flute"),
    *("Square Synth", "Saw Synth", "Calliope Synth", "Chiff Synth"),
    *("Charang Synth", "Vocal", "Fifths Synth", "Synth Lead"),
    *("New Age Pad", "Warm Pad", "Polysynth Pad", "Choir", "Bowed Pad", "Metallic Pad", "Halo Pad", "Slow Pad"),
    *("Rain Synth", "Soundtrack Synth", "Crystal Synth", "Atmosphere Synth"),
    *("Brightness Synth", "Goblins Synth", "Echoes Synth", "Sci-Fi Synth"),
    *("Sitar", "Banjo", "Shamisen Banjo", "Koto Harp", "Kalimba", "Bagpipe", "Fiddle", "Shanai Oboe"),
    *("Tinkle Bells", "Agogo", "Steel Drums", "Woodblock", "Taiko", "Melodic Toms", "Synth Toms", "Reverse Cymbal"),
    *("Fret Noise FX", "Breath Noise FX", "Seashore FX", "Bird FX"),
    *("Telephone FX", "Helicopter FX", "Applause FX", "Gunshot FX"),
)
"""Name of a track by its program."""


@dataclass(frozen=True)
class Instrument:
    """What plays a part.

    Attributes:
        name: What its track is called.
        group: `drums`, `bass`, `vocals` or `other`.
        engine: `bass` or `guitar` one-shots, `voice`, or `soundfont`.
    """

    name: str
    group: str
    engine: str


def instrument(program: int) -> Instrument:
    """What plays a program of a channel that is not the drums'."""
    name = NAMES[program]
    if program in VOICES:
        return Instrument(name, "vocals", "voice")
    if program in _DRUM_LIKE:
        return Instrument(name, "drums", "soundfont")
    if program in _BASSES or program in _BASS_LIKE:
        return Instrument(name, "bass", "bass" if program in _ONE_SHOT_BASSES else "soundfont")
    return Instrument(name, "other", "guitar" if program in _ONE_SHOT_GUITARS else "soundfont")
