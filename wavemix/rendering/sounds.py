"""Sounds in memory: mono, 44.1 kHz, 32-bit floats; and how a recorded one gets there."""

from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.documents.names import for_libraries
from wavemix.errors import WavemixError

Samples = NDArray[np.float32]


def read_sound(path: Path) -> Samples:
    """Read a one-shot, folded to mono, shape `(samples,)`.

    Raises:
        WavemixError: If it cannot be read.
    """
    try:
        sound, rate = soundfile.read(for_libraries(path), dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise WavemixError(f"{path}: the one-shot cannot be read; fetch the ingredients again.") from error
    mono: Samples = sound[:, 0] if sound.shape[1] == 1 else sound.mean(axis=1)
    return mono if rate == SAMPLE_RATE else np.asarray(soxr.resample(mono, rate, SAMPLE_RATE), np.float32)


def ramp_down(samples: int) -> Samples:
    """A fade from 1 to 0, shape `(samples,)`."""
    return np.linspace(1.0, 0.0, samples, dtype=np.float32)


def peak_of(sound: Samples) -> float:
    """The largest magnitude of a sound, 0 if it is empty."""
    return float(max(np.max(sound, initial=0.0), -np.min(sound, initial=0.0)))
