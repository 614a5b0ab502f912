"""What becomes of a stereo mix where it is played in mono."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.bands import BANDS, BandProducts
from wavemix.dsp.loudness import LoudnessMeter

STEREO = 2
"""Channels of a mix."""

SILENT_POWER = 1e-12
"""Share of a mix's power below which a band of it, or what mono leaves of one, is silence: 120 dB."""


@dataclass(frozen=True)
class MonoLoss:
    """How much quieter a mix is in mono, the mean of its channels on both loudspeakers, than in stereo.

    Attributes:
        loudness_lu: Integrated loudness that is lost, in LU; NaN where either has none.
        bands_db: Power that is lost in each of `BANDS`, in dB; NaN where the band is silent, infinite where mono is.
    """

    loudness_lu: float
    bands_db: Mapping[str, float]


class MonoMeter:
    """Measures a stereo signal that arrives block by block.

    Args:
        rate: In Hz.

    What is the same on both sides stays as loud, what is independent loses half its power:

    >>> sides = np.random.default_rng(0).standard_normal((2, 48_000))
    >>> meter = MonoMeter(48_000)
    >>> meter.update(sides)
    >>> round(meter.read().loudness_lu)
    3
    """

    def __init__(self, rate: int) -> None:
        self._stereo, self._mono = LoudnessMeter(rate, STEREO), LoudnessMeter(rate, STEREO)
        self._products = BandProducts(rate, STEREO)

    def update(self, block: NDArray[np.floating[Any]]) -> None:
        """Take the signal's next samples, `(2, samples)`."""
        self._stereo.update(block)
        self._mono.update(np.broadcast_to(block.mean(axis=0), block.shape))
        self._products.update(block)

    def read(self) -> MonoLoss:
        """What mono loses of all so far."""
        lost = self._stereo.integrated_lufs() - self._mono.integrated_lufs()
        products = self._products.read()
        stereo = products[:, 0, 0] + products[:, 1, 1]
        mono = (stereo + 2 * products[:, 0, 1]) / 2  # on both loudspeakers
        floor = SILENT_POWER * stereo.sum()
        bands = {name: _loss_db(before, after, floor) for name, before, after in zip(BANDS, stereo, mono, strict=True)}
        return MonoLoss(lost, bands)


def _loss_db(stereo: float, mono: float, floor: float) -> float:
    if stereo <= floor:
        return math.nan
    return 10 * math.log10(stereo / mono) if mono > floor else math.inf
