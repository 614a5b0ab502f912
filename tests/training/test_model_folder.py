"""What comes out of a training is a model that mixes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from wavemix.training.checkpoints import Best
from wavemix.training.model_folder import write_model_folder
from wavemix.training.recipe import Recipe
from wavemix.waveunet.network import WaveUNet
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import TASKS
from wavemix.zoo.weights import load


@pytest.fixture
def best() -> Best:
    torch.manual_seed(0)
    net = ModelConfig("bass", "trained", TASKS["bass"].slots, levels=2, filters=2).build()
    return Best(0.5, epoch=3, step=12, tensors=net.state_dict())


@pytest.fixture
def recipe() -> Recipe:
    return Recipe("bass", levels=2, filters=2)


@pytest.mark.parametrize(
    ("loss_16_bit", "bits"), [(0.5, 16), (0.50049, 16), (0.50051, 32), (0.4, 16), (float("nan"), 32)]
)
def test_weights_are_in_16_bit_where_that_is_harmless(
    best: Best, recipe: Recipe, tmp_path: Path, loss_16_bit: float, bits: int
) -> None:
    losses, measured = {16: loss_16_bit, 32: 0.5}, {}

    def measure(net: WaveUNet) -> float:
        is_rounded = not torch.equal(net.bottleneck.weight, best.tensors["bottleneck.weight"])
        measured[16 if is_rounded else 32] = net.state_dict()
        return losses[16 if is_rounded else 32]

    write_model_folder(best, recipe, measure, tmp_path, {"phase": 1, "seconds": 60, "device": "a CPU"})
    mixer = load("bass", tmp_path)
    assert mixer.config.status == "trained"
    for name, tensor in mixer.net.state_dict().items():
        assert torch.equal(tensor, measured[bits][name])
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["bits"] == bits
    assert metrics["valid_loss"] == losses[bits]
    assert metrics["recipe"]["levels"] == 2


@pytest.mark.parametrize("loss_16_bit", [0.5, 0.6])
def test_what_was_exported_answers_silence_with_silence(best, recipe, tmp_path, loss_16_bit):
    losses = iter([loss_16_bit, 0.5])
    write_model_folder(best, recipe, lambda net: next(losses), tmp_path, {"phase": 1, "seconds": 60, "device": "a CPU"})
    mixer = load("bass", tmp_path)
    tracks = torch.zeros(1, 4, 1000)
    with torch.no_grad():
        assert mixer(tracks).abs().max() < 1e-8
        tracks[0, 1, 500] = 0.1
        assert mixer(tracks).abs().max() > 1e-3


def test_the_card_says_how_it_was_trained(best: Best, recipe: Recipe, tmp_path: Path) -> None:
    write_model_folder(best, recipe, lambda net: 0.5, tmp_path, {"phase": 2, "seconds": 60, "device": "a CPU"})
    card = (tmp_path / "README.md").read_text()
    assert (
        "Validation loss (mean squared error) 5.0000e-01, after 12 steps of phase 2; 60 s of training on a CPU" in card
    )
    assert "plain sum" not in card
    assert "of the start" not in card
    write_model_folder(
        replace(best, step=0), recipe, lambda net: 0.5, tmp_path, {"phase": 1, "seconds": 60, "device": "a CPU"}
    )
    assert "these are the weights of the start" in (tmp_path / "README.md").read_text()
