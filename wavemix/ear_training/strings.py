"""The recorded bass and guitars of the ingredients."""

from collections.abc import Iterator

import numpy as np

from wavemix.ear_training.phrases import SAMPLES, Phrases, low, pick, transposed
from wavemix.ear_training.sound import Sound
from wavemix.rendering import one_shots
from wavemix.rendering.performance import Ingredients

_GUITARS = ("black_ord_twang", "green_ord_twang")


def play_strings(ingredients: Ingredients, phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """The recorded bass and guitars."""
    rng = np.random.default_rng(seed)
    bass = one_shots.load(ingredients.bass, "sustain")
    for take in range(takes):
        held_out = take % 10 == 9
        notes = low(pick(phrases.bass, rng), int(rng.integers(-5, 6)))
        yield Sound(one_shots.play(notes, SAMPLES, bass), "bass", "bass", "one-shots", "bass", held_out)
        shots = one_shots.load(ingredients.guitars, pick(_GUITARS, rng))
        notes = transposed(phrases.for_program(int(rng.integers(24, 31)), rng), int(rng.integers(-5, 6)), 40, 84)
        yield Sound(one_shots.play(notes, SAMPLES, shots), "other", "electric-guitar", "guitar", "guitar", held_out)
