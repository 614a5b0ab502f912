"""A singer: harmonics of a gliding, vibrating pitch under the resonances of vowels, with noisy consonants.

Source and filter after Klatt, "Software for a cascade/parallel formant synthesizer", 1980, but in the
frequency domain: each harmonic gets the amplitude that the vowel's resonances have at its frequency.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.synthesis.note import Note
from wavemix.synthesis.signals import (
    Signal,
    add_at,
    bandpass,
    decay,
    gain,
    pitch_hz,
    sample_count,
    smooth,
    time_seconds,
)

HOP = 64  # samples between two values of pitch, formants and loudness
FRAME_HZ = SAMPLE_RATE / HOP
BLOCK_FRAMES = 128
HIGHEST_HZ = 9000.0

VIBRATO_HZ = 5.5
VIBRATO_SEMITONES = 0.32
VIBRATO_ONSET_SECONDS = 0.28
GLIDE_SECONDS = 0.028
DRIFT_SEMITONES = 0.05
EVENNESS = 0.4  # 0.5 would make all vowels equally loud
BREATH_DB = -43.0  # air in the voice
INHALE_DB = -31.0
INHALE_SECONDS = 0.26
REST_SECONDS = 0.3  # a rest that is long enough to breathe in

# First three formants in Hz, means of women (Peterson and Barney, "Control methods used in a study of the
# vowels", 1952, table II); the fourth and fifth hardly move.
VOWELS_HZ = {
    "ah": (850.0, 1220.0, 2810.0),
    "eh": (610.0, 2330.0, 2990.0),
    "ee": (310.0, 2790.0, 3310.0),
    "oh": (590.0, 920.0, 2710.0),
    "oo": (370.0, 950.0, 2670.0),
}
UPPER_FORMANTS_HZ = (3900.0, 4950.0)
BANDWIDTHS_HZ = (90.0, 110.0, 170.0, 250.0, 300.0)


@dataclass(frozen=True)
class Consonant:
    """How a syllable begins.

    Attributes:
        seconds: How long it lasts; noise sounds before the note, a hum on it.
        noise_db: Peak of the noise beside the vowel.
        noise_hz: Band of the noise.
        hum: Loudness of the voice meanwhile, 0 to 1.
        formants_hz: Resonances that the vowel comes from, or none to begin with the vowel's own.
    """

    seconds: float
    noise_db: float = -120.0
    noise_hz: tuple[float, float] = (2000.0, 6000.0)
    hum: float = 0.0
    formants_hz: tuple[float, float, float] | None = None


CONSONANTS = {
    "t": Consonant(0.025, -11.0, (2800.0, 8000.0)),
    "d": Consonant(0.018, -17.0, (1800.0, 4500.0), 0.1, (300.0, 1700.0, 2700.0)),
    "s": Consonant(0.11, -15.0, (5000.0, 11000.0)),
    "h": Consonant(0.07, -20.0, (900.0, 4000.0)),
    "l": Consonant(0.06, hum=0.4, formants_hz=(360.0, 1100.0, 2700.0)),
    "m": Consonant(0.07, hum=0.25, formants_hz=(280.0, 1000.0, 2200.0)),
    "n": Consonant(0.06, hum=0.25, formants_hz=(280.0, 1500.0, 2500.0)),
}


def sing(notes: Sequence[Note], samples: int, tract: float, rng: Generator) -> Signal:
    """Sings a melody.

    Args:
        notes: The melody in order, one voice; each syllable is a letter of `CONSONANTS` and a vowel.
        samples: Length of the song.
        tract: Factor on all formants: 1 for a woman's vocal tract, about 0.87 for a man's.
        rng: The singer's drift, breath and consonants.

    Returns:
        The recording, near-silent between the notes, shape `(samples,)`.
    """
    if not notes:
        return np.zeros(samples)
    frames = samples // HOP + 2
    loudness = _loudness(notes, frames)
    voiced = _harmonics(_pitch_hz(notes, frames, rng), _formants_hz(notes, frames) * tract, loudness, samples)
    voiced /= max(1e-9, float(np.max(np.abs(voiced))))
    at_frames, at_samples = np.arange(frames) * HOP, np.arange(samples)
    breath = bandpass(rng.standard_normal(samples), 1200.0 * tract, 5500.0 * tract)
    voiced += gain(BREATH_DB) * breath * np.interp(at_samples, at_frames, loudness)
    sung_until = 0.0
    for note in notes:
        _add_consonant(voiced, note, rng)
        if note.start_seconds - sung_until > REST_SECONDS:
            _add_inhale(voiced, note.start_seconds, tract, rng)
        sung_until = note.start_seconds + note.duration_seconds
    return voiced


def _pitch_hz(notes: Sequence[Note], frames: int, rng: Generator) -> Signal:
    """Returns the sung pitch: glides between notes, vibrato that grows on long ones, drift; `(frames,)`."""
    time = np.arange(frames) / FRAME_HZ
    midi = np.full(frames, float(notes[0].midi))
    depth = np.zeros(frames)
    for note in notes:
        start, stop = _frames_of(note)
        midi[start:] = note.midi  # held through the rest that follows
        if start >= stop or start >= frames:
            continue
        held = time[start:stop] - note.start_seconds
        depth[start:stop] = np.clip((held - VIBRATO_ONSET_SECONDS) / 0.3, 0.0, 1.0)
    # Each singer's own speed and phase, so that a choir doesn't sway as one.
    sway = np.sin(2.0 * np.pi * (VIBRATO_HZ * rng.uniform(0.92, 1.06) * time + rng.random()))
    vibrato = VIBRATO_SEMITONES * smooth(depth, 0.03, FRAME_HZ) * sway
    wander = smooth(rng.standard_normal(frames), 0.15, FRAME_HZ)
    drift = DRIFT_SEMITONES * wander / max(1e-9, float(np.std(wander)))
    return pitch_hz(0.0) * 2.0 ** ((smooth(midi, GLIDE_SECONDS, FRAME_HZ) + vibrato + drift) / 12.0)


def _formants_hz(notes: Sequence[Note], frames: int) -> Signal:
    """Returns the resonances, each syllable moving from its consonant's to its vowel's; `(5, frames)`."""
    targets = np.empty((5, frames))
    targets[3:] = np.array(UPPER_FORMANTS_HZ)[:, None]
    targets[:3] = np.array(VOWELS_HZ[notes[0].syllable[1:]])[:, None]
    for note in notes:
        start, _ = _frames_of(note)
        consonant, vowel = CONSONANTS[note.syllable[0]], VOWELS_HZ[note.syllable[1:]]
        turn = start + round(consonant.seconds * FRAME_HZ)
        targets[:3, start:turn] = np.array(consonant.formants_hz or vowel)[:, None]
        targets[:3, turn:] = np.array(vowel)[:, None]
    return np.stack([smooth(target, 0.022, FRAME_HZ) for target in targets])


def _loudness(notes: Sequence[Note], frames: int) -> Signal:
    """Returns the loudness, 0 to 1, with the dips of consonants and a swell on each note; `(frames,)`."""
    target = np.zeros(frames)
    for note in notes:
        start, stop = _frames_of(note)
        consonant = CONSONANTS[note.syllable[0]]
        turn = min(stop, start + round(consonant.seconds * FRAME_HZ))
        position = np.linspace(0.0, 1.0, stop - start)
        shape = note.velocity * (0.78 + 0.22 * np.sin(np.pi * position**0.7))
        if consonant.hum > 0.0:
            shape[: turn - start] *= consonant.hum
        # The tongue closes for the next syllable.
        closed = round(0.02 * FRAME_HZ)
        shape[-closed:] = 0.0
        room = max(0, min(stop, frames) - start)
        target[start : start + room] = shape[:room]
    return smooth(smooth(target, 0.012, FRAME_HZ), 0.012, FRAME_HZ)


def _harmonics(pitch: Signal, formants: Signal, loudness: Signal, samples: int) -> Signal:
    """Sums the harmonics.

    Args:
        pitch: Fundamental in Hz, shape `(frames,)`.
        formants: Resonances in Hz, shape `(5, frames)`.
        loudness: 0 to 1, shape `(frames,)`.
        samples: Length of the song.

    Returns:
        The voice, shape `(samples,)`.
    """
    at_frames, at_samples = np.arange(len(pitch)) * HOP, np.arange(samples)
    amplitudes = _amplitudes(pitch, formants, loudness)
    turns = 2.0 * np.pi * np.cumsum(np.interp(at_samples, at_frames, pitch)) / SAMPLE_RATE
    voice = np.zeros(samples)
    for start in range(0, samples, BLOCK_FRAMES * HOP):
        block = turns[start : start + BLOCK_FRAMES * HOP]
        first = start // HOP
        values = amplitudes[:, first : first + BLOCK_FRAMES + 1]
        voice[start : start + len(block)] = _harmonics_of_block(block, values)
    return voice


def _harmonics_of_block(turns: Signal, amplitudes: Signal) -> Signal:
    """Sums the harmonics of some frames, few enough for the processor's cache.

    Args:
        turns: Phase of the fundamental in radians, shape `(samples,)`.
        amplitudes: Amplitude of each harmonic at the frames' borders, shape `(harmonics, frames + 1)`.

    Returns:
        Their sum, shape `(samples,)`.
    """
    samples = len(turns)
    between = np.arange(HOP) / HOP
    before, sine = np.zeros(samples), np.sin(turns)
    turn = 2.0 * np.cos(turns)
    voice = np.zeros(samples)
    for amplitude in amplitudes:
        if amplitude.any():
            rising = amplitude[:-1, None] + np.diff(amplitude)[:, None] * between
            voice += sine * rising.reshape(-1)[:samples]
        # sin((k + 1) x) = 2 cos(x) sin(k x) - sin((k - 1) x)
        before, sine = sine, turn * sine - before
    return voice


def _amplitudes(pitch: Signal, formants: Signal, loudness: Signal) -> Signal:
    """Returns the amplitude of each harmonic over time, shape `(harmonics, frames)`."""
    harmonics = np.arange(1, int(HIGHEST_HZ / float(np.min(pitch))) + 1)[:, None]
    frequency = harmonics * pitch
    # The glottis falls by about 10 dB an octave and the lips' radiation rises by 6; a softer voice is darker.
    tilt = harmonics ** -(0.7 + 0.5 * (1.0 - loudness))
    fade = np.clip((HIGHEST_HZ - frequency) / 1000.0, 0.0, 1.0)
    spectrum = tilt * fade * _resonance(frequency, formants)
    # Closed vowels are weaker; a singer evens most of that out.
    power = np.sum(spectrum**2, axis=0)
    return np.asarray(loudness * spectrum * power**-EVENNESS)


def _resonance(frequency: Signal, formants: Signal) -> Signal:
    """Returns the magnitude of a cascade of resonators with unit gain at 0 Hz; shape of `frequency`."""
    magnitude = np.ones_like(frequency)
    for formant, bandwidth in zip(formants, BANDWIDTHS_HZ, strict=True):
        magnitude *= formant**2 / np.hypot(formant**2 - frequency**2, bandwidth * frequency)
    return magnitude


def _add_consonant(voice: Signal, note: Note, rng: Generator) -> None:
    """Adds the noise that leads a syllable in, in place; it ends as the voice begins."""
    consonant = CONSONANTS[note.syllable[0]]
    samples = sample_count(consonant.seconds)
    noise = bandpass(rng.standard_normal(samples), *consonant.noise_hz)
    attack = 1.0 - decay(samples, 0.25 * consonant.seconds)
    fall = np.clip((consonant.seconds - time_seconds(samples)) / (0.4 * consonant.seconds), 0.0, 1.0)
    noise *= attack * fall
    noise *= note.velocity * gain(consonant.noise_db) / float(np.max(np.abs(noise)))
    add_at(voice, noise, note.start_seconds - 0.6 * consonant.seconds)


def _add_inhale(voice: Signal, before_seconds: float, tract: float, rng: Generator) -> None:
    """Adds the breath that the singer takes before a phrase, in place."""
    samples = sample_count(INHALE_SECONDS)
    air = bandpass(rng.standard_normal(samples), 1100.0 * tract, 4500.0 * tract)
    swell = np.sin(np.pi * np.linspace(0.0, 1.0, samples) ** 1.5) ** 2
    add_at(voice, gain(INHALE_DB) * air * swell, before_seconds - INHALE_SECONDS - 0.09)


def _frames_of(note: Note) -> tuple[int, int]:
    """Returns the first frame of a note and the one after its last."""
    start = round(note.start_seconds * FRAME_HZ)
    return start, start + round(note.duration_seconds * FRAME_HZ)
