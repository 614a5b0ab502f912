"""The drum kit in a room: where drums and microphones stand, and what each microphone hears.

Sound falls with distance and arrives late, so that bleed, comb filtering and the overheads' stereo image
follow from positions alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.signal import fftconvolve

from wavemix.example.drums import (
    Stroke,
    crash,
    floor_tom,
    hihat,
    kick,
    rack_tom,
    ride,
    shaker,
    snare_shell,
    snare_wires,
    tambourine,
)
from wavemix.example.parts import drum_notes
from wavemix.example.song import Bar
from wavemix.synthesis.note import Note
from wavemix.synthesis.signals import (
    Signal,
    add_at,
    decay,
    gain,
    highpass,
    lowpass,
    sample_count,
)

SPEED_OF_SOUND = 343.0  # metres a second
NEAREST_METRES = 0.06  # where a close microphone stands; sources are as loud as they are there
TIMING_SECONDS = 0.0025  # standard deviation of the drummer's strokes
ROOM_DECAY_SECONDS = 0.11

Position = tuple[float, float, float]


@dataclass(frozen=True)
class Source:
    """A part of the kit.

    Attributes:
        part: Name of its strokes in the song.
        stroke: Its voice.
        position: Metres to the drummer's right, ahead, and above the floor.
        level_db: Its loudness beside the others.
    """

    part: str
    stroke: Stroke
    position: Position
    level_db: float


@dataclass(frozen=True)
class Microphone:
    """A microphone on the kit.

    Attributes:
        position: As a source's.
        aims_at: Sources on its axis; it hears the rest duller and quieter.
        rejection_db: How much quieter.
        inverted: Whether it faces the drum from below, so that pressure arrives with the other sign.
        room: Amplitude of the room's reverberation beside the direct sound.
    """

    position: Position
    aims_at: tuple[str, ...]
    rejection_db: float
    inverted: bool = False
    room: float = 0.0


SOURCES = {
    "kick": Source("kick", kick, (0.0, 0.55, 0.3), 0.0),
    "snare shell": Source("snare", snare_shell, (-0.15, 0.0, 0.68), -3.0),
    "snare wires": Source("snare", snare_wires, (-0.15, 0.0, 0.55), -1.0),
    "hihat": Source("hihat", hihat, (-0.55, 0.1, 0.9), -8.0),
    "rack": Source("rack", rack_tom, (0.0, 0.45, 0.85), -1.0),
    "floor": Source("floor", floor_tom, (0.5, 0.0, 0.6), -1.0),
    "crash": Source("crash", crash, (-0.5, 0.6, 1.3), -7.0),
    "ride": Source("ride", ride, (0.65, 0.4, 1.05), -10.0),
}

EVERYTHING = tuple(SOURCES)

MICROPHONES = {
    "kick in": Microphone((0.0, 0.62, 0.3), ("kick",), 16.0),
    "snare top": Microphone((-0.17, 0.02, 0.75), ("snare shell", "snare wires"), 7.0),
    "snare bottom": Microphone((-0.15, 0.0, 0.49), ("snare wires", "snare shell"), 8.0, inverted=True),
    "hihat": Microphone((-0.6, 0.1, 1.0), ("hihat",), 14.0),
    "rack": Microphone((0.0, 0.47, 0.92), ("rack",), 7.0),
    "floor": Microphone((0.52, 0.0, 0.67), ("floor",), 7.0),
    "overhead left": Microphone((-0.7, 0.35, 1.85), EVERYTHING, 0.0, room=0.25),
    "overhead right": Microphone((0.8, 0.35, 1.85), EVERYTHING, 0.0, room=0.25),
    "room": Microphone((0.6, 3.8, 1.4), EVERYTHING, 0.0, room=1.0),
}

OVERDUBS: dict[str, Stroke] = {"shaker": shaker, "tambourine": tambourine}


def perform(bars: Sequence[Bar], samples: int, rng: Generator) -> dict[str, Signal]:
    """Plays the kit.

    Args:
        bars: The form of the song.
        samples: Length of the song.
        rng: The drummer's small deviations in time and touch.

    Returns:
        The sound of each source of `SOURCES` by its name, shape `(samples,)`.
    """
    # The shell and the wires of the snare answer the same strokes.
    strokes = {
        part: _humanised(drum_notes(bars, part), rng)
        for part in dict.fromkeys(source.part for source in SOURCES.values())
    }
    return {
        name: gain(source.level_db) * _played(strokes[source.part], source.stroke, samples, rng)
        for name, source in SOURCES.items()
    }


def record(microphone: Microphone, sources: Mapping[str, Signal], rng: Generator) -> Signal:
    """Sums the kit as a microphone hears it.

    Args:
        microphone: Where it stands and aims.
        sources: What `perform` returned.
        rng: The room's reflections.

    Returns:
        The recording, shape `(samples,)`.
    """
    samples = len(next(iter(sources.values())))
    direct, bleed = np.zeros(samples), np.zeros(samples)
    for name, sound in sources.items():
        distance = max(NEAREST_METRES, math.dist(SOURCES[name].position, microphone.position))
        on_axis = name in microphone.aims_at
        add_at(direct if on_axis else bleed, sound * (NEAREST_METRES / distance), distance / SPEED_OF_SOUND)
    heard = direct + gain(-microphone.rejection_db) * lowpass(bleed, 7000.0, order=1)
    if microphone.room > 0.0:
        heard += microphone.room * _reverberation(direct, rng)
    return -heard if microphone.inverted else heard


def overdub(part: str, bars: Sequence[Bar], samples: int, rng: Generator) -> Signal:
    """Records hand percussion on its own, without bleed.

    Args:
        part: A name of `OVERDUBS`.
        bars: The form of the song.
        samples: Length of the song.
        rng: The player's deviations.

    Returns:
        The recording, shape `(samples,)`.
    """
    return _played(_humanised(drum_notes(bars, part), rng), OVERDUBS[part], samples, rng)


def _humanised(notes: Sequence[Note], rng: Generator) -> list[tuple[float, float]]:
    """Returns onset in seconds and velocity of each note, a little off the grid."""
    late_seconds = np.clip(rng.normal(0.0, TIMING_SECONDS, len(notes)), -0.007, 0.007)
    touch = rng.normal(1.0, 0.06, len(notes))
    return [
        (max(0.0, note.start_seconds + float(late)), min(1.0, note.velocity * float(factor)))
        for note, late, factor in zip(notes, late_seconds, touch, strict=True)
    ]


def _played(strokes: Sequence[tuple[float, float]], voice: Stroke, samples: int, rng: Generator) -> Signal:
    track = np.zeros(samples)
    for start_seconds, velocity in strokes:
        add_at(track, voice(velocity, rng), start_seconds)
    return track


def _reverberation(dry: Signal, rng: Generator) -> Signal:
    """Returns a small live room's answer to a sound, about as loud as the sound; shape is kept."""
    length = sample_count(7.0 * ROOM_DECAY_SECONDS)
    response = rng.standard_normal(length) * decay(length, ROOM_DECAY_SECONDS)
    response[: sample_count(0.008)] = 0.0  # the nearest wall
    response = highpass(lowpass(response, 5000.0, order=1), 90.0)
    response /= np.sqrt(np.sum(response**2))
    return np.asarray(fftconvolve(dry, response)[: len(dry)])
