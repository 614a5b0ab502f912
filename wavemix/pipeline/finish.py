"""From a spool at the models' rate to a measured, levelled file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wavemix.audio.reading import Block, Resampler
from wavemix.audio.spool import Spool
from wavemix.audio.writing import AudioWriter
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.dsp.true_peak import TruePeakMeter
from wavemix.pipeline.delivery import Delivery, Gain
from wavemix.pipeline.progress import Progress

BLOCK_SAMPLES = 65_536


@dataclass(frozen=True)
class Signal:
    """What a model gave, seen at the rate of the output.

    Attributes:
        spool: The samples at the models' rate.
        spool_rate: That rate in Hz.
        samples: Length of the song at that rate.
        rate: Rate in Hz of the output.
        out_samples: Length of the song at the output's rate.
    """

    spool: Spool
    spool_rate: int
    samples: int
    rate: int
    out_samples: int

    def blocks(self) -> Iterator[Block]:
        """The samples at the output's rate, `(channels, samples)`, `out_samples` in all."""
        self.spool.rewind()
        resample = Resampler(self.spool_rate, self.rate, self.spool.channels)
        written = 0
        for start in range(0, self.samples, BLOCK_SAMPLES):
            count = min(BLOCK_SAMPLES, self.samples - start)
            block = resample(self.spool.read(count), last=start + count == self.samples)
            block = block[:, : self.out_samples - written]
            written += block.shape[1]
            yield block
        if written < self.out_samples:  # the last sample, where the two rates round differently
            yield np.zeros((self.spool.channels, self.out_samples - written), np.float32)


@dataclass(frozen=True)
class Measures:
    """Levels of a signal: LUFS (-inf for silence), LU (NaN if it has none) and dBTP (-inf for silence)."""

    loudness_lufs: float
    loudness_range_lu: float
    true_peak_dbtp: float


class Meters:
    """The meters of one signal, fed together."""

    def __init__(self, rate: int, channels: int) -> None:
        self._loudness = LoudnessMeter(rate, channels)
        self._peak = TruePeakMeter(rate, channels)

    def update(self, block: Block) -> None:
        """The signal's next samples, `(channels, samples)`."""
        self._loudness.update(block)
        self._peak.update(block)

    def read(self) -> Measures:
        """The levels of all so far."""
        return Measures(self._loudness.integrated_lufs(), self._loudness.loudness_range_lu(), self._peak.dbtp())


def measure(signal: Signal, progress: Progress) -> Measures:
    """Measure a signal as it would be written without gain."""
    meters = Meters(signal.rate, signal.spool.channels)
    for block in signal.blocks():
        meters.update(block)
        progress.advance(block.shape[1])
    return meters.read()


def write(
    signal: Signal, path: Path, delivery: Delivery, gain: Gain, measured: Measures, progress: Progress
) -> Measures:
    """Write a signal with a gain; returns the measures of what was written.

    Raises:
        OSError: If the disk does not take it.
    """
    meters = Meters(signal.rate, signal.spool.channels) if gain.db else None
    path.parent.mkdir(exist_ok=True)
    with AudioWriter(
        path, signal.rate, signal.spool.channels, signal.out_samples, delivery.format, delivery.bits
    ) as file:
        for block in signal.blocks():
            if meters is not None:
                block = block * np.float32(gain.factor)
                meters.update(block)
            file.write(block)
            progress.advance(block.shape[1])
    return measured if meters is None else meters.read()
