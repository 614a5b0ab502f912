"""The levels at which a network expects what it reads, and the gains that bring tracks there."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.levels import MAX_GAIN_DB, db_to_gain, gain_to_loudness
from wavemix.dsp.loudness import LoudnessMeter

Block = NDArray[np.float32]
"""Samples as `(channels, samples)`."""

REACH_LU = 20.0
"""A track further below the loudest of its group is raised as if it were not so far: it may be bleed or noise."""


@dataclass(frozen=True)
class Level:
    """How loud one side of a track is.

    Attributes:
        loudness_lufs: Integrated; -inf for silence, and for what is too short or faint to have one.
        peak: Largest magnitude of its samples.
    """

    loudness_lufs: float
    peak: float


SILENT = Level(-math.inf, 0.0)
"""The level of silence."""


class LevelMeter:
    """Measures the level of a signal that arrives block by block, however it is cut into blocks.

    Args:
        rate: In Hz.
        channels: 1 or 2.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._loudness = LoudnessMeter(rate, channels)
        self._peak = 0.0

    def update(self, block: Block) -> None:
        """The signal's next samples, `(channels, samples)`."""
        self._loudness.update(block)
        self._peak = max(self._peak, float(np.abs(block).max(initial=0.0)))

    def read(self) -> Level:
        """The level of all so far."""
        return Level(self._loudness.integrated_lufs(), self._peak)


def level_of(blocks: Iterable[Block], rate: int) -> Level:
    """The level of a signal, block by block, `(channels, samples)` each, at a rate in Hz."""
    meter: LevelMeter | None = None
    for block in blocks:
        meter = meter or LevelMeter(rate, len(block))
        meter.update(block)
    return meter.read() if meter else SILENT


@dataclass(frozen=True)
class InputLevels:
    """What the inputs of a network are brought to; None leaves them as they come.

    Attributes:
        loudness_lufs: Integrated loudness of each input.
        peak_dbfs: Highest sample of each input, which may keep it below that loudness.
        sum_loudness_lufs: Integrated loudness of the sum of all inputs, by one gain for all.

    Raises:
        ValueError: If one is not finite, or more than `MAX_GAIN_DB` away from full scale.

    Where there is a peak, a track that is far below the loudest of its group is not raised all the way (`REACH_LU`).
    """

    loudness_lufs: float | None = None
    peak_dbfs: float | None = None
    sum_loudness_lufs: float | None = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value is not None and not -MAX_GAIN_DB <= value <= MAX_GAIN_DB:
                raise ValueError(f"{name} must be -{MAX_GAIN_DB:g} to {MAX_GAIN_DB:g}, got {value}")

    def gains(self, levels: Sequence[Level]) -> list[float]:
        """Factors for the tracks of one group, which are heard together; 1 for silence.

        The second is held down by its peak, the third, which may be noise, by the loudest:

        >>> levels = InputLevels(loudness_lufs=-25.0, peak_dbfs=-14.0)
        >>> gains = levels.gains([Level(-20.0, 0.2), Level(-30.0, 0.5), Level(-65.0, 1e-4)])
        >>> [round(20 * math.log10(gain), 1) for gain in gains]
        [-5.0, -8.0, 15.0]
        """
        loudest = max((level.loudness_lufs for level in levels), default=-math.inf)
        return [self._gain(level, loudest) for level in levels]

    def stem_gains(self, stems: Sequence[Callable[[], Iterable[Block]]], rate: int) -> list[float]:
        """Factors for the stems of one song: each's own, by `gains`, times the one that their sum needs; 1 for silence.

        Args:
            stems: Each gives, whenever it is called, its blocks from the start, `(channels, samples)`; all alike cut.
            rate: In Hz.
        """
        gains = [1.0] * len(stems)
        if self.of_each:
            gains = self.gains([level_of(stem(), rate) for stem in stems])
        if self.sum_loudness_lufs is None:
            return gains
        summed = (_sum(pieces, gains) for pieces in zip(*(stem() for stem in stems), strict=True))
        common = gain_to_loudness(level_of(summed, rate).loudness_lufs, self.sum_loudness_lufs)
        return [gain * common for gain in gains]

    def describe(self) -> str:
        """The levels in words.

        >>> InputLevels().describe()
        'any'
        >>> InputLevels(loudness_lufs=-25.0, peak_dbfs=-14.0).describe()
        '-25 LUFS, no sample above -14 dBFS'
        >>> InputLevels(sum_loudness_lufs=-20.0).describe()
        'their sum at -20 LUFS'
        """
        words = ["{:g} LUFS", "no sample above {:g} dBFS", "their sum at {:g} LUFS"]
        values = (self.loudness_lufs, self.peak_dbfs, self.sum_loudness_lufs)
        asked = [word.format(value) for word, value in zip(words, values, strict=True) if value is not None]
        return ", ".join(asked) or "any"

    @property
    def of_each(self) -> bool:
        """Whether the level of each input is asked for."""
        return self.loudness_lufs is not None or self.peak_dbfs is not None

    def _gain(self, level: Level, loudest_lufs: float) -> float:
        heard_lufs = level.loudness_lufs
        if self.peak_dbfs is not None:
            heard_lufs = max(heard_lufs, loudest_lufs - REACH_LU)
        gain = gain_to_loudness(heard_lufs, self.loudness_lufs)
        if self.peak_dbfs is not None and level.peak * gain > db_to_gain(self.peak_dbfs):
            gain = db_to_gain(self.peak_dbfs) / level.peak
        return gain


def _sum(pieces: Sequence[Block], gains: Sequence[float]) -> Block:
    summed: Block = np.sum([piece * np.float32(gain) for piece, gain in zip(pieces, gains, strict=True)], axis=0)
    return summed


AS_THEY_COME = InputLevels()
"""No level is asked for."""
