"""A training that was killed and resumed is the training that was not."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import wavemix.staging
from wavemix.errors import WavemixError
from wavemix.training.recipe import Recipe
from wavemix.training.train import Run, train

DEADLINE_SECONDS = 120

STATES = ("training/drums/phase1/best.safetensors", "training/drums/phase2/best.safetensors", "drums/model.safetensors")


def quietly(line: str) -> None:
    pass


def weights(out: Path) -> list[bytes]:
    return [(out / state).read_bytes() for state in STATES]


def test_killed_after_any_write_it_ends_with_the_same_bits(
    songs: Path, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, snapshots = tmp_path / "out", tmp_path / "snapshots"
    move = wavemix.staging._move_files

    def move_and_copy(stage: Path, target: Path, first: Sequence[str] = ()) -> None:
        move(stage, target, first)
        if out in target.parents:
            shutil.copytree(out, snapshots / f"{len(list(snapshots.glob('*'))):02}")

    snapshots.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(wavemix.staging, "_move_files", move_and_copy)
        train(recipe, Run(songs, out, accelerator="cpu", wandb="off"), quietly)
    epochs_left = []
    for snapshot in sorted(snapshots.glob("*")):
        lines: list[str] = []
        train(recipe, Run(songs, snapshot, resume=True, accelerator="cpu", wandb="off"), lines.append)
        assert weights(snapshot) == weights(out), snapshot
        epochs_left.append(sum("epoch" in line for line in lines))
    assert sorted(set(epochs_left)) == [0, 1, 2, 3]
    assert epochs_left == sorted(epochs_left, reverse=True)


def test_killed_by_the_system_it_ends_with_the_same_bits(songs: Path, recipe: Recipe, tmp_path: Path) -> None:
    recipe = replace(recipe, steps_per_epoch=40, save_every_steps=7)
    train(recipe, Run(songs, tmp_path / "whole", accelerator="cpu", wandb="off"), quietly)

    changed = {"steps_per_epoch": 40, "save_every_steps": 7}
    written = {
        "model": "drums",
        "phases": [{"learning_rate": 1e-2, "max_epochs": 2}, {"learning_rate": 1e-3, "max_epochs": 1}],
    }
    sizes = {"levels": 2, "filters": 2, "batch_size": 4, "target_samples": 2048}
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(written | sizes | changed))
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "wavemix", "train", str(tmp_path / "recipe.yaml"), "--data", str(songs)]
    command += ["--out", str(out), "--resume", "--accelerator", "cpu", "--wandb", "off"]
    for state in ("phase1/last.ckpt", "phase2/last.ckpt"):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            wait_for(out / "training" / "drums" / state, process)
            os.kill(process.pid, signal.SIGKILL)
    assert not (out / "drums").exists()
    train(recipe, Run(songs, out, resume=True, accelerator="cpu", wandb="off"), quietly)
    assert weights(out) == weights(tmp_path / "whole")


def wait_for(path: Path, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a process has written a file, for as long as a test may take at most."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not path.exists():
        assert process.poll() is None, "ended before it could be killed"
        assert time.monotonic() < deadline, f"{path} was not written within {DEADLINE_SECONDS} s"
        time.sleep(0.001)


def test_out_of_time_it_can_go_on_as_if_it_had_not_stopped(songs: Path, recipe: Recipe, tmp_path: Path) -> None:
    train(recipe, Run(songs, tmp_path / "whole", accelerator="cpu", wandb="off"), quietly)
    out = tmp_path / "stopped"
    train(recipe, Run(songs, out, max_minutes=0, accelerator="cpu", wandb="off"), quietly)
    assert (out / "drums" / "model.safetensors").exists()
    assert not (out / "training" / "drums" / "phase2").exists()
    train(recipe, Run(songs, out, resume=True, accelerator="cpu", wandb="off"), quietly)
    assert weights(out) == weights(tmp_path / "whole")


def test_a_training_is_not_begun_over_another(songs: Path, recipe: Recipe, tmp_path: Path) -> None:
    run = Run(songs, tmp_path / "out", max_minutes=0, accelerator="cpu", wandb="off")
    train(recipe, run, quietly)
    with pytest.raises(WavemixError, match="--resume"):
        train(recipe, run, quietly)
    with pytest.raises(WavemixError, match="another seed"):
        train(replace(recipe, seed=1), replace(run, resume=True), quietly)
