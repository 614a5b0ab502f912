"""Mains hum: its frequency where nothing else sounds, and what takes it out there.

Hum is the mains' frequency, within 0.5 Hz of 50 or 60, and multiples of it. It is taken out by subtracting, frame by
frame, the sum of sines of these frequencies that is nearest to the samples (least squares, windowed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from wavemix.session.care import Place

Wave = NDArray[np.float64]

MAINS_HZ = (50.0, 60.0)
APART_HZ = 0.5
HARMONICS = 12
CLEAR_DB = 12.0
"""How far harmonics stand out of their surroundings where there is hum, on average of the four clearest."""

AUDIBLE_POWER = 1e-9  # -90 dBFS
MORE_THAN_BESIDE = 4.0
UNEVEN = 5.0
"""Factor within which a track's hum has its mean power."""

FRAME_SECONDS = 0.2
WINDOW_SECONDS = 0.75
REMOVED_DB = -20.0


@dataclass(frozen=True)
class Hum:
    """A track's hum.

    Attributes:
        hz: Its fundamental.
        power: Its mean square.
    """

    hz: float
    power: float


class HumMeter:
    """Finds hum in stretches of a track in which nothing else is loud.

    Args:
        rate: In Hz.
    """

    def __init__(self, rate: int) -> None:
        self._rate, self._size = rate, round(WINDOW_SECONDS * rate)
        self._window = np.hanning(self._size)
        self._fft = scipy.fft.next_fast_len(4 * self._size, real=True)
        self._hz = np.arange(self._fft // 2 + 1) * rate / self._fft
        self._kept = self._hz < (HARMONICS + 1) * MAINS_HZ[1]
        self._sum, self._count = np.zeros(int(self._kept.sum())), 0

    @property
    def samples(self) -> int:
        """Length of a stretch."""
        return self._size

    def update(self, wave: Wave) -> None:
        """Hear a stretch, `(samples,)`."""
        power = np.abs(scipy.fft.rfft(wave * self._window, self._fft)[self._kept]) ** 2
        self._sum += 10 * np.log10(power + 1e-12)  # a mean of logarithms: a loud stretch does not outweigh the others
        self._count += 1

    def hum(self) -> Hum | None:
        """The hum, its fundamental to 0.01 Hz; None where there is none."""
        if not self._count:
            return None
        level, hz = self._sum / self._count, self._hz[self._kept]
        tried = [mains + apart for mains in MAINS_HZ for apart in np.arange(-APART_HZ, APART_HZ + 0.005, 0.01)]
        harmonics = np.outer(tried, np.arange(1, HARMONICS + 1))
        around = np.median(_neighbours(level, hz, harmonics), axis=0)
        standing = np.interp(harmonics, hz, level) - around
        clearest = np.sort(standing, axis=1)[:, -4:].mean(axis=1)
        best = int(np.argmax(clearest))
        strong = np.count_nonzero(standing[best] > CLEAR_DB)
        if clearest[best] < CLEAR_DB or strong < 2:
            return None
        power = 2 * 10 ** (np.interp(harmonics[best], hz, level) / 10) / self._window.sum() ** 2
        return Hum(round(float(tried[best]), 3), float(power[standing[best] > CLEAR_DB].sum()))


def _neighbours(level: Wave, hz: Wave, harmonics: Wave) -> Wave:
    """Levels 8 to 20 Hz beside each harmonic."""
    away = np.concatenate([np.arange(-20.0, -7.0, 2.0), np.arange(8.0, 21.0, 2.0)])
    return np.stack([np.interp(harmonics + apart, hz, level) for apart in away])


@lru_cache(maxsize=8)
def _sines(hz: float, rate: int, beside: float = 0.0) -> tuple[Wave, Wave]:
    """Sines and cosines of the harmonics over a frame, and what fits them to a windowed one.

    `beside` lowers them all by a part of the fundamental.
    """
    time = np.arange(frame_length(rate)) / rate
    phase = 2 * np.pi * np.outer(time, hz * (np.arange(1, HARMONICS + 1) - beside))
    basis = np.concatenate([np.sin(phase), np.cos(phase)], axis=1)
    fit: Wave = np.linalg.pinv(basis * hum_window(rate)[:, np.newaxis]).astype(np.float64)
    return basis, fit


def is_hum(frame: Wave, hum: Hum, rate: int) -> bool:
    """Whether a frame hums, and nothing else sounds there that would be taken for hum."""
    power, beside = (np.square(hum_in(frame, hum.hz, rate, part)).mean() for part in (0.0, 0.5))
    likely = hum.power / UNEVEN < power < hum.power * UNEVEN
    return bool(likely and power > max(AUDIBLE_POWER, MORE_THAN_BESIDE * beside))


def hum_in(wave: Wave, hz: float, rate: int, beside: float = 0.0) -> Wave:
    """What of a frame is hum, `(samples,)`; the frame is as long as `frame_length` says."""
    basis, fit = _sines(hz, rate, beside)
    hum: Wave = basis @ (fit @ (wave * hum_window(rate)))
    return hum


def frame_length(rate: int) -> int:
    """Samples of a frame in which hum is fitted."""
    return 2 * round(FRAME_SECONDS * rate / 2)


def hum_frames(places: Sequence[Place], rate: int) -> list[tuple[int, Place]]:
    """Where the frames begin that lie within places of hum, each half a frame after the one before."""
    size = frame_length(rate)
    return sorted(
        (
            (start, place)
            for place in places
            if place.kind == "hum"
            for start in range(round(place.start_seconds * rate), round(place.end_seconds * rate) - size + 1, size // 2)
        ),
        key=lambda frame: frame[0],
    )


def hum_window(rate: int) -> Wave:
    """How much of what is fitted in a frame is taken out, `(samples,)`; neighbouring frames add up to 1."""
    size = frame_length(rate)
    window: Wave = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    return window
