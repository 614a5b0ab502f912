"""The one road from placed inputs to stems and a mix.

Files, arrays, tensors, evaluation and the students of training all come this way. What differs is where the inputs come
from (`wavemix.system.feeds`) and where samples lie between the steps (`wavemix.system.stages`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.system.balance import Balance
from wavemix.system.feeds import Feed
from wavemix.system.progress import NoProgress, Progress
from wavemix.system.stages import Stage
from wavemix.waveunet.sides import own_sides
from wavemix.zoo.mixer import DEFAULT_BLOCK_SECONDS, Mixer

PLAIN_BLOCK_SAMPLES = 65_536

NewStage = Callable[[str], Stage]
"""Makes room for the samples of that name."""


@dataclass(frozen=True)
class Layer:
    """Samples and the factor by which they are heard."""

    stage: Stage
    gain: float


@dataclass(frozen=True)
class Arrival:
    """What the road led to.

    Attributes:
        layers: What the mix and each stem are the sum of.
        ran: For each model whether it computed anything.
        stem_gains: For each group and each song, what brought its stem to the level that the mix model expects; empty
            where that did not run.
    """

    layers: Mapping[str, Sequence[Layer]]
    ran: Mapping[str, bool]
    stem_gains: Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Road:
    """The models, and how songs go through them.

    Attributes:
        models: By task; those that are asked for.
        samples: Length of the songs at the models' rate.
        block_seconds: What is computed at a time, as in `Mixer.blocks`.
        progress: Told of every step.
        songs: How many songs lie side by side.
        differentiable: Whether gradients pass, where they are on.
    """

    models: Mapping[str, Mixer]
    samples: int
    block_seconds: float | None = DEFAULT_BLOCK_SECONDS
    progress: Progress = field(default_factory=NoProgress)
    songs: int = 1
    differentiable: bool = False

    def travel(self, feeds: Mapping[str, Feed], balance: Balance, new_stage: NewStage) -> Arrival:
        """Mix the groups, then their stems, and go as far from the plain sum of the tracks as the balance says.

        Args:
            feeds: The inputs of the groups that have a sound; the others' stems are silence, and are not computed.
            balance: The user's word.
            new_stage: Makes room for samples.

        Raises:
            WavemixError: If a model gives no numbers.
        """
        processed = {name: new_stage(name) for name in (*GROUPS, MIX)}
        stem_gains: dict[str, list[float]] = {}
        if balance.processed:
            for group in GROUPS:
                self.stem(group, feeds.get(group), processed[group])
            stem_gains = self.stem_gains(processed)
            factors = {group: [gain * balance.factor(group) for gain in gains] for group, gains in stem_gains.items()}
            self.mix(processed, factors, processed[MIX])
        layers = {MIX: [Layer(processed[MIX], balance.processed)]}
        for group in GROUPS:
            layers[group] = [Layer(processed[group], balance.processed * balance.factor(group))]
        if balance.plain:
            plain = {group: new_stage(f"plain {group}") for group in GROUPS}
            self.add_up(feeds, plain)
            for group in GROUPS:
                layer = Layer(plain[group], balance.plain * balance.factor(group))
                layers[group].append(layer)
                layers[MIX].append(layer)
        ran = {group: bool(balance.processed) and group in feeds for group in GROUPS}
        return Arrival(layers, ran | {MIX: bool(balance.processed)}, stem_gains)

    def stem(self, group: str, feed: Feed | None, stem: Stage) -> None:
        """Mix one group; without a sound it is skipped, and its stage, left empty, reads as silence.

        Raises:
            WavemixError: If the model gives no numbers.
        """
        self.progress.stage(group, self.samples if feed else 0)
        if feed is None:
            return
        with feed.open() as read, self._arithmetic():
            sides = read(0).shape[1]
            for block in self._blocks(group, lambda samples: read(samples).flatten(0, 1)):
                mixed = own_sides(block.reshape(self.songs, sides, *block.shape[1:]))
                if feed.sounds is not None:
                    mixed = mixed * feed.sounds.to(mixed)[:, None, None]
                self._append(stem, mixed)

    def stem_gains(self, stems: Mapping[str, Stage]) -> dict[str, list[float]]:
        """For each group, the factor for each song's stem that brings it to the level that the mix model expects."""
        model = self.models[MIX]
        levels, rate = model.config.input_levels, model.sample_rate
        by_song = [
            levels.stem_gains([partial(self._seconds, stems[group], song, rate) for group in GROUPS], rate)
            for song in range(self.songs)
        ]
        return {group: [gains[index] for gains in by_song] for index, group in enumerate(GROUPS)}

    def mix(self, stems: Mapping[str, Stage], factors: Mapping[str, Sequence[float]], mix: Stage) -> None:
        """Mix the stems, each song's with a factor of its own.

        Raises:
            WavemixError: If the model gives no numbers.
        """
        self.progress.stage(MIX, self.samples)
        with ExitStack() as opened:
            reads = [(opened.enter_context(stems[group].reading()), factors[group]) for group in GROUPS]
            opened.enter_context(self._arithmetic())

            def read(samples: int) -> Tensor:
                pieces = [(stem(samples), by_song) for stem, by_song in reads]
                return torch.cat([piece * piece.new_tensor(by_song)[:, None, None] for piece, by_song in pieces], dim=1)

            for block in self._blocks(MIX, read):
                self._append(mix, block)

    def add_up(self, feeds: Mapping[str, Feed], sums: Mapping[str, Stage]) -> None:
        """Add up the tracks of each group, at their levels and in their places, as an untrained network would."""
        self.progress.stage("plain", self.samples * len(feeds))
        for group, feed in feeds.items():
            with feed.open() as read, self._arithmetic():
                for start in range(0, self.samples, PLAIN_BLOCK_SAMPLES):
                    inputs = read(min(PLAIN_BLOCK_SAMPLES, self.samples - start))
                    self._append(sums[group], inputs.sum(dim=2).expand(-1, STEREO, -1))

    def total(self, layers: Sequence[Layer]) -> Tensor:
        """The sum of layers, whole, `(songs, 2, samples)`."""
        total: Tensor | None = None
        for layer in layers:
            with layer.stage.reading() as read:
                heard = read(self.samples) * layer.gain
            total = heard if total is None else total + heard
        assert total is not None  # there is a layer at least
        return total

    def _blocks(self, model: str, read: Callable[[int], Tensor]) -> Iterator[Tensor]:
        """What a model makes of a stream of inputs, `(batch, inputs, samples)`.

        Raises:
            WavemixError: If that is no number.
        """
        for block in self.models[model].blocks(read, self.samples, self.block_seconds):
            if not block.isfinite().all():
                raise WavemixError(f"the model `{model}` gave NaN or infinite samples; check its weights.")
            yield block

    def _append(self, stage: Stage, block: Tensor) -> None:
        stage.append(block)
        self.progress.advance(block.shape[-1])

    def _seconds(self, stage: Stage, song: int, rate: int) -> Iterator[NDArray[np.float32]]:
        """One song of a stage as the blocks of a second that a meter likes, `(2, samples)`."""
        with stage.reading() as read:
            for start in range(0, self.samples, rate):
                block = read(min(rate, self.samples - start))[song]
                yield block.detach().float().cpu().numpy()

    @contextmanager
    def _arithmetic(self) -> Iterator[None]:
        """In full single precision on CUDA too, the same for the same input; without gradients unless asked for."""
        exact: dict[str, Any] = {"enabled": True, "benchmark": False, "deterministic": True, "allow_tf32": False}
        with (
            torch.backends.cudnn.flags(**exact),
            torch.set_grad_enabled(self.differentiable and torch.is_grad_enabled()),
        ):
            yield
