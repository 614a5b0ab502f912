"""Stems as the stem models give them, for the mix model to learn from."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wavemix.data.inputs import sources_of
from wavemix.data.plain import PlainTrack, Samples
from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.system import arrays
from wavemix.training.recipe import Recipe
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.registry import model_of
from wavemix.zoo.weights import load


class StemModels:
    """The four stem models as what gives a song's stems."""

    def __init__(self, models: dict[str, Mixer]) -> None:
        self._models = models

    def __call__(self, tracks: Sequence[PlainTrack], blocks: Sequence[Samples], rate: int) -> dict[str, Samples]:
        """Stems by group, `(2, samples)` each, of the groups that have tracks."""
        levels = {group: model.config.input_levels for group, model in self._models.items()}
        silence = np.zeros((STEREO, blocks[0].shape[1]), np.float32)
        groups = {track.group: silence for track in tracks}
        return groups | arrays.stems_of(self._models, sources_of(tracks, blocks, levels, rate))

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
