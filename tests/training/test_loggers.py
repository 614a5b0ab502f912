"""What a training writes down, read back."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
import torch
from training.wandb_reader import read_run

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.training.examples import BANDS, draw_mel, mel_db
from wavemix.training.loggers import TolerantLogger
from wavemix.training.recipe import Recipe
from wavemix.training.train import Run, train


@pytest.fixture(scope="module")
def phase(recipe: Recipe, songs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a phase that was logged offline."""
    out = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wavemix.training.examples.draw_mel", draw_mel)
        train(replace(recipe, phases=recipe.phases[:1]), Run(songs, out, accelerator="cpu"), lambda line: None)
    return out / "training" / "drums" / "phase1"


def test_an_offline_run_holds_config_losses_and_audio(phase: Path) -> None:
    [file] = phase.glob("wandb/offline-run-*/*.wandb")
    run = read_run(file)
    assert run.exit_code == 0
    assert run.config["model"] == "drums"
    assert run.config["batch_size"] == 4
    assert len(run.values("train/loss_step")) == 2 and len(run.values("valid/loss")) == 1 + 2
    assert run.values("learning_rate") == pytest.approx([1e-2, 1e-2])
    assert all(seconds > 0 for seconds in run.values("seconds_per_step"))
    audio = run.values("examples/audio/audio")[-1]
    assert [sound["caption"] for sound in audio] == ["premix", "output", "target"]
    assert all((file.parent / "files" / sound["path"]).is_file() for sound in audio)
    [picture] = run.values("examples/mel/filenames")[-1]
    assert (file.parent / "files" / picture).is_file()


def test_the_csv_holds_the_same(phase: Path) -> None:
    with (phase / "logs" / "version_0" / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    for key in ("train/loss_step", "train/loss_epoch", "valid/loss", "learning_rate", "seconds_per_step"):
        assert any(row[key] for row in rows), key


def test_the_examples_lie_beside_it(phase: Path, recipe: Recipe) -> None:
    sounds = {}
    for name in ("premix", "output", "target"):
        sounds[name], rate = soundfile.read(phase / "examples" / f"{name}.wav")
        assert rate == SAMPLE_RATE and sounds[name].shape == (recipe.target_samples, 2)
    assert ((sounds["target"] - sounds["output"]) ** 2).mean() < (sounds["target"] ** 2).mean()
    assert (phase / "examples" / "mel.png").is_file()


class Failing:
    """A logger that works at first."""

    def __init__(self) -> None:
        self.calls = 0

    def log_metrics(self, metrics: object, step: int | None) -> None:
        self.calls += 1
        if self.calls > 1:
            raise OSError("the server went away")


def test_a_logger_that_fails_is_left_out() -> None:
    inner = Failing()
    logger = TolerantLogger(lambda: inner)
    logger.log_metrics({"loss": 1.0}, 0)
    with pytest.warns(UserWarning, match="server went away.*going on without it"):
        logger.log_metrics({"loss": 1.0}, 1)
    logger.log_metrics({"loss": 1.0}, 2)
    logger.finalize("success")
    assert inner.calls == 2


def test_a_training_goes_on_where_wandb_cannot_start(
    recipe: Recipe, songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**options: object) -> None:
        raise TimeoutError("no network")

    monkeypatch.setattr("wandb.init", fail)
    with pytest.warns(UserWarning, match="no network"):
        train(recipe, Run(songs, tmp_path, wandb="online", accelerator="cpu"), lambda line: None)
    assert (tmp_path / "drums" / "model.safetensors").is_file()


def test_a_tone_is_loudest_in_its_mel_band() -> None:
    time = torch.arange(SAMPLE_RATE) / SAMPLE_RATE
    bands = [
        int(mel_db(torch.sin(2 * torch.pi * hz * time).expand(2, -1)).mean(dim=1).argmax()) for hz in (200, 1000, 5000)
    ]
    assert 0 < bands[0] < bands[1] < bands[2] < BANDS
    # 1000 Hz is 1000 mel; the top of the scale is 3923 mel at 22.05 kHz.
    assert bands[1] == pytest.approx(BANDS * 1000 / 3923, abs=1.5)
