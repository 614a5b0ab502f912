"""Checkpoints before any training: random hidden layers, and an output that is the plain sum of the inputs.

    python -m wavemix.zoo.untrained

writes them for all five models into `model_cards/`, with their cards, and pins them.
"""

from pathlib import Path

import torch

from wavemix.staging import write_text
from wavemix.waveunet.initialise import sum_of_inputs_
from wavemix.zoo.card import CARD, render_card
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import CARDS, MODELS, Pin, pin
from wavemix.zoo.weights import save


def save_untrained(name: str, folder: Path, levels: int = 10, filters: int = 24, seed: int = 0) -> ModelConfig:
    """Write an untrained checkpoint of a model and its card; the same bytes for the same arguments."""
    entry = MODELS[name]
    config = ModelConfig(name, "untrained: plain sum", entry.slots, levels=levels, filters=filters)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = sum_of_inputs_(config.build(), entry.input_channels)
    config = save(net, config, folder)
    write_text(folder / CARD, render_card(config))
    return config


if __name__ == "__main__":
    pin({name: Pin(save_untrained(name, CARDS / name).sha256) for name in MODELS})
