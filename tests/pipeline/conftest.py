"""Systems whose models say at what levels they expect their inputs."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from wavemix.pipeline import AutoMix, Engine
from wavemix.waveunet import sum_of_inputs_
from wavemix.zoo import TASKS, ModelConfig, save

STEM_LEVELS = {"input_loudness_lufs": -25.0, "input_peak_dbfs": -14.0}
MIX_LEVELS = {"input_sum_loudness_lufs": -20.0}

MakeSystem = Callable[..., AutoMix]


@pytest.fixture(scope="session")
def levelled(tmp_path_factory: pytest.TempPathFactory) -> MakeSystem:
    """`levelled(summing=True)`: small models at the next zoo's levels, random or the plain sum of their inputs."""

    def make(summing: bool = False, stems: dict = STEM_LEVELS, mix: dict = MIX_LEVELS) -> AutoMix:
        folder: Path = tmp_path_factory.mktemp("levelled")
        for seed, (name, task) in enumerate(TASKS.items()):
            wanted = mix if name == "mix" else stems
            config = ModelConfig(name, "trained", task.slots, levels=3, filters=2, **wanted)
            torch.manual_seed(seed)
            net = config.build()
            if summing:
                sum_of_inputs_(net, task.input_channels)
            save(net, config, folder / name, torch.float32)
        return AutoMix.from_pretrained(folder, engine=Engine("cpu"))

    return make
