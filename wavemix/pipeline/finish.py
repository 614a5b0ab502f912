"""From spools at the models' rate to a measured, levelled file."""

from collections.abc import Iterator, Sequence
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
from wavemix.session.groups import STEREO

BLOCK_SAMPLES = 65_536


@dataclass(frozen=True)
class Layer:
    """Samples, two channels at the models' rate, and the factor by which they are heard."""

    spool: Spool
    gain: float


@dataclass(frozen=True)
class Signal:
    """What is to be written, seen at the rate of the output.

    Attributes:
        layers: What it is the sum of.
        spool_rate: That rate in Hz.
        samples: Length of the song at that rate.
        rate: Rate in Hz of the output.
        out_samples: Length of the song at the output's rate.
    """

    layers: Sequence[Layer]
    spool_rate: int
    samples: int
    rate: int
    out_samples: int

    def blocks(self) -> Iterator[Block]:
        """The samples at the output's rate, `(2, samples)`, `out_samples` in all."""
        resample = Resampler(self.spool_rate, self.rate, STEREO)
        taken = written = 0
        for summed in self._summed():
            taken += summed.shape[1]
            block = resample(summed, last=taken == self.samples)
            block = block[:, : self.out_samples - written]
            written += block.shape[1]
            yield block
        if written < self.out_samples:  # the last sample, where the two rates round differently
            yield np.zeros((STEREO, self.out_samples - written), np.float32)

    def _summed(self) -> Iterator[Block]:
        """The layers' sum, at their own rate."""
        streams = [layer.spool.blocks(self.samples, BLOCK_SAMPLES) for layer in self.layers]
        for pieces in zip(*streams, strict=True):
            summed = pieces[0] * np.float32(self.layers[0].gain)
            for piece, layer in zip(pieces[1:], self.layers[1:], strict=True):
                summed += piece * np.float32(layer.gain)
            yield summed


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
    meters = Meters(signal.rate, STEREO)
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
    meters = Meters(signal.rate, STEREO) if gain.db else None
    path.parent.mkdir(exist_ok=True)
    with AudioWriter(path, signal.rate, STEREO, signal.out_samples, delivery.format, delivery.bits) as file:
        for block in signal.blocks():
            if meters is not None:
                block = block * np.float32(gain.factor)
                meters.update(block)
            file.write(block)
            progress.advance(block.shape[1])
    return measured if meters is None else meters.read()
