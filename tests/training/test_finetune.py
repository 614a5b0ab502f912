"""Training goes on from weights that were trained before."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from wavemix.cli.train import finetune
from wavemix.errors import WavemixError
from wavemix.training.recipe import Recipe
from wavemix.training.train import Run, starting_net, train
from wavemix.zoo.weights import load

TINY = ("levels=3", "filters=2", "batch_size=4", "steps_per_epoch=3", "target_samples=2048", "phases.0.max_epochs=1")


def test_the_command_gives_weights_that_mix(songs: Path, tiny_weights: Path, tmp_path: Path) -> None:
    settings = [part for setting in (*TINY, "phases.0.learning_rate=0.01") for part in ("--set", setting)]
    where = ["--data", str(songs), "--out", str(tmp_path), "--weights", str(tiny_weights), "--wandb", "off"]
    where += ["--accelerator", "cpu"]
    result = CliRunner().invoke(finetune, ["drums", *where, "--freeze-encoder", *settings], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    before = load("drums", tiny_weights).net.state_dict()
    after = load("drums", tmp_path).net.state_dict()
    for name in before:
        # The export rounds to 16 bit.
        is_kept = torch.equal(before[name].half(), after[name].half())
        assert is_kept == name.startswith("down."), name


def test_the_start_is_kept_where_training_makes_it_worse(
    songs: Path, sum_weights: Path, recipe: Recipe, tmp_path: Path
) -> None:
    recipe = replace(recipe, start="published", levels=3, phases=(replace(recipe.phases[0], learning_rate=10.0),))
    train(recipe, Run(songs, tmp_path, weights=sum_weights, accelerator="cpu", wandb="off"), lambda line: None)
    before, after = load("drums", sum_weights), load("drums", tmp_path)
    assert all(map(torch.equal, before.net.state_dict().values(), after.net.state_dict().values()))


def test_weights_of_another_size_are_one_sentence(sum_weights: Path, recipe: Recipe) -> None:
    with pytest.raises(WavemixError, match="trained with levels 3; add --set levels=3"):
        starting_net(replace(recipe, start="published"), sum_weights)


def test_weights_that_nothing_would_read_are_refused(sum_weights: Path, recipe: Recipe) -> None:
    with pytest.raises(WavemixError, match="start: published"):
        starting_net(recipe, sum_weights)
