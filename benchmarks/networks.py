"""Networks to time: random, because one that gives its features no weight is not computed at all."""

from pathlib import Path

import torch

from wavemix.zoo import TASKS, ModelConfig, save


def save_random(folder: Path, filters: int) -> None:
    """Write all five models with random weights, each into a sub-folder."""
    for name, task in TASKS.items():
        config = ModelConfig(name, "trained", task.slots, filters=filters)
        torch.manual_seed(0)
        save(config.build(), config, folder / name)
