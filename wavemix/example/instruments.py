"""The pitched instruments: bass, guitars, electric piano and pad, as tracks of a session."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from wavemix.example.song import BEAT_SECONDS
from wavemix.synthesis.note import Note
from wavemix.synthesis.signals import (
    Signal,
    add_at,
    bandpass,
    decay,
    gain,
    highpass,
    lowpass,
    pitch_hz,
    pluck,
    release,
    sample_count,
    saw,
    time_seconds,
)

CABINET_DELAY_SECONDS = 0.0007  # a quarter of a metre between loudspeaker and microphone
CHUG_SECONDS = 0.2  # shorter guitar notes are damped with the palm


def bass_di(notes: Sequence[Note], samples: int, rng: Generator) -> Signal:
    """Plays the bass into a direct box.

    Args:
        notes: The bass line.
        samples: Length of the song.
        rng: The player's deviations.

    Returns:
        The recording, shape `(samples,)`.
    """
    track = np.zeros(samples)
    for note in notes:
        held_seconds = 0.93 * note.duration_seconds
        brightness_hz = 350.0 + 500.0 * note.velocity
        string = pluck(pitch_hz(note.midi), held_seconds + 0.25, 5.0, brightness_hz, rng)
        touch = note.velocity * rng.normal(1.0, 0.05)
        add_at(track, touch * release(string, held_seconds, 0.03), _late(note, 0.003, rng))
    # Pick-ups sit where the fundamental is strong.
    return lowpass(track, 180.0, order=1)


def bass_amp(direct: Signal, rng: Generator) -> Signal:
    """Plays a direct recording through a driven amplifier and a cabinet.

    Args:
        direct: What `bass_di` returned, shape `(samples,)`.
        rng: The amplifier's hiss.

    Returns:
        The cabinet's microphone, a little late, shape `(samples,)`.
    """
    # The treble control comes before the valve, so that the growl is what clips.
    bright = direct + 3.0 * highpass(direct, 350.0, order=1)
    driven = 8.0 * bright / max(1e-9, float(np.max(np.abs(bright))))
    # A valve clips one side first, which adds even harmonics.
    warm = np.tanh(driven + 0.3) - np.tanh(0.3)
    cabinet = highpass(lowpass(warm + gain(-62.0) * rng.standard_normal(len(warm)), 2600.0, order=3), 55.0)
    heard = np.zeros_like(cabinet)
    add_at(heard, cabinet, CABINET_DELAY_SECONDS)
    return heard


def electric_guitar(notes: Sequence[Note], samples: int, cents: float, rng: Generator) -> Signal:
    """Plays one take of the rhythm guitar through a crunchy amplifier.

    Args:
        notes: The part, one note a string.
        samples: Length of the song.
        cents: How far the take is out of tune.
        rng: The player's deviations: another generator is another take.

    Returns:
        The recording, shape `(samples,)`.
    """
    track = np.zeros(samples)
    late = {start: rng.normal(0.0, 0.007) for start in sorted({note.start_seconds for note in notes})}
    for note in notes:
        muted = note.duration_seconds < CHUG_SECONDS
        decay_seconds = 0.35 if muted else 3.5
        held_seconds = 0.1 if muted else note.duration_seconds
        string = pluck(
            pitch_hz(note.midi + cents / 100.0),
            held_seconds + 0.4,
            decay_seconds,
            1400.0 if muted else 2500.0 + 2500.0 * note.velocity,
            rng,
        )
        touch = note.velocity * rng.normal(1.0, 0.08)
        sound = touch * release(string, held_seconds, 0.045)
        add_at(track, sound, note.start_seconds + late[note.start_seconds])
    return _guitar_amplifier(track)


def electric_piano(notes: Sequence[Note], samples: int, rng: Generator) -> Signal:
    """Plays an electric piano whose tremolo pans between the channels twice a bar.

    Args:
        notes: The chords.
        samples: Length of the song.
        rng: The player's deviations.

    Returns:
        The line output, shape `(samples, 2)`.
    """
    track = np.zeros(samples)
    for note in notes:
        touch = note.velocity * rng.normal(1.0, 0.07)
        add_at(track, _tine(pitch_hz(note.midi), note.duration_seconds, touch), _late(note, 0.006, rng))
    sway = np.sin(np.pi * time_seconds(samples) / BEAT_SECONDS)
    angle = np.pi / 4.0 * (1.0 + 0.6 * sway)
    return np.stack([track * np.cos(angle), track * np.sin(angle)], axis=-1)


def pad(notes: Sequence[Note], samples: int, rng: Generator) -> Signal:
    """Plays a wide, slow pad of detuned sawtooths.

    Args:
        notes: The held chords.
        samples: Length of the song.
        rng: Detuning and phases.

    Returns:
        The line output, shape `(samples, 2)`.
    """
    channels = np.zeros((2, samples))
    for note in notes:
        length = sample_count(note.duration_seconds + 1.5)
        rise = 1.0 - decay(length, 0.22)
        for channel in channels:
            for cents in (-7.0, 6.0):
                detuned_hz = pitch_hz(note.midi + (cents + rng.normal(0.0, 1.5)) / 100.0)
                tone = note.velocity * rise * saw(detuned_hz, length, rng.random())
                add_at(channel, release(tone, note.duration_seconds, 0.2), note.start_seconds)
    return highpass(lowpass(channels, 1500.0), 160.0).T


def _late(note: Note, deviation_seconds: float, rng: Generator) -> float:
    """Returns the time at which a player plays a note, in seconds."""
    return max(0.0, note.start_seconds + rng.normal(0.0, deviation_seconds))


def _tine(frequency_hz: float, seconds: float, velocity: float) -> Signal:
    """Returns a struck tine by frequency modulation, shape `(samples,)`.

    A modulator at the carrier's frequency makes the reed's warmth and a faint high one the hammer's bell
    (Chowning, "The synthesis of complex audio spectra by means of frequency modulation", 1973).
    """
    samples = sample_count(seconds + 0.5)
    phase = 2.0 * np.pi * frequency_hz * time_seconds(samples)
    warmth = 1.3 * velocity * decay(samples, 0.6) * np.sin(phase)
    bell = 0.16 * velocity * decay(samples, 0.1) * np.sin(14.0 * phase)
    sound = np.sin(phase + warmth + bell) * decay(samples, 1.1) * (1.0 - decay(samples, 0.0015))
    return velocity * release(sound, seconds, 0.06)


def _guitar_amplifier(strings: Signal) -> Signal:
    """Drives a valve stage with the strings and takes its loudspeaker; shape is kept."""
    driven = highpass(strings, 110.0) * 1.6
    crunch = np.tanh(driven + 0.15) - np.tanh(0.15)
    loudspeaker = highpass(lowpass(crunch, 4600.0, order=4), 85.0)
    presence = bandpass(loudspeaker, 1800.0, 3400.0)
    return loudspeaker + 0.8 * presence
