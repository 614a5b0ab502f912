"""Learning from songs of other folders; validation stays with those of `--data`."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from wavemix.data.datamodule import MixDataModule
from wavemix.errors import WavemixError
from wavemix.training.losses import SquaredErrorAndSTFT
from wavemix.training.recipe import Recipe
from wavemix.training.train import Run, train
from wavemix.waveunet import WaveUNet


@pytest.fixture
def rendered(songs: Path, tmp_path: Path) -> Path:
    """A song as `wavemix render` leaves it, in all splits; only one of them is to be used."""
    folder = tmp_path / "rendered"
    for split in ("train", "valid", "test"):
        song = Path(shutil.copytree(songs / "train" / "one", folder / split / f"made_{split}"))
        (song / "song.yaml").write_text("title: made\nlicence: GPL-2.0-only\nrendering: {}\n")
    return folder


def names(data: MixDataModule, split: str) -> list[str]:
    return [song.name for song in data.songs(split)]


def test_the_folders_to_learn_from_take_the_place_of_the_others(songs: Path, rendered: Path) -> None:
    net = WaveUNet(10, levels=2, filters=2)
    both = MixDataModule(songs, "drums", net=net, train=[songs, rendered])
    assert names(both, "train") == ["one", "two", "made_train"]
    assert names(both, "valid") == ["three"]
    assert [song.facts.rendered for song in both.songs("train")] == [False, False, True]
    assert names(MixDataModule(songs, "drums", net=net, train=[rendered]), "train") == ["made_train"]


def test_a_folder_without_songs_for_the_model_is_named(songs: Path, tmp_path: Path) -> None:
    tmp_path.joinpath("empty").mkdir()
    data = MixDataModule(songs, "drums", net=WaveUNet(10, levels=2, filters=2), train=[songs, tmp_path / "empty"])
    with pytest.raises(WavemixError, match="empty: holds no songs of the split `train`"):
        data.songs("train")


def test_weights_tell_of_all_songs_that_they_ever_learned_from(
    songs: Path, rendered: Path, recipe: Recipe, tmp_path: Path
) -> None:
    """Trained on rendered songs, then on others: the licence of the first holds for the second too."""
    quiet = {"accelerator": "cpu", "wandb": "off"}
    train(recipe, Run(songs, tmp_path / "first", train=(rendered,), **quiet), lambda line: None)
    then = replace(recipe, start="published")
    folder = train(then, Run(songs, tmp_path / "then", weights=tmp_path / "first", **quiet), lambda line: None)
    rows = json.loads((folder / "metrics.json").read_text())["songs"]["train"]
    assert [(row["title"], row["licence"], row.get("rendered")) for row in rows] == [
        ("made", "GPL-2.0-only", True),
        ("one", "CC0-1.0", None),
        ("two", "CC0-1.0", None),
    ]


def test_the_spectral_term_trains_and_the_squared_error_chooses(songs: Path, recipe: Recipe, tmp_path: Path) -> None:
    lines: dict[float, list[str]] = {}
    for weight in (0.0, 0.01):
        lines[weight] = []
        run = Run(songs, tmp_path / str(weight), accelerator="cpu", wandb="off")
        train(replace(recipe, stft_weight=weight), run, lines[weight].append)
    starts = [found[0] for found in lines.values()]
    assert starts[0] == starts[1]  # the same measure of the same weights
    assert lines[0.0][1] != lines[0.01][1]


def test_the_loss_is_its_two_parts() -> None:
    mix, target = torch.randn(2, 1, 2, 3_000, generator=torch.Generator().manual_seed(0)).unbind()
    squared = torch.nn.functional.mse_loss(mix, target)
    loss = SquaredErrorAndSTFT(0.5)
    assert float(loss(mix, target) - squared) == pytest.approx(0.5 * float(loss.distance(mix, target)), rel=1e-5)
    assert float(loss(target, target)) == 0
