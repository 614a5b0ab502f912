"""Levels of a finished signal: RMS, loudness and its range, true peak, crest factor."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.levels import gain_to_db
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.dsp.true_peak import TruePeakMeter

_BLOCK_SECONDS = 5  # the meters' work is some 100 bytes a sample
_STABLE_RANGE_SECONDS = 60.0  # EBU Tech 3342


@dataclass(frozen=True)
class Levels:
    """Levels of a signal.

    Attributes:
        rms_dbfs: 10 log10 of the mean square over all samples and channels, so that a sine at full scale reads
            -3.01 (AES17 would add 3.01); -inf for silence.
        integrated_lufs: ITU-R BS.1770-5; -inf where nothing is above its gate, or the signal shorter than 400 ms.
        range_lu: EBU Tech 3342; None where no window of 3 s is complete and audible. See `range_is_stable`.
        true_peak_dbtp: ITU-R BS.1770-5, Annex 2; -inf for silence.
        crest_db: Sample peak over RMS; NaN for silence.
        seconds: How long the signal is.
    """

    rms_dbfs: float
    integrated_lufs: float
    range_lu: float | None
    true_peak_dbtp: float
    crest_db: float
    seconds: float

    @property
    def range_is_stable(self) -> bool:
        """Whether the signal is long enough, 60 s, for its loudness range to be trusted."""
        return self.seconds >= _STABLE_RANGE_SECONDS


def measure_levels(audio: NDArray[np.floating[Any]], rate: int) -> Levels:
    """Measure a whole signal.

    Args:
        audio: Floating-point samples, full scale ±1, `(channels, samples)` of 1, 2 or 5 channels; may be empty.
        rate: In Hz, at least 8000.

    Raises:
        ValueError: If the samples or the rate are none that the meters take.

    >>> sine = np.sin(2 * np.pi * 997 / 48_000 * np.arange(48_000))
    >>> levels = measure_levels(np.stack([sine, sine]), 48_000)
    >>> round(levels.rms_dbfs, 2), round(levels.integrated_lufs, 2), levels.range_lu, round(levels.crest_db, 2)
    (-3.01, 0.0, None, 3.01)
    """
    channels, samples = audio.shape
    loudness, true_peak = LoudnessMeter(rate, channels), TruePeakMeter(rate, channels)
    energy = peak = 0.0
    for start in range(0, samples, _BLOCK_SECONDS * rate):
        block = audio[:, start : start + _BLOCK_SECONDS * rate]
        loudness.update(block)
        true_peak.update(block)
        energy += float(np.square(block, dtype=np.float64).sum())
        peak = max(peak, float(np.abs(block).max()))
    rms = math.sqrt(energy / audio.size) if audio.size else 0.0
    range_lu = loudness.loudness_range_lu()
    return Levels(
        rms_dbfs=gain_to_db(rms),
        integrated_lufs=loudness.integrated_lufs(),
        range_lu=None if math.isnan(range_lu) else range_lu,
        true_peak_dbtp=true_peak.dbtp(),
        crest_db=gain_to_db(peak / rms) if rms else math.nan,
        seconds=samples / rate,
    )
