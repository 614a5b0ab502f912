"""Effects that are played: an instrument through a pedal that scatters grains of it, and echoes them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.random import Generator

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.ear_training.phrases import SAMPLES, SECONDS, Phrases, pick, transposed
from wavemix.ear_training.sound import Sound
from wavemix.rendering.arrangement import Part
from wavemix.rendering.programs import NAMES, instrument
from wavemix.rendering.soundfont import play_parts
from wavemix.rendering.sounds import Samples, peak_of
from wavemix.synthesis.signals import add_at

GRAIN_SECONDS = (0.04, 0.6)
GRAINS_A_SECOND = (2.0, 24.0)
SPEEDS = (0.5, 1.0, 1.0, 2.0)
REVERSED_CHANCE = 0.4
ECHO_CHANCE = 0.7
_SILENT = 1e-4


def play_grains(soundfonts: Sequence[Path], phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """Phrases of instruments of the group `other`, in grains; of ten the last is held out.

    Raises:
        WavemixError: If fluidsynth or a soundfont is missing.
    """
    rng = np.random.default_rng(seed)
    programs = [program for program in range(len(NAMES)) if instrument(program).group == "other"]
    for soundfont in soundfonts:
        chosen = [pick(programs, rng) for _ in range(takes)]
        written = [transposed(phrases.for_program(program, rng), int(rng.integers(-5, 6))) for program in chosen]
        parts = [Part(0, program, NAMES[program], False, notes) for program, notes in zip(chosen, written, strict=True)]
        for take, (part, sound) in enumerate(zip(parts, play_parts(parts, SECONDS, soundfont), strict=True)):
            if peak_of(sound) > _SILENT:
                yield Sound(scattered(sound, rng), "other", "effects", "grains", part.name, take % 10 == 9)


def scattered(sound: Samples, rng: Generator) -> Samples:
    """Grains from anywhere in a sound, `(samples,)`, as long as a phrase; some backwards, an octave off, or echoed."""
    track = np.zeros(SAMPLES)
    shortest, longest = np.sort(np.exp(rng.uniform(np.log(GRAIN_SECONDS[0]), np.log(GRAIN_SECONDS[1]), 2)))
    grains = int(rng.uniform(*GRAINS_A_SECOND) * SECONDS)
    for start in np.sort(rng.uniform(0, SECONDS, grains)):
        speed, samples = float(pick(SPEEDS, rng)), round(float(rng.uniform(shortest, longest)) * SAMPLE_RATE)
        first = int(rng.uniform(0, max(1.0, len(sound) - samples * speed)))
        piece = sound[first : first + int(samples * speed) + 1]
        grain = np.interp(speed * np.arange(samples), np.arange(len(piece)), piece) * np.hanning(samples)
        if rng.random() < REVERSED_CHANCE:
            grain = grain[::-1]
        add_at(track, grain, float(start))
    if rng.random() < ECHO_CHANCE:
        delay, feedback = round(float(rng.uniform(0.1, 0.6)) * SAMPLE_RATE), float(rng.uniform(0.3, 0.8))
        for first in range(delay, len(track), delay):
            stop = min(first + delay, len(track))
            track[first:stop] += feedback * track[first - delay : stop - delay]
    return np.asarray(track, np.float32)
