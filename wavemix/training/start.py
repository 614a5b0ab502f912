"""Where a training starts from: random weights, the plain sum, or weights that were trained before."""

from dataclasses import fields
from pathlib import Path

import torch

from wavemix.dsp.input_levels import InputLevels
from wavemix.errors import WavemixError
from wavemix.training.recipe import Recipe
from wavemix.waveunet.initialise import sum_of_inputs_
from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.widen import widen_
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.registry import LITE, TASKS, model_of
from wavemix.zoo.weights import load

FROM_WEIGHTS = ("published", "widened")
"""Starts at weights that were trained before."""


def starting_net(recipe: Recipe, weights: Path | None = None) -> WaveUNet:
    """The network that a recipe starts from.

    Args:
        recipe: The recipe.
        weights: Weights of the user's own, for `start: published` or `start: widened`.

    Raises:
        WavemixError: If there are no such weights, or they and the recipe are of different sizes.
    """
    task = TASKS[recipe.model]
    if weights is not None and recipe.start not in FROM_WEIGHTS:
        raise WavemixError(
            f"{weights}: only a recipe with `start: published` or `widened` reads weights; add --set start=published."
        )
    if recipe.start == "published":
        net = _earlier(recipe, weights, ("levels", "filters")).net
    else:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed)
            net = WaveUNet(task.inputs, levels=recipe.levels, filters=recipe.filters)
        if recipe.start == "sum":
            sum_of_inputs_(net, task.input_channels)
        if recipe.start == "widened":
            narrow = _earlier(recipe, weights, ("levels",))
            if narrow.config.filters > recipe.filters:
                raise WavemixError(f"{narrow.origin}: is wider than the recipe's filters, {recipe.filters}.")
            widen_(net, narrow.net)
    if recipe.freeze_encoder:
        net.down.requires_grad_(False)
    return net.train()


def earlier_name(recipe: Recipe) -> str:
    """The registered model whose weights a recipe with `start: published` or `start: widened` starts from."""
    if recipe.start == "widened":
        return f"{recipe.model}-{LITE.name}"
    return model_of(recipe.model, recipe.filters).name


def _earlier(recipe: Recipe, weights: Path | None, same: tuple[str, ...]) -> Mixer:
    """Weights to start from, once they are known to read what the recipe's network will."""
    mixer = load(earlier_name(recipe), weights)
    for key in (*same, *(f"input_{level.name}" for level in fields(InputLevels))):
        found = getattr(mixer.config, key)
        if found != getattr(recipe, key):
            found = "null" if found is None else found
            raise WavemixError(f"{mixer.origin}: was trained with {key} {found}; add --set {key}={found}.")
    return mixer
