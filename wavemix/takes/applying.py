"""What was decided about tracks, done to their samples as they are read."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.files import AudioInfo
from wavemix.audio.reading import Block
from wavemix.audio.reworked import Reworked
from wavemix.errors import WavemixError
from wavemix.session.care import Place
from wavemix.takes.lowering import Lowering
from wavemix.takes.parts import PartOfASample

Wave = NDArray[np.float32]
"""`(samples,)`."""


@dataclass(frozen=True)
class Treatment:
    """What is done to a channel.

    Attributes:
        later_samples: By how much it is moved later; earlier if below 0. Parts of a sample are interpolated.
        polarity: 1, or -1 to turn it over.
        places: What is lowered before that.
    """

    later_samples: float = 0
    polarity: int = 1
    places: tuple[Place, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.later_samples or self.polarity != 1 or self.places)


def treated(open_file: Callable[[], AudioInfo], treatments: Sequence[Treatment | None]) -> Callable[[], AudioInfo]:
    """What opens a file whose channels are treated.

    Args:
        open_file: Opens it.
        treatments: For each channel; one alone is for all of them.

    Raises:
        WavemixError: When it is opened, if it is to be moved earlier than its end.
    """
    return partial(_open, open_file, [treatment or Treatment() for treatment in treatments])


def _open(open_file: Callable[[], AudioInfo], treatments: Sequence[Treatment]) -> AudioInfo:
    info = open_file()
    by_channel = list(treatments) * info.channels if len(treatments) == 1 else list(treatments)
    by_channel += [Treatment()] * (info.channels - len(by_channel))
    frames = info.frames + max(math.ceil(treatment.later_samples) for treatment in by_channel)
    if frames < 1:
        raise WavemixError(f"{info.path}: ends before it begins by its `align`; correct session.yaml.")
    header = AudioInfo(info.path, info.rate, info.channels, frames, info.stamp, info.head)
    return Reworked(
        **vars(header), source=info, rework=partial(_rework, treatments=by_channel, frames=frames, rate=info.rate)
    )


def _rework(blocks: Iterator[Block], treatments: Sequence[Treatment], frames: int, rate: int) -> Iterator[Block]:
    """The blocks of a file, treated; `frames` samples in all."""
    channels = [_Channel(treatment, rate) for treatment in treatments]
    given = 0
    for block in blocks:
        for channel, wave in zip(channels, block, strict=True):
            channel.take(wave)
        ready = min(frames - given, *(len(channel.waiting) for channel in channels))
        if ready:
            yield np.stack([channel.give(ready) for channel in channels])
            given += ready
    for channel in channels:
        channel.take(np.zeros(0, np.float32), last=True)
    if given < frames:
        yield np.stack([channel.give(frames - given) for channel in channels])


class _Channel:
    """A channel on its way.

    Attributes:
        waiting: The samples that are ready.
    """

    def __init__(self, treatment: Treatment, rate: int) -> None:
        self._polarity = np.float32(treatment.polarity)
        self._lower = Lowering(treatment.places, rate) if treatment.places else None
        whole = math.floor(treatment.later_samples)
        self._between = PartOfASample(treatment.later_samples - whole) if treatment.later_samples != whole else None
        self._skipped = max(0, -whole)
        self.waiting = np.zeros(max(0, whole), np.float32)

    def take(self, wave: Wave, last: bool = False) -> None:
        """Take the next samples."""
        if self._lower:
            wave = self._lower(wave, last)
        if self._between:
            wave = self._between(wave, last)
        left_out = min(self._skipped, len(wave))
        self._skipped -= left_out
        self.waiting = np.concatenate([self.waiting, self._polarity * wave[left_out:]])

    def give(self, samples: int) -> Wave:
        """So many of those that are ready, and silence once the channel has ended."""
        given, self.waiting = self.waiting[:samples], self.waiting[samples:]
        return np.pad(given, (0, samples - len(given)))
