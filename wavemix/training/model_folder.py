"""The folder of a model that a training gives, which `wavemix mix --weights` takes."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch.utilities import rank_zero_only

from wavemix.cards.card import write_metrics
from wavemix.training.checkpoints import Best
from wavemix.training.recipe import Recipe
from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.silence import answer_silence_with_silence_
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import TASKS
from wavemix.zoo.weights import save

HARMLESS = 1e-3
"""Share of the validation loss by which 16-bit weights may raise it."""

PRECISIONS = {16: torch.float16, 32: torch.float32}
"""What weights are written in, by bits."""


def write_model_folder(
    best: Best,
    recipe: Recipe,
    measure: Callable[[WaveUNet], float],
    folder: Path,
    about: Mapping[str, object],
) -> None:
    """Write `config.json`, `model.safetensors`, `metrics.json` and the card.

    The weights are written in 16 bit where that is harmless, else in 32, and answer silence with silence. Where several
    processes train, all must call this; the first one writes.

    Args:
        best: The weights.
        recipe: What they were trained by.
        measure: Gives a network's validation loss.
        folder: Where to write.
        about: More to say in `metrics.json`.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    config = ModelConfig(
        recipe.model,
        "trained",
        TASKS[recipe.model].slots,
        levels=recipe.levels,
        filters=recipe.filters,
        **{f"input_{name}": level for name, level in asdict(recipe.input_levels).items()},
    )
    nets = {bits: _delivered(config, best, dtype) for bits, dtype in PRECISIONS.items()}
    losses = {bits: measure(net) for bits, net in nets.items()}
    bits = 16 if losses[16] <= (1 + HARMLESS) * losses[32] else 32
    metrics = {
        "model": recipe.model,
        "valid_loss": losses[bits],
        "valid_loss_32_bit": losses[32],
        "valid_loss_16_bit": losses[16],
        "bits": bits,
        "epoch": best.epoch,
        "step": best.step,
        **about,
        "recipe": asdict(recipe),
    }
    _write(nets[bits], config, metrics, folder)


def _delivered(config: ModelConfig, best: Best, dtype: torch.dtype) -> WaveUNet:
    """The network as it will be read from a file of that precision."""
    net = config.build()
    net.load_state_dict({name: tensor.to(dtype) for name, tensor in best.tensors.items()})
    return answer_silence_with_silence_(net)


@rank_zero_only
def _write(net: WaveUNet, config: ModelConfig, metrics: Mapping[str, Any], folder: Path) -> None:
    config = save(net, config, folder, PRECISIONS[metrics["bits"]])
    write_metrics(folder, config, metrics)
