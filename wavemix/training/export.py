"""From the best weights of a training to the folder that `wavemix mix --weights` takes."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from lightning.pytorch.utilities import rank_zero_only

from wavemix.training.checkpoints import Best
from wavemix.training.recipe import Recipe
from wavemix.waveunet.network import WaveUNet
from wavemix.zoo.card import write_metrics
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import TASKS
from wavemix.zoo.weights import save

HARMLESS = 1e-3
"""Share of the validation loss by which 16-bit weights may raise it."""


def export(
    best: Best,
    recipe: Recipe,
    measure: Callable[[WaveUNet], float],
    folder: Path,
    about: Mapping[str, object],
) -> None:
    """Write `config.json`, `model.safetensors`, `metrics.json` and the card.

    The weights are written in 16 bit where that is harmless, else in 32. Where several processes train, all must
    call this; the first one writes.

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
        input_loudness_lufs=recipe.input_loudness_lufs,
    )
    net = config.build()
    net.load_state_dict({name: tensor.half().float() for name, tensor in best.tensors.items()})
    loss_16_bit = measure(net)
    is_harmless = loss_16_bit <= (1 + HARMLESS) * best.loss
    metrics = {
        "model": recipe.model,
        "valid_loss": loss_16_bit if is_harmless else best.loss,
        "valid_loss_32_bit": best.loss,
        "valid_loss_16_bit": loss_16_bit,
        "bits": 16 if is_harmless else 32,
        "epoch": best.epoch,
        "step": best.step,
        **about,
        "recipe": asdict(recipe),
    }
    net.load_state_dict(best.tensors)
    _write(net, config, metrics, folder)


@rank_zero_only
def _write(net: WaveUNet, config: ModelConfig, metrics: Mapping[str, object], folder: Path) -> None:
    config = save(net, config, folder, torch.float16 if metrics["bits"] == 16 else torch.float32)
    write_metrics(folder, config, metrics)
