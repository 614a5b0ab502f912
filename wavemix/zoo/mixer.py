"""A network with what it must know of itself to mix a song: its config and where its weights came from."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from wavemix.backends import gains
from wavemix.backends.backend import TORCH, Backend, Window
from wavemix.dsp.input_levels import AS_THEY_COME, level_of
from wavemix.dsp.loudness import in_seconds
from wavemix.waveunet.network import WaveUNet
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import TASKS

DEFAULT_BLOCK_SECONDS = 5.0
"""Fastest on a CPU: longer blocks leave its caches, shorter ones spend their time on context."""


class Mixer(nn.Module):
    """One of the five models, ready to mix songs of any length.

    Attributes:
        net: The network; train this one.
        config: What it is.
        origin: Where its weights were read.
        backend: What computes the network where no gradients are asked for.
    """

    def __init__(self, net: WaveUNet, config: ModelConfig, origin: str = "", backend: Backend = TORCH) -> None:
        super().__init__()
        self.net, self.config, self.origin, self.backend = net, config, origin, backend
        self._built: tuple[object, Window] | None = None

    @property
    def sample_rate(self) -> int:
        """Rate in Hz of what it reads and writes."""
        return self.config.sample_rate

    def forward(self, tracks: Tensor, block_seconds: float | None = DEFAULT_BLOCK_SECONDS) -> Tensor:
        """Mix whole tracks at any level, each item of the batch a song; differentiable where gradients are on.

        They are brought to the levels that the network expects. Fewer tracks than the model has inputs are padded with
        silence; more are premixed (added) into the last input, the least specific.

        Shape:
            `(batch, tracks, samples)` to `(batch, 2, samples)`.
        """
        return self.mix_levelled(self.levelled(tracks), block_seconds)

    def levelled(self, tracks: Tensor) -> Tensor:
        """Tracks at the levels that the network expects: each song of the batch by gains of its own.

        Gradients see the gains as constants.

        Shape:
            `(batch, tracks, samples)` to the same; the mix model's to `(batch, 8, samples)`.

        Raises:
            ValueError: If there are levels to bring them to and they hold NaN or infinite samples.
        """
        if self.config.input_levels == AS_THEY_COME:
            return tracks
        if self._reads_stems:
            tracks = fit_inputs(tracks, self.net.inputs)
        songs = tracks.detach().float().cpu().numpy()
        gains = np.reshape([self._gains(song) for song in songs], (*tracks.shape[:2], 1))
        return tracks * torch.from_numpy(gains).to(tracks)

    def mix_levelled(self, tracks: Tensor, block_seconds: float | None = DEFAULT_BLOCK_SECONDS) -> Tensor:
        """As `forward`, of tracks that are at their levels already."""
        samples = tracks.shape[-1]
        blocks = self.blocks(_reader(fit_inputs(tracks, self.net.inputs)), samples, block_seconds)
        return torch.cat([tracks.new_zeros((tracks.shape[0], self.net.outputs, 0)), *blocks], dim=-1)

    def blocks(
        self, read: Callable[[int], Tensor], samples: int, block_seconds: float | None = DEFAULT_BLOCK_SECONDS
    ) -> Iterator[Tensor]:
        """Mix a stream, block by block; the blocks together do not depend on their size.

        Every block is computed from real audio: the `context` before and after it is read too. Only before
        the song's first and after its last sample does the network see silence.

        Args:
            read: Gives the next so many samples of the inputs, `(batch, inputs, samples)`, and zeros after
                their end.
            samples: Length of the song in samples.
            block_seconds: Length of a block, rounded up to the network's hop; None for the whole song in one.

        Yields:
            Blocks `(batch, 2, samples)`, in order, on the network's device.

        Raises:
            ValueError: If `block_seconds` is not positive.
        """
        compute = self.net if torch.is_grad_enabled() else self._window()
        block = self._block_samples(samples, block_seconds)
        window = self._on_device(read(0))
        missing_before = self.net.context
        for start in range(0, samples, block):
            count = min(block, samples - start)
            needed = self.net.input_length(count)
            fresh = read(max(0, needed - missing_before - window.shape[-1]))
            fresh = functional.pad(self._on_device(fresh), (missing_before, 0))
            window, missing_before = torch.cat((window, fresh), dim=-1), 0
            yield compute(window[..., :needed])[..., :count]
            window = window[..., block:]

    @property
    def _reads_stems(self) -> bool:
        """Whether its inputs are the channels of stems in turn."""
        return TASKS[self.config.model].input_channels > 1

    def _gains(self, song: NDArray[np.float32]) -> list[float]:
        """Of each input, for the tracks of one song, `(tracks, samples)`."""
        levels, rate = self.config.input_levels, self.sample_rate
        if not self._reads_stems:
            return levels.gains([level_of(in_seconds(track[None], rate), rate) for track in song])
        channels = TASKS[self.config.model].input_channels
        stems = np.split(song, len(song) // channels)
        gains = levels.stem_gains([partial(in_seconds, stem, rate) for stem in stems], rate)
        return [gain for gain in gains for _ in range(channels)]

    def _window(self) -> Window:
        """The network in its backend's form, kept until the backend or the weights are others."""
        state = self.backend, [(weight.data_ptr(), weight._version) for weight in self.net.parameters()]
        if self._built is None or self._built[0] != state:
            build = gains.build if gains.ignores_features(self.net) else self.backend.build
            self._built = state, build(self.net)
        return self._built[1]

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_built": None}  # a backend's form can neither be copied nor sent elsewhere

    def _block_samples(self, samples: int, block_seconds: float | None) -> int:
        """Length of a block in samples: a multiple of the hop, so that every block decimates alike."""
        if block_seconds is not None and not block_seconds > 0:
            raise ValueError(f"block_seconds must be positive, got {block_seconds}")
        wanted = samples if block_seconds is None else round(min(samples, block_seconds * self.sample_rate))
        return -(-max(1, wanted) // self.net.hop) * self.net.hop

    def _on_device(self, tracks: Tensor) -> Tensor:
        return tracks.to(self.net.output.weight.device)


def _reader(tracks: Tensor) -> Callable[[int], Tensor]:
    """Read a tensor, `(batch, inputs, samples)`, as an endless stream: its samples, then zeros."""
    position = 0

    def read(samples: int) -> Tensor:
        nonlocal position
        piece = tracks[..., position : position + samples]
        position += samples
        return functional.pad(piece, (0, samples - piece.shape[-1]))

    return read


def fit_inputs(tracks: Tensor, inputs: int) -> Tensor:
    """Pad with silence or premix into the last input, until there are `inputs` tracks.

    Shape:
        `(batch, tracks, samples)` to `(batch, inputs, samples)`.

    Examples:
        >>> fit_inputs(torch.ones(1, 3, 1), 2).flatten().tolist()
        [1.0, 2.0]
        >>> fit_inputs(torch.ones(1, 1, 1), 2).flatten().tolist()
        [1.0, 0.0]
    """
    if tracks.shape[1] <= inputs:
        return functional.pad(tracks, (0, 0, 0, inputs - tracks.shape[1]))
    premixed = tracks[:, inputs - 1 :].sum(dim=1, keepdim=True)
    return torch.cat((tracks[:, : inputs - 1], premixed), dim=1)
