"""Learning from the house engineer, from raw tracks to weights that mix."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from wavemix.cards.card import read_metrics
from wavemix.errors import WavemixError
from wavemix.models.base import WARMUP_STEPS, MixingModule
from wavemix.models.five import DrumsModule
from wavemix.publishing.adoption import adopt
from wavemix.training.losses import training_loss, treble_level_error, weighted_squared_error
from wavemix.training.recipe import RECIPES, Phase, Recipe, read_recipe
from wavemix.training.scores import likeness_to_engineer
from wavemix.training.start import starting_net
from wavemix.training.train import Run, train
from wavemix.waveunet import WaveUNet
from wavemix.zoo.registry import TASKS
from wavemix.zoo.weights import load

RATE = 44_100


@pytest.fixture(scope="module")
def lesson() -> Recipe:
    """The published recipe in a tiny network, some steps long."""
    recipe = read_recipe(RECIPES / "engineer.yaml", ("model=drums", "levels=2", "filters=2"))
    phase = Phase(1e-3, max_epochs=2, schedule="cosine")
    return replace(recipe, phases=(phase,), steps_per_epoch=3, target_samples=2048, save_every_steps=1)


def run(songs: Path, out: Path, **options) -> Run:
    return Run(songs, out, accelerator="cpu", wandb="off", **options)


@pytest.fixture(scope="module")
def learned(raw_songs: Path, lesson: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("learned")
    train(lesson, run(raw_songs, out), lambda line: None)
    return out


def test_songs_without_a_mix_teach(learned, lesson, raw_songs):
    mixer = load("drums", learned)
    assert mixer.config.input_levels == lesson.input_levels
    assert [song["title"] for song in read_metrics(learned / "drums")["songs"]["train"]] == ["train/one", "demo/two"]
    like = likeness_to_engineer(mixer, raw_songs, "valid")
    assert list(like) == ["three"]
    assert like["three"].snr_db > 3  # the static start alone is better than this


def test_stopped_and_resumed_it_ends_with_the_same_bits(learned, lesson, raw_songs, tmp_path):
    one_epoch = tmp_path / "out"
    with pytest.MonkeyPatch.context() as patch:
        steps = iter([False] * 2 + [True] * 100)
        patch.setattr("wavemix.training.checkpoints.SaveState._is_over", lambda self, trainer: next(steps))
        train(lesson, run(raw_songs, one_epoch), lambda line: None)
    train(lesson, run(raw_songs, one_epoch, resume=True), lambda line: None)
    weights = [(out / "drums" / "model.safetensors").read_bytes() for out in (learned, one_epoch)]
    assert weights[0] == weights[1]


def test_the_wide_network_starts_from_the_narrow_one(learned, lesson):
    wide = starting_net(replace(lesson, start="widened", filters=5), learned)
    narrow = load("drums", learned).net
    tracks = torch.randn(1, 10, narrow.input_length(1000))
    torch.testing.assert_close(wide(tracks), narrow(tracks), atol=1e-5, rtol=1e-4)
    with pytest.raises(WavemixError, match="is wider than the recipe's filters, 1"):
        starting_net(replace(lesson, start="widened", filters=1), learned)


def test_the_mix_model_learns_from_students(raw_songs, lesson, learned, tmp_path):
    for task in ("bass", "vocals", "other"):
        train(replace(lesson, model=task, phases=(Phase(1e-3, max_epochs=1),)), run(raw_songs, learned), lambda _: None)
    mix = replace(
        lesson, model="mix", input_loudness_lufs=None, input_peak_dbfs=None, input_sum_loudness_lufs=-20.0, start="sum"
    )
    folder = train(mix, run(raw_songs, tmp_path, students=learned), lambda line: None)
    assert load("mix", folder).config.input_sum_loudness_lufs == -20
    cached = {path.name.split("-")[0] for path in (raw_songs / ".cache" / "mix").glob("*.npy")}
    assert cached == {"one", "two", "three"}
    assert (
        len(list((raw_songs / ".cache" / "mix").glob("one-*.active.npy"))) == 2
    )  # the engineer's stems, the students'
    with pytest.raises(WavemixError, match="only `mix` learns from students"):
        train(lesson, run(raw_songs, tmp_path / "no", students=learned), lambda line: None)


def test_what_the_engineer_taught_takes_the_place_of_what_songs_taught(learned, raw_songs, lesson, tmp_path):
    """Losses against different teachers say nothing of each other; against the same the lower one stays."""
    cards, pins = tmp_path / "cards", tmp_path / "pins.json"
    pins.write_text("{}")
    wide = tmp_path / "wide"
    train(replace(lesson, filters=24, start="widened"), run(raw_songs, wide, weights=learned), lambda line: None)
    (cards / "drums").mkdir(parents=True)
    for file in (wide / "drums").iterdir():
        (cards / "drums" / file.name).write_bytes(file.read_bytes())
    metrics = read_metrics(cards / "drums")
    (cards / "drums" / "metrics.json").write_text("{}")
    assert metrics["recipe"]["teacher"] == "engineer"
    (raw_songs / "valid/three/stems").mkdir(exist_ok=True)
    lines: list[str] = []
    for split in ("train/one", "valid/three", "test/four"):
        (raw_songs / split / "stems").mkdir(exist_ok=True)
        soundfile.write(raw_songs / split / "stems" / "drums.wav", np.zeros((RATE // 2, 2)) + 0.1, RATE)
    assert adopt("drums", wide, raw_songs, cards, pins, lines.append)
    assert not adopt("drums", wide, raw_songs, cards, pins, lines.append)
    like = read_metrics(cards / "drums")["engineer"]
    assert set(like) == {"valid", "test"}
    assert like["valid"]["three"]["snr_db"] > 3


def test_the_rate_rises_and_falls_to_nothing():
    module: MixingModule = DrumsModule(WaveUNet(TASKS["drums"].inputs, levels=2, filters=1), cosine_steps=1_000)
    configured = module.configure_optimizers()
    adam, schedule = configured["optimizer"], configured["lr_scheduler"]["scheduler"]
    rates = []
    for _ in range(1_001):
        rates.append(adam.param_groups[0]["lr"])
        adam.step()
        schedule.step()
    assert np.argmax(rates) == pytest.approx(WARMUP_STEPS, abs=2)
    assert rates[0] < rates[50] < rates[WARMUP_STEPS]
    assert rates[1_000] == pytest.approx(0, abs=1e-9)


def test_without_weights_the_loss_is_the_squared_error():
    mix, target = torch.randn(2, 3, 2, 50)
    torch.testing.assert_close(weighted_squared_error()(mix, target), torch.nn.functional.mse_loss(mix, target))


def test_an_error_in_the_treble_counts_more_but_no_more_than_all_of_the_target():
    time = torch.arange(4_410) / 44_100
    low, high = (0.1 * torch.sin(2 * torch.pi * hz * time).expand(1, 2, -1) for hz in (100, 12_000))
    target, plain, weighted = low + 0.01 * high, weighted_squared_error(), weighted_squared_error(1.0, 30.0)
    low_error, high_error = ((target + 0.001 * low, target), (target + 0.001 * high, target))
    assert weighted(*low_error) == pytest.approx(float(plain(*low_error)), rel=0.01)
    assert weighted(*high_error) > 20 * plain(*high_error)
    nothing = torch.zeros_like(target)
    assert weighted(nothing, target) <= 2 * plain(nothing, target)
    assert weighted(nothing, high) == pytest.approx(2 * float(plain(nothing, high)), rel=0.02)
    assert weighted(low, nothing).isfinite()


def test_the_treble_level_hears_how_strong_it_is_and_neither_its_phase_nor_what_is_below():
    def tone(hz: float, phase: float) -> torch.Tensor:
        return 0.1 * torch.sin(2 * torch.pi * hz / 44_100 * torch.arange(8_820) + phase)

    low, high = tone(500, 0.0), tone(11_000, 0.0)
    target = torch.stack([low + high, low - high])[None]  # the treble is in the side alone
    shifted = torch.stack([low + tone(11_000, 2.0), low - tone(11_000, 2.0)])[None]
    dull = low.expand(1, 2, -1)
    assert treble_level_error(shifted, target) < 1e-6
    whole, bands = float(target.square().mean()), 8
    assert treble_level_error(dull, target) == pytest.approx(whole / bands, rel=0.02)
    assert treble_level_error((target + dull) / 2, target) == pytest.approx(whole / bands / 4, rel=0.02)
    assert treble_level_error(2 * dull, dull) < 1e-6


def test_a_recipe_adds_the_treble_level_to_what_it_trains_with():
    mix, target = 0.1 * torch.randn(2, 3, 2, 4_096)
    recipe = Recipe("vocals", side_weight=10, treble_level_weight=0.5)
    expected = weighted_squared_error(10)(mix, target) + 0.5 * treble_level_error(mix, target)
    torch.testing.assert_close(training_loss(recipe)(mix, target), expected)
