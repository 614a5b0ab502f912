"""What the meters share: decibels and back, and the contract of a block of samples."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_GAIN_DB = 120.0
"""Beyond it lies a mistake: the noise of 24 bits at full scale is not so far below it."""


def db_to_gain(level_db: float) -> float:
    """Amplitude ratio that a level in dB stands for.

    >>> db_to_gain(-20.0)
    0.1
    """
    return math.pow(10.0, level_db / 20.0)


def gain_to_db(gain: float) -> float:
    """Level in dB of an amplitude ratio, which must not be negative; -inf for 0.

    >>> gain_to_db(0.1)
    -20.0
    >>> gain_to_db(0.0)
    -inf
    """
    return 20.0 * math.log10(gain) if gain > 0.0 else -math.inf


def check_gain_db(gain_db: float) -> None:
    """Refuse a gain that nobody can mean.

    Raises:
        ValueError: If it is not finite or beyond ±120 dB.
    """
    if not abs(gain_db) <= MAX_GAIN_DB:  # NaN too
        raise ValueError(f"a gain must lie between -{MAX_GAIN_DB:g} and {MAX_GAIN_DB:g} dB, got {gain_db}")


def gain_to_loudness(measured_lufs: float, wanted_lufs: float | None) -> float:
    """Amplitude ratio that brings a signal to a loudness; 1 where none is wanted, or the signal has none.

    >>> round(gain_to_loudness(-20.0, -14.0), 3)
    1.995
    >>> gain_to_loudness(-math.inf, -14.0)
    1.0
    """
    if wanted_lufs is None or not math.isfinite(measured_lufs):
        return 1.0
    return db_to_gain(wanted_lufs - measured_lufs)


def as_block(block: NDArray[np.floating[Any]], channels: int) -> NDArray[np.float64]:
    """A block of samples in double precision, once it is known to be what a meter expects.

    Args:
        block: Floating-point samples, full scale ±1, of shape `(channels, samples)`; `samples` may be 0.
        channels: The number of channels that the meter was made for.

    Raises:
        ValueError: If the block is not floating-point, has another shape or a sample that is not finite.
    """
    if not np.issubdtype(block.dtype, np.floating):
        raise ValueError(f"a block must be floating-point, full scale ±1, not {block.dtype}")
    if block.ndim != 2 or block.shape[0] != channels:
        raise ValueError(f"a block must have the shape ({channels}, samples), not {block.shape}")
    if not np.isfinite(block).all():
        raise ValueError("a block must not hold NaN or infinite samples")
    return block.astype(np.float64, copy=False)
