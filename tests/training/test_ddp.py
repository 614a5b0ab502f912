"""Two processes train as one does."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from conftest import Outcome

from wavemix.zoo.weights import load

RECIPE = """\
model: drums
phases: [{learning_rate: 0.01, max_epochs: 3}, {learning_rate: 0.001, max_epochs: 1}]
levels: 2
filters: 2
batch_size: 4
steps_per_epoch: 5
target_samples: 2048
"""


def losses(out: Path) -> dict[str, list[float]]:
    """The losses of both phases, by name."""
    found: dict[str, list[float]] = {"train/loss_epoch": [], "valid/loss": []}
    for phase in ("phase1", "phase2"):
        [path] = out.glob(f"training/drums/{phase}/logs/version_0/metrics.csv")
        with path.open() as file:
            for row in csv.DictReader(file):
                for name, values in found.items():
                    if row[name]:
                        values.append(float(row[name]))
    return found


def test_two_processes_give_the_loss_curve_of_one(songs: Path, tmp_path: Path, run: Callable[..., Outcome]) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(RECIPE)
    command = ["train", recipe, "--data", songs, "--accelerator", "cpu", "--wandb", "off"]
    alone = run(*command, "--out", tmp_path / "1", "--devices", 1)
    assert alone.status == 0, alone.err
    together = [sys.executable, "-m", "wavemix", *command, "--out", tmp_path / "2", "--devices", 2, "--strategy", "ddp"]
    done = subprocess.run([str(part) for part in together], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    one, two = losses(tmp_path / "1"), losses(tmp_path / "2")
    assert [len(one[name]) for name in one] == [3 + 1, 4 + 2]
    for name in one:
        assert two[name] == pytest.approx(one[name], rel=1e-5), name
    expected = load("drums", tmp_path / "1").net.state_dict()
    for name, tensor in load("drums", tmp_path / "2").net.state_dict().items():
        torch.testing.assert_close(tensor, expected[name], rtol=1e-3, atol=1e-4)  # rounded to 16 bit


def test_a_batch_that_cannot_be_divided_is_one_sentence(
    songs: Path, tmp_path: Path, run: Callable[..., Outcome]
) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(RECIPE)
    done = run("train", recipe, "--data", songs, "--out", tmp_path, "--devices", 3)
    assert done.status == 1
    assert done.err == "wavemix: a batch of 4 cannot be divided over 3 processes.\n"
