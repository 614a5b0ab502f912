"""When sounds arrive: a signal that is high where a track becomes louder than it just was.

What a close microphone and a distant one record of the same stroke differs in every partial, so that their waveforms
hardly correlate; but both become louder at the moment when the sound arrives. The function is the rise of the logarithm
of a short mean power over its highest value of the last 23 ms (the "log energy" onset function of Bello et al.,
"A tutorial on onset detection in music signals", 2005, at every sample, with the maximum in place of the last frame),
weighted a little by the power: a microphone's own drum counts more than what it overhears.
"""

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

Signal = NDArray[np.float64]

FAST_SAMPLES = 16
PAST_SAMPLES = 1024  # a power of two
FLOOR_POWER = 1e-10  # -100 dBFS of the difference: what lies below is no arrival
WEIGHT = 0.1

MEETING_SECONDS = 0.00025
"""Arrivals that are about so near meet."""

APART_SECONDS = 0.0025
"""Another peak is one that is so far away."""

CLEAR = 0.08
RIVAL = 0.5
"""A peak is as good as the highest if it has this part of its height."""


class Arrivals:
    """Finds arrivals in a stream of samples.

    The beginning of its noise, after silence, is none: it begins in all tracks of a session at once.
    """

    def __init__(self) -> None:
        self._tail = np.zeros(PAST_SAMPLES + 2 * FAST_SAMPLES + 1)
        self._begun, self._ignored = False, len(self._tail)

    def __call__(self, samples: Signal) -> Signal:
        """How much each of the next samples, `(samples,)`, is an arrival; 0 where it is none."""
        heard = np.concatenate([self._tail, samples])
        self._tail = heard[len(heard) - len(self._tail) :]
        summed = np.concatenate([[0.0], np.cumsum(np.square(np.diff(heard)))])
        power = np.maximum(summed[FAST_SAMPLES:] - summed[:-FAST_SAMPLES], 0.0) / FAST_SAMPLES + FLOOR_POWER
        rise = np.log(power[FAST_SAMPLES:] / trailing_maximum(power, PAST_SAMPLES)[:-FAST_SAMPLES])
        arrivals: Signal = np.maximum(rise, 0.0) * power[FAST_SAMPLES:] ** WEIGHT
        arrivals = arrivals[len(arrivals) - len(samples) :]
        sounding = np.flatnonzero(samples) if not self._begun else np.zeros(1, int)
        first = int(sounding[0]) if len(sounding) else len(samples)
        self._begun = self._begun or bool(len(sounding))
        end = min(len(samples), first + self._ignored)
        arrivals[:end] = 0.0
        self._ignored -= end - first
        return arrivals


def meetings(correlations: Signal, rate: int) -> Signal:
    """How nearly arrivals of two tracks meet, by lag, from their correlations, `(..., lags)`."""
    near: Signal = scipy.ndimage.gaussian_filter1d(correlations, MEETING_SECONDS * rate, axis=-1, mode="constant")
    return near


def first_peak(meeting: Signal, rate: int) -> int | None:
    """Where the direct sound arrives, `(lags,)`; None where no peak is clear, or more than two rival each other."""
    left, peaks, highest = meeting.copy(), [], float(meeting.max())
    apart = round(APART_SECONDS * rate)
    if highest < CLEAR:
        return None
    while left.max() >= RIVAL * highest:
        peaks.append(int(np.argmax(left)))
        left[max(0, peaks[-1] - apart) : peaks[-1] + apart + 1] = 0
    return min(peaks) if len(peaks) <= 2 else None


def trailing_maximum(signal: Signal, width: int) -> Signal:
    """The highest of the last `width` values, a power of two, at every value; fewer at the start.

    >>> trailing_maximum(np.array([1.0, 3.0, 2.0, 0.0, 1.0]), 2).tolist()
    [1.0, 3.0, 3.0, 2.0, 1.0]
    """
    highest, reach = signal, 1
    while reach < width:
        later = np.maximum(highest[reach:], highest[:-reach])
        highest = np.concatenate([highest[:reach], later])
        reach *= 2
    return highest
