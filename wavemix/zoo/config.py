"""`config.json`: what a checkpoint is, beside its weights."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal

import torch

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.dsp.input_levels import InputLevels
from wavemix.errors import WavemixError
from wavemix.waveunet.network import WaveUNet
from wavemix.zoo.registry import TASKS, ModelEntry, family_of, model_of

Status = Literal["untrained: plain sum", "trained"]

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
"""The files of a checkpoint's folder that it cannot do without."""


@dataclass(frozen=True)
class ModelConfig:
    """A checkpoint's description; it travels with the weights.

    Attributes:
        model: The task that it does, by its name in the registry.
        status: `trained`, or `untrained: plain sum` for weights that only hold the sum initialisation.
        sample_rate: Hz.
        slots: Home role of each input, in order, as in training.
        levels: Of the network.
        filters: Filters of the first level; they tell the family.
        input_loudness_lufs: Integrated loudness to which each input is brought first; null for levels as they
            come.
        input_peak_dbfs: Highest sample of each input; see `InputLevels`, as for the next.
        input_sum_loudness_lufs: Integrated loudness of the sum of all inputs, by one gain for all.
        sha256: Of `model.safetensors`.
    """

    model: str
    status: Status
    slots: tuple[str, ...]
    sample_rate: int = SAMPLE_RATE
    levels: int = 10
    filters: int = 24
    input_loudness_lufs: float | None = None
    input_peak_dbfs: float | None = None
    input_sum_loudness_lufs: float | None = None
    sha256: str = ""

    @property
    def name(self) -> str:
        """Of the registered model whose task and width it has; of the full one, if no family is so wide."""
        return model_of(self.model, self.filters).name

    @property
    def input_levels(self) -> InputLevels:
        """The levels to which its inputs are to be brought."""
        return InputLevels(self.input_loudness_lufs, self.input_peak_dbfs, self.input_sum_loudness_lufs)

    def is_for(self, entry: ModelEntry) -> bool:
        """Whether it may stand for a registered model: it does the task, and is not another family's."""
        return self.model == entry.task.name and family_of(self.filters) in (entry.family, None)

    def build(self) -> WaveUNet:
        """The network, with random weights."""
        return WaveUNet(len(self.slots), outputs=2, levels=self.levels, filters=self.filters)

    def dump(self) -> str:
        """As JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"


def read_config(path: Path) -> ModelConfig:
    """Read and check a `config.json`.

    Raises:
        WavemixError: If it is missing, no JSON of this form, or made for other slots than this version has.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WavemixError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise WavemixError(f"{path}: is not valid JSON; fetch the model again.") from error
    known = {field.name for field in fields(ModelConfig)}
    if not isinstance(values, dict) or not {"model", "status", "slots", "sha256"} <= set(values) <= known:
        raise WavemixError(f"{path}: does not describe a model of this version; its keys must be {sorted(known)}.")
    if values["model"] not in TASKS:
        raise WavemixError(f"{path}: unknown model `{values['model']}`; this version has {', '.join(TASKS)}.")
    try:
        config = ModelConfig(**values | {"slots": tuple(values["slots"])})
        with torch.device("meta"):  # no memory and no random weights: only the shapes are asked for
            config.build()
    except (TypeError, ValueError) as error:
        raise WavemixError(f"{path}: does not describe a network ({error}).") from error
    expected = TASKS[config.model].slots
    if config.slots != expected:
        raise WavemixError(
            f"{path}: the model was made for the slots {', '.join(config.slots)}; this version has "
            f"{', '.join(expected)}; use a checkpoint of this version."
        )
    return config
