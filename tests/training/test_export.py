"""What comes out of a training is a model that mixes."""

import json
from pathlib import Path

import pytest
import torch

from wavemix.training.checkpoints import Best
from wavemix.training.export import export
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
    measured = []

    def measure(net: WaveUNet) -> float:
        measured.append({name: tensor.clone() for name, tensor in net.state_dict().items()})
        return loss_16_bit

    export(best, recipe, measure, tmp_path, {"phase": 1, "seconds": 60, "device": "a CPU"})
    mixer = load("bass", tmp_path)
    assert mixer.config.status == "trained"
    expected = measured[0] if bits == 16 else best.tensors
    for name, tensor in mixer.net.state_dict().items():
        assert torch.equal(tensor, expected[name])
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["bits"] == bits
    assert metrics["valid_loss"] == (loss_16_bit if bits == 16 else 0.5)
    assert metrics["recipe"]["levels"] == 2


def test_the_card_says_how_it_was_trained(best: Best, recipe: Recipe, tmp_path: Path) -> None:
    export(best, recipe, lambda net: 0.5, tmp_path, {"phase": 2, "seconds": 60, "device": "a CPU"})
    card = (tmp_path / "README.md").read_text()
    assert (
        "Validation loss (mean squared error) 5.0000e-01, after 12 steps of phase 2; 60 s of training on a CPU" in card
    )
    assert "plain sum" not in card
