"""What may happen to a sound before it becomes a file: an amplifier, a room, a codec."""

import io
from collections.abc import Mapping

import numpy as np
import scipy.signal
import soundfile
from numpy.random import Generator

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.rendering.sounds import Samples, peak_of

ROOM_CHANCE, DRIVE_CHANCE, CODEC_CHANCE = 0.3, 0.25, 0.1
ROOMS_DB = (-20.0, -2.0)
_DRIVEN = (("other", "electric-guitar"), ("other", "synth"), ("other", "keys"), ("bass", "bass"), ("bass", "synth"))


def treated(samples: Samples, group: str, role: str, rooms: Mapping[str, Samples], rng: Generator) -> Samples:
    """A sound after some of the treatments, at a peak of at most 1.

    Args:
        samples: Mono at 44.1 kHz, `(samples,)`.
        group: Its group: a bass has no room, for it comes by wire.
        role: Its role: amplifiers are for strings and keys.
        rooms: Impulse responses, `(samples,)` each, of unit energy.
        rng: Decides everything.
    """
    peak = peak_of(samples)
    sound = samples / max(peak, 1e-6)
    if (group, role) in _DRIVEN and rng.random() < DRIVE_CHANCE:
        sound = _amplified(sound, rng)
    if group != "bass" and rng.random() < ROOM_CHANCE:
        response = rooms[str(rng.choice(sorted(rooms)))]
        wet = scipy.signal.oaconvolve(sound, response)[: len(sound)].astype(np.float32)
        sound = sound + np.float32(10 ** (rng.uniform(*ROOMS_DB) / 20)) * wet
    sound = sound / max(peak_of(sound), 1e-6)
    if rng.random() < CODEC_CHANCE:
        sound = _coded(sound, rng)
    return np.asarray(sound, np.float32)


def _amplified(sound: Samples, rng: Generator) -> Samples:
    """Through a tube and a cabinet: a soft clip between a high-pass and a low-pass."""
    high = scipy.signal.butter(1, float(rng.uniform(40, 150)), "highpass", fs=SAMPLE_RATE, output="sos")
    cabinet = scipy.signal.butter(2, float(rng.uniform(3500, 7000)), fs=SAMPLE_RATE, output="sos")
    driven = np.tanh(scipy.signal.sosfilt(high, sound) * float(np.exp(rng.uniform(0.3, 3.5))))
    return np.asarray(scipy.signal.sosfilt(cabinet, driven), np.float32)


def _coded(sound: Samples, rng: Generator) -> Samples:
    """As a lossy file gives it back."""
    file = io.BytesIO()
    form, subtype = (("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III"))[int(rng.integers(2))]
    soundfile.write(
        file, sound * 0.9, SAMPLE_RATE, format=form, subtype=subtype, compression_level=float(rng.uniform(0.3, 0.95))
    )
    file.seek(0)
    back, _ = soundfile.read(file, dtype="float32")
    return np.asarray(back[: len(sound)], np.float32)
