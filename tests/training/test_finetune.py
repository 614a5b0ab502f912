"""Training goes on from weights that were trained before."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from wavemix.cli.train import finetune
from wavemix.errors import WavemixError
from wavemix.publishing.untrained import save_untrained
from wavemix.training.recipe import Recipe
from wavemix.training.start import starting_net
from wavemix.training.train import Run, train
from wavemix.zoo.registry import MODELS, ModelEntry
from wavemix.zoo.weights import load

SHORT = ("levels=3", "batch_size=4", "steps_per_epoch=3", "target_samples=2048", "phases.0.max_epochs=1")
TINY = ("filters=2", *SHORT)


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


@pytest.mark.parametrize("named", [["drums-lite"], ["drums", "--family", "lite"]])
def test_the_command_goes_on_from_the_lite_weights(songs: Path, tmp_path: Path, named: list[str]) -> None:
    settings = [part for setting in SHORT for part in ("--set", setting)]
    save_untrained("drums-lite", tmp_path / "weights/drums-lite", levels=3)
    where = ["--data", str(songs), "--out", str(tmp_path), "--wandb", "off", "--accelerator", "cpu"]
    where += ["--weights", str(tmp_path / "weights")]
    result = CliRunner().invoke(finetune, [*named, *where, *settings], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert f"--weights {tmp_path} -o OUT --family lite" in result.output
    config = load("drums-lite", tmp_path).config
    assert (config.model, config.name, config.status) == ("drums", "drums-lite", "trained")


@pytest.mark.parametrize("entry", MODELS.values(), ids=MODELS)
def test_published_weights_of_the_recipes_width_are_the_start(entry: ModelEntry) -> None:
    published = load(entry.name)
    levels = {f"input_{key}": value for key, value in asdict(published.config.input_levels).items()}
    recipe = Recipe(entry.task.name, start="published", filters=entry.family.filters, **levels)
    found, expected = starting_net(recipe).state_dict(), published.net.state_dict()
    assert all(torch.equal(found[name], expected[name]) for name in expected)


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
