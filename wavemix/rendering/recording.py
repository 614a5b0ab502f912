"""Dry tracks as a session has them: at the level of some preamplifier, with its noise, now and then in a room."""

from dataclasses import dataclass

import numpy as np
import scipy.signal

from wavemix.dsp.levels import db_to_gain
from wavemix.rendering.sounds import Samples

PEAKS_DBFS = (-24.0, -2.0)
"""Between these a raw track's peak lies."""

NOISES_DBFS = (-90.0, -68.0)
"""RMS of the noise floor."""

ROOMS_DB = (-24.0, -12.0)
"""Level of the room, relative to the track, where there is one."""

ROOM_CHANCE = 0.4
"""Chance that a track that was not recorded by wire has a room."""

_STEPS = 2.0**15  # the raw tracks hold 16 bits


@dataclass(frozen=True)
class Recording:
    """How a track was recorded.

    Attributes:
        peak_dbfs: Its peak, noise aside.
        noise_dbfs: RMS of the noise floor.
        room: Impulse response of the room; empty for none.
        room_db: Its level relative to the track.
    """

    peak_dbfs: float
    noise_dbfs: float
    room: str = ""
    room_db: float = 0.0


def choose_recording(rng: np.random.Generator, rooms: list[str]) -> Recording:
    """A way to record a track.

    Args:
        rng: Where chance comes from.
        rooms: The impulse responses that there are; none for a track that comes by wire.
    """
    peak_dbfs, noise_dbfs = rng.uniform(*PEAKS_DBFS), rng.uniform(*NOISES_DBFS)
    if not rooms or rng.random() >= ROOM_CHANCE:
        return Recording(round(peak_dbfs, 1), round(noise_dbfs, 1))
    room = rooms[int(rng.integers(len(rooms)))]
    return Recording(round(peak_dbfs, 1), round(noise_dbfs, 1), room, round(rng.uniform(*ROOMS_DB), 1))


def record(dry: Samples, recording: Recording, response: Samples | None, rng: np.random.Generator) -> Samples:
    """Record a track: the very samples that are written, and that the engineer mixes.

    They lie on the grid of 16 bits; the noise floor dithers them.

    Args:
        dry: `(1, samples)`.
        recording: How.
        response: Impulse response of the recording's room, `(1, samples)`, of unit energy; None without a room.
        rng: Draws the noise.
    """
    block = dry
    if response is not None:
        wet = scipy.signal.oaconvolve(dry, response, axes=1)[:, : dry.shape[1]]
        block = dry + np.float32(db_to_gain(recording.room_db)) * wet.astype(np.float32)
    peak = float(np.abs(block).max(initial=0))
    gain = db_to_gain(recording.peak_dbfs) / peak if peak else 0.0
    noise = rng.standard_normal(block.shape, np.float32) * np.float32(db_to_gain(recording.noise_dbfs))
    return (np.rint((block * np.float32(gain) + noise) * _STEPS) / _STEPS).astype(np.float32)
