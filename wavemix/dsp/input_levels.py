"""The levels at which a network expects what it reads, and the gains that bring tracks there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.levels import db_to_gain, gain_to_loudness
from wavemix.dsp.loudness import metered

REACH_LU = 20.0
"""A track further below the loudest of its group is raised as if it were not so far: it may be bleed or noise."""


@dataclass(frozen=True)
class Level:
    """How loud one side of a track is.

    Attributes:
        loudness_lufs: Integrated; -inf for silence, and for what is too short or faint to have one.
        peak: Of its samples, as an amplitude.
    """

    loudness_lufs: float
    peak: float

    @classmethod
    def of(cls, block: NDArray[np.float32], rate: int) -> Self:
        """The level of a block, `(channels, samples)`, at a rate in Hz."""
        return cls(metered(block, rate).integrated_lufs(), float(np.abs(block).max(initial=0.0)))


SILENT = Level(-math.inf, 0.0)
"""The level of silence."""


@dataclass(frozen=True)
class InputLevels:
    """What the inputs of a network are brought to; None leaves them as they come.

    Attributes:
        loudness_lufs: Integrated loudness of each input.
        peak_dbfs: Highest sample of each input, which may keep it below that loudness.
        sum_loudness_lufs: Integrated loudness of the sum of all inputs, by one gain for all.

    Where there is a peak, a track that is far below the loudest of its group is not raised all the way (`REACH_LU`).
    """

    loudness_lufs: float | None = None
    peak_dbfs: float | None = None
    sum_loudness_lufs: float | None = None

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

    def sum_gain(self, summed: NDArray[np.float32], rate: int) -> float:
        """The one factor for all inputs, of their sum, `(2, samples)`; 1 for silence."""
        if self.sum_loudness_lufs is None:
            return 1.0
        return gain_to_loudness(metered(summed, rate).integrated_lufs(), self.sum_loudness_lufs)

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


AS_THEY_COME = InputLevels()
"""No level is asked for."""
