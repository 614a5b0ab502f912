"""Varying frames as recordings vary: speed and pitch, equalisers, band limits, noise and bleed."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from wavemix.recognition.features import BANDS, Frames

SPEED_CHANCE, EQUALISER_CHANCE, LIMIT_CHANCE, NOISE_CHANCE, BLEED_CHANCE = 0.6, 0.8, 0.35, 0.5, 0.3
FASTEST = 1.25
MOST_BANDS = 3.0
"""Bands by which a pitch is moved."""

TILT_DB, BELL_DB = 12.0, 9.0
NOISES_DB = (-75.0, -28.0)
BLEEDS_DB = (-42.0, -12.0)
_LIMIT_DB = -70.0


def varied(frames: Frames, other: Frames, rng: Generator) -> Frames:
    """Frames of a track as another recording of it would have them.

    Args:
        frames: In dB, `(frames, bands)`, the loudest band at 0.
        other: As many of another instrument, which may bleed into it.
        rng: Decides everything.
    """
    if rng.random() < SPEED_CHANCE:
        frames = _faster(frames, rng)
    if rng.random() < EQUALISER_CHANCE:
        frames = frames + _equaliser(rng)
    loudest = frames.max()
    if rng.random() < BLEED_CHANCE:
        level = loudest - other.max() + np.float32(rng.uniform(*BLEEDS_DB))
        frames = _added(frames, other + level)
    if rng.random() < NOISE_CHANCE:
        floor = loudest + np.float32(rng.uniform(*NOISES_DB)) + np.linspace(0, rng.uniform(-20, 6), BANDS)
        frames = _added(frames, floor.astype(np.float32)[None])
    if rng.random() < LIMIT_CHANCE:
        frames = frames + _limits(rng)
    return frames


def _faster(frames: Frames, rng: Generator) -> Frames:
    """Played at another speed, and moved in pitch, each by interpolation."""
    count = len(frames)
    speed = float(np.exp(rng.uniform(-1, 1) * np.log(FASTEST)))
    times = np.arange(count, dtype=np.float64) * speed % max(1, count - 1)
    moved = float(rng.uniform(-MOST_BANDS, MOST_BANDS))
    bands = np.clip(np.arange(BANDS, dtype=np.float64) + moved, 0, BANDS - 1)
    return _between(_between(frames, times).T, bands).T


def _between(rows: Frames, places: NDArray[np.float64]) -> Frames:
    first = places.astype(np.intp)
    share = (places - first).astype(np.float32)[:, None]
    return rows[first] * (1 - share) + rows[np.minimum(first + 1, len(rows) - 1)] * share


def _equaliser(rng: Generator) -> Frames:
    """A tilt and two bells, `(1, bands)` in dB."""
    place = np.linspace(-0.5, 0.5, BANDS)
    curve = place * rng.uniform(-TILT_DB, TILT_DB)
    for _ in range(2):
        centre, width = rng.uniform(-0.5, 0.5), rng.uniform(0.03, 0.25)
        curve += rng.uniform(-BELL_DB, BELL_DB) * np.exp(-np.square((place - centre) / width))
    return curve.astype(np.float32)[None]


def _limits(rng: Generator) -> Frames:
    """What a codec, an old sampler or a high-pass leaves out, `(1, bands)` in dB."""
    curve = np.zeros(BANDS, np.float32)
    if rng.random() < 0.7:
        curve[int(rng.integers(BANDS // 2, BANDS)) :] = _LIMIT_DB
    else:
        curve[: int(rng.integers(1, 5))] = _LIMIT_DB / 3
    return curve[None]


def _added(a: Frames, b: Frames) -> Frames:
    """The sum of two powers, in dB."""
    return np.asarray(np.logaddexp(a * np.float32(0.2302585), b * np.float32(0.2302585)) / np.float32(0.2302585))
