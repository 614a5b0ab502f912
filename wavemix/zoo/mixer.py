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

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return self.net.output.weight.device

    @property
    def computed_by(self) -> dict[str, str]:
        """The backend, precision and device that compute it where no gradients are asked for."""
        return {"backend": self.backend.name, "precision": self.backend.precision, "device": str(self.device)}

    def forward(self, tracks: Tensor, block_seconds: float | None = DEFAULT_BLOCK_SECONDS) -> Tensor:
        """Mix tracks in their slots, each item of the batch a song; differentiable where gradients are on.

        Shape:
            `(batch, tracks, samples)` to `(batch, 2, samples)`.

        Raises:
            ValueError: As `as_inputs`.
        """
        samples = tracks.shape[-1]
        blocks = self.blocks(endless(self.as_inputs(tracks)), samples, block_seconds)
        return torch.cat(
            [tracks.new_zeros((tracks.shape[0], self.net.outputs, 0), device=self.device), *blocks], dim=-1
        )

    def as_inputs(self, tracks: Tensor) -> Tensor:
        """Tracks as the network reads them: at the levels that it expects, each song's by gains of its own.

        The first track goes to the first slot, and so on; slots without a track are silent. Gradients see the gains as
        constants.

        Shape:
            `(batch, tracks, samples)` to `(batch, inputs, samples)`.

        Raises:
            ValueError: If there are more tracks than inputs, or levels to bring them to and NaN or infinite samples.
        """
        missing = self.net.inputs - tracks.shape[1]
        if missing < 0:
            raise ValueError(
                f"the model `{self.config.name}` has {self.net.inputs} slots and was given {tracks.shape[1]} tracks; "
                "`AutoMix.mix_arrays` finds slots for any number"
            )
        placed = functional.pad(tracks, (0, 0, 0, missing))
        if self.config.input_levels == AS_THEY_COME:
            return placed
        songs = placed.detach().float().cpu().numpy()
        gains = np.reshape([self._gains(song) for song in songs], (*placed.shape[:2], 1))
        return placed * torch.from_numpy(gains).to(placed)

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

    def _gains(self, song: NDArray[np.float32]) -> list[float]:
        """The gain of each input, for the tracks of one song, `(tracks, samples)`."""
        levels, rate = self.config.input_levels, self.sample_rate
        channels = TASKS[self.config.model].input_channels
        if channels == 1:
            return levels.gains([level_of(in_seconds(track[None], rate), rate) for track in song])
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
        return tracks.to(self.device)


def endless(samples: Tensor) -> Callable[[int], Tensor]:
    """Samples, the last dimension of a tensor, as an endless stream: in order, then zeros."""
    position = 0

    def read(count: int) -> Tensor:
        nonlocal position
        piece = samples[..., position : position + count]
        position += count
        return functional.pad(piece, (0, count - piece.shape[-1]))

    return read
