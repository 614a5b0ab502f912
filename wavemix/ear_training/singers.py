"""Women and men who sing, alone or together."""

from collections.abc import Iterator

import numpy as np

from wavemix.ear_training.phrases import SAMPLES, Phrases, transposed
from wavemix.ear_training.sound import Sound
from wavemix.rendering import singer
from wavemix.rendering.melody import skyline

_INTERVALS = (0, 4, 7, -5)


def sing(phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """Women and men who sing a tune alone, or a few of them together."""
    rng = np.random.default_rng(seed)
    for take in range(takes):
        tune = skyline(transposed(phrases.for_program(int(rng.integers(56, 80)), rng), 0))
        together = int(rng.integers(2, 5)) if take % 3 == 2 else 1
        voices = []
        for part in range(together):
            who = singer.engage(rng)
            line = singer.fit(transposed(tune, _INTERVALS[part % len(_INTERVALS)]), who)
            voices.append(singer.sing(line, singer.words(line, rng), SAMPLES, who, rng))
        yield Sound(
            np.sum(voices, axis=0), "vocals", "backing" if together > 1 else "lead", "voice", "singer", take % 10 == 9
        )
