"""Width for what stands in the middle: a side signal of a few milliseconds, and nothing else."""

from functools import cache

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from wavemix.audio.rate import SAMPLE_RATE

PULSES = ((4, 0.64), (5, 0.48), (6, 0.45), (12, 0.22), (40, 0.68), (51, 1.0), (85, -0.66), (108, 0.63))
"""Distance in samples at 44.1 kHz, and sign and size, of each pulse after the middle; before it they are mirrored.

A Wave-U-Net delays all frequencies by no more than some 200 samples, and these are within half of that. Chosen by a
random search for the smoothest spectrum: in thirds of an octave from 80 Hz to 16 kHz within 4 dB of their mean.
"""


@cache
def response(rate: int) -> NDArray[np.float32]:
    """The impulse response from mid to side, `(samples,)`, of unit energy, its middle at time 0.

    Sparse pulses decorrelate without colouring (velvet noise: Schlecht, Alary, Välimäki & Habets 2018, DAFx). These are
    odd around the middle, so that their spectrum is imaginary, and nothing at 0 Hz: mid plus side and mid minus side
    differ in phase only. Left and right are equally loud at each frequency, their sum is what it was, and the lowest
    bass stays in the middle (7 dB less at 40 Hz, 13 dB at 20 Hz).
    """
    reach = round(PULSES[-1][0] * rate / SAMPLE_RATE)
    pulses = np.zeros(2 * reach + 1)
    for distance, size in PULSES:
        offset = round(distance * rate / SAMPLE_RATE)
        pulses[reach + offset] += size
        pulses[reach - offset] -= size
    out: NDArray[np.float32] = (pulses / np.linalg.norm(pulses)).astype(np.float32)
    return out


def widen(send: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """The side signal of a mono send, `(1, samples)`, as `(2, samples)`: opposite on left and right."""
    pulses = response(rate)
    wet = scipy.signal.oaconvolve(send, pulses[None], axes=1)[:, len(pulses) // 2 :][:, : send.shape[1]]
    out: NDArray[np.float32] = np.concatenate([wet, -wet]).astype(np.float32)
    return out
