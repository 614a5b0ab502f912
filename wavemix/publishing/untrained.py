"""Checkpoints before any training: random hidden layers, and an output that is the plain sum of the inputs."""

from pathlib import Path

import torch

from wavemix.cards.card import CARD, render_card
from wavemix.staging import write_text
from wavemix.waveunet.initialise import sum_of_inputs_
from wavemix.zoo.config import WEIGHTS, ModelConfig
from wavemix.zoo.registry import CARDS, MODELS, PINS, Pin, pin
from wavemix.zoo.weights import save


def save_untrained(name: str, folder: Path, levels: int = 10, filters: int | None = None, seed: int = 0) -> ModelConfig:
    """Write an untrained checkpoint of a model and its card; the same bytes for the same arguments.

    Args:
        name: The model.
        folder: Where to write.
        levels: How many levels the network has.
        filters: Filters of its first level; None for the family's.
        seed: Seed of the random hidden layers.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    task, family = MODELS[name].task, MODELS[name].family
    config = ModelConfig(
        task.name, "untrained: plain sum", task.slots, levels=levels, filters=filters or family.filters
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = sum_of_inputs_(config.build(), task.input_channels)
    config = save(net, config, folder)
    write_text(folder / CARD, render_card(config))
    return config


def write_missing(cards: Path = CARDS, pins: Path = PINS) -> list[str]:
    """Write untrained checkpoints of the models that have no weights yet, and pin them.

    Args:
        cards: The published models.
        pins: The file of their hashes.

    Returns:
        The models that had none.

    Raises:
        WavemixError: If a folder or the file cannot be written.
    """
    missing = [name for name in MODELS if not (cards / name / WEIGHTS).is_file()]
    pin({name: Pin(save_untrained(name, cards / name).sha256) for name in missing}, pins)
    return missing
