"""The command, and what it refuses before anything starts."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wavemix.cli.main import cli
from wavemix.errors import WavemixError
from wavemix.training.recipe import RECIPES
from wavemix.zoo.weights import load

TINY = ("filters=2", "batch_size=2", "steps_per_epoch=2", "target_samples=2048")


def run(*arguments: object) -> Result:
    settings = [part for setting in TINY for part in ("--set", setting)]
    options = [str(argument) for argument in arguments] + ["--wandb", "off", "--accelerator", "cpu"]
    return CliRunner().invoke(cli, ["train", str(RECIPES / "smoke.yaml"), *options, *settings], catch_exceptions=False)


def test_the_command_gives_weights_that_load(songs: Path, tmp_path: Path) -> None:
    result = run("--data", songs, "--out", tmp_path, "--max-minutes", 1)
    assert result.exit_code == 0
    first, *epochs, last = result.stdout.splitlines()
    assert first.startswith("drums phase 1 start: valid ")
    assert sum("epoch" in line for line in epochs) == 3
    assert last == f"wrote {tmp_path / 'drums'}; mix with it: wavemix mix SONG --weights {tmp_path} -o OUT"
    assert load("drums", tmp_path).config.status == "trained"


def test_songs_that_are_missing_stop_it_before_it_starts(songs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(WavemixError, match="nowhere: no such folder"):
        run("--data", tmp_path / "nowhere", "--out", out)
    with pytest.raises(WavemixError, match="holds no songs of the split `train`"):
        run("--data", tmp_path, "--out", out)
    with pytest.raises(WavemixError, match="serves the model `bass`"):
        run("--data", songs, "--out", out, "--set", "model=bass")
    assert not out.exists()


def test_a_model_that_is_there_is_not_replaced_by_a_training(songs: Path, tiny_weights: Path, tmp_path: Path) -> None:
    out = shutil.copytree(tiny_weights, tmp_path / "out")
    before = (out / "drums" / "model.safetensors").read_bytes()
    with pytest.raises(WavemixError, match="out/drums: holds a model, which this training would replace"):
        run("--data", songs, "--out", out, "--resume")
    assert (out / "drums" / "model.safetensors").read_bytes() == before
