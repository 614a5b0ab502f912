"""What the engineer is asked about: noise that has notes, clicks, and how loud something is at each frequency."""

import numpy as np
from numpy.typing import NDArray

from wavemix.session.groups import GROUPS

RATE = 44_100

Samples = NDArray[np.float32]


def noise(shape: tuple[int, ...], seed: int = 0, gain: float = 0.1) -> Samples:
    """White, in notes of an eighth of a second, so that there are dynamics."""
    rng = np.random.default_rng(seed)
    notes = rng.uniform(0.05, 1, (*shape[:-1], shape[-1] // (RATE // 8) + 1))
    envelope = np.repeat(notes, RATE // 8, axis=-1)[..., : shape[-1]]
    return (gain * envelope * rng.standard_normal(shape)).astype(np.float32)


def slots_of(group: str, samples: int = RATE, seed: int = 0) -> Samples:
    """Something in each slot of a group, `(slots, samples)`, at about the level that tracks are brought to."""
    return noise((len(GROUPS[group].slots), samples), seed)


def click(at: int, samples: int = RATE, gain: float = 1e-3) -> Samples:
    """One sample in silence, `(1, samples)`, below every threshold."""
    block = np.zeros((1, samples), np.float32)
    block[0, at] = gain
    return block


def magnitude(impulse: Samples) -> NDArray[np.float64]:
    """Of the spectrum, at each multiple of the rate over the number of samples."""
    found: NDArray[np.float64] = np.abs(np.fft.rfft(impulse.astype(np.float64)))
    return found
