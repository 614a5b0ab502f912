"""From samples at the models' rate to measured mixes and stems at the output's rate and level."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import torch

from wavemix.audio.reading import Block, Resampler
from wavemix.crew import Crew
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.dsp.true_peak import TruePeakMeter
from wavemix.metrics.mono import MonoLoss, MonoMeter
from wavemix.pipeline.delivery import Delivery, Gain, mix_gain, stems_gain
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.system.progress import Attentive, Progress
from wavemix.system.road import Layer

BLOCK_SAMPLES = 65_536

Written = TypeVar("Written")


@dataclass(frozen=True)
class Signal:
    """A mix or a stem, seen at the rate of the output.

    Attributes:
        layers: What it is the sum of, of one song, at the models' rate.
        model_rate: That rate in Hz.
        samples: Length of the song at that rate.
        rate: Rate in Hz of the output.
        out_samples: Length of the song at the output's rate.
    """

    layers: Sequence[Layer]
    model_rate: int
    samples: int
    rate: int
    out_samples: int

    def blocks(self) -> Iterator[Block]:
        """The samples at the output's rate, `(2, samples)`, `out_samples` in all."""
        resample = Resampler(self.model_rate, self.rate, STEREO)
        taken = written = 0
        for summed in self._summed():
            taken += summed.shape[1]
            block = resample(summed, last=taken == self.samples)
            block = block[:, : self.out_samples - written]
            written += block.shape[1]
            yield block
        if written < self.out_samples:  # the last sample, where the two rates round differently
            yield np.zeros((STEREO, self.out_samples - written), np.float32)

    @contextmanager
    def reading(self) -> Iterator[Callable[[int], Block]]:
        """What gives the next so many samples at the models' rate, `(2, samples)`; zeros after the end."""
        with ExitStack() as opened:
            streams = [(opened.enter_context(layer.stage.reading()), layer.gain) for layer in self.layers]

            def read(count: int) -> Block:
                pieces = [read(count)[0].cpu().numpy() * np.float32(gain) for read, gain in streams]
                summed: Block = pieces[0]
                for piece in pieces[1:]:
                    summed += piece
                return summed

            yield read

    def _summed(self) -> Iterator[Block]:
        """The layers' sum, at their own rate."""
        with self.reading() as read:
            for start in range(0, self.samples, BLOCK_SAMPLES):
                yield read(min(BLOCK_SAMPLES, self.samples - start))


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


def measure(signal: Signal, progress: Progress, mono: MonoMeter | None = None) -> Measures:
    """Measure a signal as it would be written without gain, and let a second meter hear it too."""
    meters = Meters(signal.rate, STEREO)
    for block in signal.blocks():
        meters.update(block)
        if mono is not None:
            mono.update(block)
        progress.advance(block.shape[1])
    return meters.read()


def deliver(
    signal: Signal, gain: Gain, measured: Measures, take: Callable[[Block], None], progress: Progress
) -> Measures:
    """Give away a signal with a gain, block by block; returns the measures of what was given.

    Raises:
        OSError: If `take` does.
    """
    meters = Meters(signal.rate, STEREO) if gain.db else None
    for block in signal.blocks():
        if meters is not None:
            block = block * np.float32(gain.factor)
            meters.update(block)
        take(block)
        progress.advance(block.shape[1])
    return measured if meters is None else meters.read()


class Finished(NamedTuple, Generic[Written]):
    """What came of a song.

    Attributes:
        outputs: What was said of the mix and the stems as they were written, the mix first.
        mono: What the mix loses in mono.
    """

    outputs: list[Written]
    mono: MonoLoss


def finish(
    signals: Mapping[str, Signal],
    delivery: Delivery,
    write: Callable[[str, Gain, Measures, Progress], Written],
    progress: Progress,
) -> Finished[Written]:
    """Measure a mix and, if they are wanted, its stems, choose their gains and write them, several at a time.

    Args:
        signals: By name; the mix first.
        delivery: Whether stems are wanted, and the levels.
        write: Writes the signal of that name, and tells how far it has come.
        progress: Told of both steps.
    """
    names = [MIX, *GROUPS] if delivery.stems else [MIX]
    total = sum(signals[name].out_samples for name in names)
    with Crew(torch.get_num_threads()) as crew:
        attentive = Attentive(progress, crew)
        progress.stage("measure", total)
        mono = MonoMeter(signals[MIX].rate)
        levels = crew.map(lambda name: measure(signals[name], attentive, mono if name == MIX else None), names)
        measured = dict(zip(names, levels, strict=True))
        gains = {MIX: mix_gain(delivery, measured[MIX].loudness_lufs, measured[MIX].true_peak_dbtp)}
        if delivery.stems:
            gain = stems_gain(delivery, [measured[group].true_peak_dbtp for group in GROUPS])
            gains |= dict.fromkeys(GROUPS, gain)
        progress.stage("write", total)
        outputs = list(crew.map(lambda name: write(name, gains[name], measured[name], attentive), names))
    return Finished(outputs, mono.read())
