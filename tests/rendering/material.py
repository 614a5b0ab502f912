"""MIDI files and one-shots that say what they are: few notes, plain tones."""

from collections.abc import Iterable
from pathlib import Path

import mido
import numpy as np
import soundfile

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.rendering.drum_kit import MICROPHONES, PIECES

TICKS = 480  # a beat, half a second unless a test says otherwise

Message = tuple[float, mido.Message]


def note(start_beats: float, beats: float, pitch: int, velocity: int = 100, channel: int = 0) -> list[Message]:
    on = mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)
    off = mido.Message("note_off", channel=channel, note=pitch)
    return [(start_beats, on), (start_beats + beats, off)]


def control(beats: float, number: int, value: int, channel: int = 0) -> Message:
    return beats, mido.Message("control_change", channel=channel, control=number, value=value)


def program(beats: float, number: int, channel: int = 0) -> Message:
    return beats, mido.Message("program_change", channel=channel, program=number)


def tempo(beats: float, bpm: float) -> Message:
    return beats, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))


def write_midi(path: Path, *tracks: Iterable[Message]) -> Path:
    """Writes tracks of messages, each with its time in beats."""
    file = mido.MidiFile(ticks_per_beat=TICKS)
    for messages in tracks:
        track, now = mido.MidiTrack(), 0
        for beats, message in sorted(messages, key=lambda timed: timed[0]):
            track.append(message.copy(time=round(beats * TICKS) - now))
            now = round(beats * TICKS)
        file.tracks.append(track)
    file.save(path)
    return path


def tone(hz: float, seconds: float, peak: float = 0.5) -> np.ndarray:
    """A cosine: it starts with its first sample; shape `(samples,)`."""
    return peak * np.cos(2.0 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)


def write_instrument(folder: Path, articulation: str, octaves: range) -> Path:
    """Writes the one-shots of an instrument, an `a` each octave, named by the written note."""
    folder.mkdir(parents=True, exist_ok=True)
    for octave in octaves:
        for dynamic, peak in (("p", 0.1), ("f", 0.5)):
            hz = 440.0 * 2.0 ** (octave - 1 - 4)  # it sounds an octave lower
            soundfile.write(
                folder / f"{articulation}_a{octave}_{dynamic}_rr1.wav", tone(hz, 3.0, peak), SAMPLE_RATE, "FLOAT"
            )
    return folder


def write_kit(folder: Path) -> Path:
    """Writes a kit of two layers, the second twice as loud, in which every microphone hears every piece."""
    for number, piece in enumerate(sorted({*PIECES.values(), "KdrumL"})):
        (folder / piece).mkdir(parents=True)
        for layer, peak in (("01", 0.2), ("12", 0.4)):
            for place, microphone in enumerate(MICROPHONES.values()):
                sound = tone(200.0 + 40.0 * number, 0.6, peak / (1 + place))
                soundfile.write(folder / piece / f"{layer}_{microphone}.wav", sound, SAMPLE_RATE, "FLOAT")
    return folder
