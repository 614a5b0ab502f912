"""The driver that teaches the models of a family side by side, at a small size."""

import subprocess
import sys
from pathlib import Path

from wavemix.training.recipe import RECIPES
from wavemix.zoo.weights import load

SMALL = ("levels=2", "filters=2", "steps_per_epoch=2", "target_samples=2048")


def test_models_are_taught_side_by_side(raw_songs: Path, tmp_path: Path) -> None:
    settings = [part for setting in SMALL for part in ("--set", setting)]
    command = [sys.executable, RECIPES / "teach.py", "--data", raw_songs, "--train", raw_songs, "--out", tmp_path]
    command += ["--epochs", "1", "--models", "bass,mix", "--jobs", "2", "--accelerator", "cpu", "--", *settings]
    subprocess.run(command, check=True, capture_output=True, text=True)
    for model in ("bass", "mix"):
        assert load(model, tmp_path / model).config.status == "trained"
        assert (tmp_path / "training" / model / "phase1" / "best.safetensors").is_file()


def test_a_training_that_fails_is_named(raw_songs: Path, tmp_path: Path) -> None:
    command = [sys.executable, RECIPES / "teach.py", "--data", raw_songs, "--train", raw_songs, "--out", tmp_path]
    command += ["--models", "bass", "--accelerator", "cpu", "--", "--set", "nonsense=1"]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 1
    assert "bass failed" in result.stderr
    assert "there is no key `nonsense`" in (tmp_path / "bass.log").read_text()
