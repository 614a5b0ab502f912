"""Varying frames as recordings vary: speed and pitch, equalisers, dynamics, reverb, band limits, noise and bleed."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from wavemix.recognition.features import BANDS, Frames

SPEED_CHANCE, EQUALISER_CHANCE, LIMIT_CHANCE, NOISE_CHANCE, BLEED_CHANCE = 0.6, 0.8, 0.35, 0.5, 0.3
DYNAMICS_CHANCE, TAIL_CHANCE, GAP_CHANCE, MASK_CHANCE = 0.4, 0.25, 0.3, 0.3
FASTEST = 1.25
MOST_BANDS = 4.0
"""Bands by which a pitch is moved."""

TILT_DB, BELL_DB = 12.0, 9.0
NOISES_DB = (-75.0, -28.0)
BLEEDS_DB = (-42.0, -12.0)
RATIOS = (0.5, 1.4)
"""The slopes of a compressor and of an expander, between which one is drawn."""

TAILS_DB = (0.5, 6.0)
"""By how much a frame's reverberation is quieter than that of the frame before."""

WETS_DB = (-25.0, -3.0)
MOST_GAPS, LONGEST_GAP = 3, 24
"""Rests in a track, and the frames of the longest."""

WIDEST_MASK = 12
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
    if rng.random() < DYNAMICS_CHANCE:
        levels = frames.max(axis=1, keepdims=True)
        frames = frames + (levels - levels.max()) * np.float32(rng.uniform(*RATIOS) - 1)
    if rng.random() < TAIL_CHANCE:
        frames = _added(frames, _tail(frames, rng))
    loudest = frames.max()
    if rng.random() < BLEED_CHANCE:
        level = loudest - other.max() + np.float32(rng.uniform(*BLEEDS_DB))
        frames = _added(frames, other + level)
    if rng.random() < NOISE_CHANCE:
        floor = loudest + np.float32(rng.uniform(*NOISES_DB)) + np.linspace(0, rng.uniform(-20, 6), BANDS)
        frames = _added(frames, floor.astype(np.float32)[None])
    if rng.random() < LIMIT_CHANCE:
        frames = frames + _limits(rng)
    if rng.random() < GAP_CHANCE:
        frames = _with_gaps(frames, rng)
    if rng.random() < MASK_CHANCE:
        frames = frames + _mask(rng)
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


def _tail(frames: Frames, rng: Generator) -> Frames:
    """The reverberation of frames: each band fades by so many dB a frame, the high ones faster."""
    fade = (rng.uniform(*TAILS_DB) * np.linspace(1, rng.uniform(1, 3), BANDS)).astype(np.float32)
    tail = np.empty_like(frames)
    last = np.full(BANDS, frames.min(), np.float32)
    for at, frame in enumerate(frames):
        tail[at] = last = np.maximum(frame, last - fade)
    return tail + np.float32(rng.uniform(*WETS_DB))


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


def _with_gaps(frames: Frames, rng: Generator) -> Frames:
    """Rests: at some places nothing is played."""
    frames = frames.copy()
    for _ in range(int(rng.integers(1, MOST_GAPS + 1))):
        start = int(rng.integers(len(frames)))
        frames[start : start + int(rng.integers(1, LONGEST_GAP + 1))] = frames.min()
    return frames


def _mask(rng: Generator) -> Frames:
    """Neighbouring bands that are not heard, so that none decides alone, `(1, bands)` in dB (Park et al. 2019)."""
    curve = np.zeros(BANDS, np.float32)
    start = int(rng.integers(BANDS))
    curve[start : start + int(rng.integers(1, WIDEST_MASK + 1))] = _LIMIT_DB
    return curve[None]


def _added(a: Frames, b: Frames) -> Frames:
    """The sum of two powers, in dB."""
    return np.asarray(np.logaddexp(a * np.float32(0.2302585), b * np.float32(0.2302585)) / np.float32(0.2302585))
