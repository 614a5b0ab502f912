"""`config.json`: what a checkpoint is, beside its weights."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.documents.files import MEBIBYTE
from wavemix.documents.json_text import read_json
from wavemix.documents.schema import build
from wavemix.dsp.input_levels import InputLevels
from wavemix.errors import WavemixError
from wavemix.session.groups import STEREO
from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.size import check_size
from wavemix.zoo.registry import TASKS, ModelEntry, family_of, model_of

Status = Literal["untrained: plain sum", "trained"]

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
"""The files of a checkpoint's folder that it cannot do without."""

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 192_000

SHA256 = re.compile("[0-9a-f]{64}")

MOST_BYTES = MEBIBYTE
"""Largest config that is read."""


@dataclass(frozen=True)
class ModelConfig:
    """A checkpoint's description; it travels with the weights.

    Attributes:
        model: The task that it does, by its name in the registry.
        status: `trained`, or `untrained: plain sum` for weights that only hold the sum initialisation.
        sample_rate: Hz.
        slots: Home role of each input, in order, as in training.
        levels: How many levels the network has.
        filters: Filters of the first level; they tell the family.
        input_loudness_lufs: Integrated loudness to which each input is brought first; null for levels as they
            come.
        input_peak_dbfs: Highest sample of each input; see `InputLevels`, as for the next.
        input_sum_loudness_lufs: Integrated loudness of the sum of all inputs, by one gain for all.
        sha256: Hash of `model.safetensors`; empty before it is written.

    Raises:
        ValueError: If it is no model of ours, or a number is out of its range.
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

    def __post_init__(self) -> None:
        if self.model not in TASKS:
            raise ValueError(f"unknown model `{self.model}`; this version has {', '.join(TASKS)}")
        if not LOWEST_RATE_HZ <= self.sample_rate <= HIGHEST_RATE_HZ:
            raise ValueError(f"sample_rate must be {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ}, got {self.sample_rate}")
        if self.sha256 and not SHA256.fullmatch(self.sha256):
            raise ValueError("sha256 must be 64 digits of 0 to 9 and a to f")
        check_size(len(self.slots), STEREO, self.levels, self.filters)
        _ = self.input_levels  # a level that nobody can mean is refused now

    @property
    def name(self) -> str:
        """Name of the registered model whose task and width it has; the full one's, if no family is so wide."""
        return model_of(self.model, self.filters).name

    @property
    def input_levels(self) -> InputLevels:
        """The levels to which its inputs are to be brought.

        Raises:
            ValueError: As `InputLevels`.
        """
        return InputLevels(self.input_loudness_lufs, self.input_peak_dbfs, self.input_sum_loudness_lufs)

    def is_for(self, entry: ModelEntry) -> bool:
        """Whether it may stand for a registered model: it does the task, and is not another family's."""
        return self.model == entry.task.name and family_of(self.filters) in (entry.family, None)

    def build(self) -> WaveUNet:
        """The network, with random weights."""
        return WaveUNet(len(self.slots), outputs=STEREO, levels=self.levels, filters=self.filters)

    def dump(self) -> str:
        """The config as JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"


def read_config(path: Path) -> ModelConfig:
    """Read and check a `config.json`.

    Raises:
        WavemixError: If it is missing, no JSON of this form, describes no network of ours, or was made for other slots
            than this version has.
    """
    values = read_json(path, MOST_BYTES, "fetch the model again")
    config = build(ModelConfig, values, str(path))
    if not config.sha256:
        raise WavemixError(f"{path}: lacks the hash of its weights (`sha256`); fetch the model again.")
    expected = TASKS[config.model].slots
    if config.slots != expected:
        raise WavemixError(
            f"{path}: the model was made for the slots {', '.join(config.slots)}; this version has "
            f"{', '.join(expected)}; use a checkpoint of this version."
        )
    return config
