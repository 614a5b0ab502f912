"""What a training does when its disk is full, or its state is not what it wrote."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from own_process import with_a_full_disk

from wavemix.errors import WavemixError
from wavemix.training.checkpoints import read_best
from wavemix.training.recipe import Recipe
from wavemix.training.train import Run, train

STATE = "training/drums/phase1/last.ckpt"
BEST = "training/drums/phase1/best.safetensors"


def quietly(line: str) -> None:
    pass


@pytest.fixture(scope="module")
def stopped(songs: Path, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training that ran out of time in its first phase."""
    out = tmp_path_factory.mktemp("training") / "out"
    train(recipe, Run(songs, out, max_minutes=0, accelerator="cpu", wandb="off"), quietly)
    return out


def resumed(songs: Path, recipe: Recipe, out: Path) -> None:
    train(recipe, Run(songs, out, resume=True, accelerator="cpu", wandb="off"), quietly)


def changed(change: Callable[[Any], object]) -> Callable[[Path], None]:
    """A state that torch reads, and that is another one."""

    def spoil(path: Path) -> None:
        state = torch.load(path, weights_only=True)
        change(state)
        torch.save(state, path)

    return spoil


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


SPOILT: dict[str, tuple[Callable[[Path], Any], str]] = {
    "cut short": (lambda path: os.truncate(path, path.stat().st_size // 2), "is not the whole state of a training"),
    "empty": (lambda path: os.truncate(path, 0), "is not the whole state of a training"),
    "random bytes": (lambda path: path.write_bytes(os.urandom(5000)), "is not the whole state of a training"),
    "a pipe": (pipe, "is a pipe or a device"),
    "a list": (lambda path: torch.save([1, 2], path), "the state of another training .it lacks what Lightning keeps"),
    "no loops": (changed(lambda state: state.pop("loops")), "it lacks what Lightning keeps"),
    "no network": (changed(lambda state: state.update(state_dict=[1])), "it lacks a network"),
    "a wider network": (
        changed(lambda state: state["state_dict"].update({"net.output.bias": torch.zeros(3)})),
        "its network is another one",
    ),
    "no callbacks": (changed(lambda state: state.update(callbacks={})), "it does not say how long it took"),
    "another phase": (
        changed(lambda state: state["callbacks"]["SaveState"].update(mark="x")),
        "of another recipe or phase",
    ),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_state_that_is_not_its_own(songs: Path, recipe: Recipe, stopped: Path, tmp_path: Path, case: str) -> None:
    out = shutil.copytree(stopped, tmp_path / "out")
    spoil, message = SPOILT[case]
    spoil(out / STATE)
    with pytest.raises(WavemixError, match=f"last.ckpt: .*{message}.*; ") as caught:
        resumed(songs, recipe, out)
    assert "\n" not in str(caught.value)
    assert (out / BEST).exists()


def test_best_weights_of_another_network(songs: Path, recipe: Recipe, stopped: Path, tmp_path: Path) -> None:
    out = shutil.copytree(stopped, tmp_path / "out")
    (out / BEST).write_bytes((out / "drums" / "model.safetensors").read_bytes())
    with pytest.raises(WavemixError, match="best.safetensors: holds no training's best weights"):
        read_best(out / BEST)
    os.truncate(out / BEST, 100)
    with pytest.raises(WavemixError, match="best.safetensors: holds no training's best weights"):
        resumed(songs, recipe, out)


def test_a_folder_with_another_recipe_in_it(songs: Path, recipe: Recipe, stopped: Path, tmp_path: Path) -> None:
    out = shutil.copytree(stopped, tmp_path / "out")
    (out / "training/drums/recipe.json").write_text("[" * 100_000)
    with pytest.raises(WavemixError, match=r"recipe.json: is not valid JSON; choose another --out"):
        resumed(songs, recipe, out)


def test_a_disk_that_is_full_when_a_state_is_saved(
    songs: Path, recipe: Recipe, stopped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state before it stays, and the training goes on from there once there is room."""
    out = shutil.copytree(stopped, tmp_path / "out")
    before, write = (out / STATE).read_bytes(), Path.write_bytes

    def full(path: Path, data: Any) -> int:
        if path.name == "last.ckpt":
            write(path, bytes(data)[:1000])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(WavemixError, match=r"phase1: the disk is full .*; free some space"):
            resumed(songs, recipe, out)
    assert (out / STATE).read_bytes() == before
    assert not [path for path in out.rglob(".wavemix-*")]
    resumed(songs, replace(recipe), out)


def test_a_disk_that_fills_while_training(songs: Path, tmp_path: Path) -> None:
    """The system lets no file grow past a limit: the state of a training is the first."""
    values = {"model": "drums", "levels": 2, "filters": 8, "batch_size": 4, "target_samples": 2048}
    (tmp_path / "recipe.yaml").write_text(yaml.safe_dump(values | {"steps_per_epoch": 2, "save_every_steps": 1}))
    command = [sys.executable, "-m", "wavemix", "train", str(tmp_path / "recipe.yaml"), "--data", str(songs)]
    command += ["--out", str(tmp_path / "out"), "--accelerator", "cpu", "--wandb", "off", "--max-minutes", "1"]

    done = subprocess.run(with_a_full_disk(20_000, *command), capture_output=True, text=True, timeout=300)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "the disk is full" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "out" / "drums").exists()
