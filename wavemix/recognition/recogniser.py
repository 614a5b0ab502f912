"""A network that hears what a raw track is, with what it must know of itself."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from wavemix.audio.arrays import checked_array
from wavemix.audio.files import AudioInfo
from wavemix.recognition.classes import CLASSES
from wavemix.recognition.config import RecogniserConfig
from wavemix.recognition.features import band_db, heard, segments
from wavemix.recognition.liveliest import liveliest
from wavemix.recognition.network import RecogniserNet
from wavemix.session.groups import GROUPS
from wavemix.session.hearing import Heard


class Recogniser(nn.Module):
    """Group and role of a raw track, from its sound.

    Attributes:
        net: The network; train this one.
        config: What it is.
        origin: Where its weights were read.
    """

    def __init__(self, net: RecogniserNet, config: RecogniserConfig, origin: str = "") -> None:
        super().__init__()
        self.net, self.config, self.origin = net, config, origin

    def forward(self, frames: Tensor) -> Tensor:
        """Probabilities of the classes (`wavemix.recognition.classes.CLASSES`).

        Shape:
            `(batch, segments, frames, bands)`, of `heard` frames, to `(batch, classes)`.
        """
        return torch.softmax(self.net(frames) / self.config.temperature, dim=-1)

    def listen(self, info: AudioInfo, channel: int | None = None) -> Heard | None:
        """What a file is, or one channel of it, from 1; None where it is too short or too quiet to tell.

        It reads at most 30 s, the liveliest.
        """
        sounds = liveliest(info, channel)
        if not sounds:
            return None
        frames = heard(np.concatenate([band_db(sound, info.rate) for sound in sounds]))
        with torch.inference_mode():
            probabilities = self(torch.from_numpy(segments(frames))[None])[0].numpy()
        return verdict(probabilities)

    def recognise(self, samples: ArrayLike, sample_rate: int) -> Heard | None:
        """What an array is, `(samples,)` or `(channels, samples)`; None where it is too short or too quiet to tell.

        Args:
            samples: Floats whose full scale is 1.
            sample_rate: In Hz.

        Raises:
            WavemixError: If it is no array of samples.
        """
        return self.listen(checked_array("the track", samples, sample_rate))


def verdict(probabilities: "NDArray[np.float32] | Sequence[float]") -> Heard:
    """The most likely group, and the most likely role in it.

    Examples:
        >>> verdict([0.5 if role == "lead" else 0.5 / 20 for _, role in CLASSES]).group
        'vocals'
    """
    groups = {
        name: sum(float(p) for p, (group, _) in zip(probabilities, CLASSES, strict=True) if group == name)
        for name in GROUPS
    }
    group = max(groups, key=lambda name: groups[name])
    roles = {role: float(p) for p, (own, role) in zip(probabilities, CLASSES, strict=True) if own == group}
    role = max(roles, key=lambda name: roles[name])
    return Heard(group, role, groups[group], roles[role] / max(groups[group], 1e-12))
