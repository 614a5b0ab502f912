"""A sound that is changed on its way, sample by sample, as it is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.files import AudioInfo


@dataclass(frozen=True)
class Reworked(AudioInfo):
    """What the header of a file would say if it held the changed sound.

    Attributes:
        source: The sound as it is.
        rework: Changes it: takes its blocks from the first on, `(channels, samples)`, and gives those of the changed
            sound, `frames` samples in all.
    """

    source: AudioInfo = field(kw_only=True)
    rework: Callable[[Iterator[NDArray[np.float32]]], Iterator[NDArray[np.float32]]] = field(
        kw_only=True, repr=False, compare=False
    )


def original(info: AudioInfo) -> AudioInfo:
    """The sound as its file has it."""
    return info.source if isinstance(info, Reworked) else info
