"""Stems as the stem models give them, for the mix model to learn from."""

from collections.abc import Sequence
from pathlib import Path

import torch

from wavemix.data.inputs import Inputs, members_of
from wavemix.data.plain import PlainTrack, Samples
from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS, MIX
from wavemix.training.recipe import Recipe
from wavemix.waveunet.sides import own_sides
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.registry import model_of
from wavemix.zoo.weights import load


class StemModels:
    """The four stem models as what gives a song's stems."""

    def __init__(self, models: dict[str, Mixer]) -> None:
        self._models = models

    def __call__(self, tracks: Sequence[PlainTrack], blocks: Sequence[Samples], rate: int) -> dict[str, Samples]:
        """Stems by group, `(2, samples)` each, of the groups that have tracks."""
        stems: dict[str, Samples] = {}
        for group, model in self._models.items():
            members = members_of(group, tracks, blocks)
            if members[0]:
                placed = Inputs(group, rate, model.config.input_levels).place_tracks(*members)
                with torch.no_grad():
                    stems[group] = own_sides(model.mix_levelled(torch.from_numpy(placed))).numpy()
        return stems

    def __repr__(self) -> str:
        """The weights that they are: what the cache goes by."""
        return " ".join(model.config.sha256 for model in self._models.values())


def students_of(recipe: Recipe, folder: Path | None) -> StemModels | None:
    """The stem models in a folder, of the recipe's width; None without one.

    Raises:
        WavemixError: If the recipe is not one that learns from students, or a model is missing.
    """
    if folder is None:
        return None
    if recipe.model != MIX or recipe.teacher != "engineer":
        raise WavemixError(f"{folder}: only `mix` learns from students, with `teacher: engineer`; leave them out.")
    return StemModels({group: load(model_of(group, recipe.filters).name, folder / group) for group in GROUPS})
