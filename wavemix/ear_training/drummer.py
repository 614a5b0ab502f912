"""A drum kit before its microphones: each by itself, and all of them mixed to one track."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from wavemix.ear_training.kits import PIECES
from wavemix.ear_training.phrases import SAMPLES, Phrases, pick
from wavemix.ear_training.sound import Sound
from wavemix.rendering.drum_kit import MICROPHONES, is_played_on_kit, play_kit
from wavemix.rendering.performance import Ingredients
from wavemix.rendering.sounds import peak_of
from wavemix.session.roles import role_told

FILL_CHANCE, TOM_CHANCE = 0.4, 0.35
"""Chance of a fill, for toms are rare, and of a stroke of it to be a tom's."""

_SILENT = 1e-3


def play_drummer(ingredients: Ingredients, phrases: Phrases, takes: int, seed: int) -> Iterator[Sound]:
    """A drummer by every microphone that stands at what is played, and by all of them mixed to one track."""
    rng = np.random.default_rng(seed)
    for take in range(takes):
        held_out = take % 10 == 9
        notes = tuple(note for note in pick(phrases.drums, rng) if is_played_on_kit(note.pitch))
        if len(notes) < 8:
            continue
        if rng.random() < FILL_CHANCE:
            toms = PIECES["toms"]
            notes = tuple(replace(n, pitch=int(rng.choice(toms))) if rng.random() < TOM_CHANCE else n for n in notes)
        tracks = play_kit(notes, SAMPLES, ingredients.drums, rng)
        played = {note.pitch for note in notes}
        for name, samples in tracks.items():
            role = role_told("drums", name)
            if played & set(PIECES.get(role, played)) and peak_of(samples) > _SILENT:
                yield Sound(samples, "drums", role, "kit", name, held_out)
        for _ in range(3):
            gains = 10 ** (rng.uniform(-20, 0, len(MICROPHONES)) / 20)
            levelled = (
                gain * track / max(peak_of(track), _SILENT) for gain, track in zip(gains, tracks.values(), strict=True)
            )
            whole = sum(levelled)
            yield Sound(np.asarray(whole, np.float32), "drums", "kit", "kit", "all microphones", held_out)
