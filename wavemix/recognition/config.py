"""`config.json` of a recogniser: what it is, beside its weights."""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from wavemix.documents.files import MEBIBYTE
from wavemix.documents.json_text import read_json
from wavemix.documents.schema import build
from wavemix.errors import WavemixError
from wavemix.recognition.classes import CLASSES
from wavemix.recognition.features import BANDS
from wavemix.recognition.network import EMBEDDING, WIDTHS, RecogniserNet

MOST_WIDTH = 1024


def class_names() -> tuple[str, ...]:
    """The classes as configs write them: `drums/kick` and so on."""
    return tuple(f"{group}/{role}" for group, role in CLASSES)


@dataclass(frozen=True)
class RecogniserConfig:
    """A recogniser's description; it travels with the weights.

    Attributes:
        model: `recognise`.
        classes: Group and role of each output, in order.
        bands: How many bands its frames have; the first recogniser's config does not say, and it had 80.
        widths: Features of each level of the network.
        embedding: Features of a segment.
        temperature: By which logits are divided so that probabilities are as sure as they are right (Guo et al. 2017).
        sha256: Hash of `model.safetensors`; empty before it is written.

    Raises:
        ValueError: If it is no recogniser of this version, or a number is out of its range.
    """

    classes: tuple[str, ...]
    bands: int = 80
    widths: tuple[int, ...] = WIDTHS
    embedding: int = EMBEDDING
    temperature: float = 1.0
    sha256: str = ""
    model: Literal["recognise"] = "recognise"

    def __post_init__(self) -> None:
        if self.classes != class_names():
            raise ValueError(f"the classes must be {', '.join(class_names())}")
        if self.bands != BANDS:
            raise ValueError(f"it hears {self.bands} bands, and this version of wavemix {BANDS}; fetch the model again")
        if not 1 <= len(self.widths) <= 8 or not all(1 <= width <= MOST_WIDTH for width in self.widths):
            raise ValueError(f"widths must be one to eight numbers of 1 to {MOST_WIDTH}")
        if not 1 <= self.embedding <= MOST_WIDTH:
            raise ValueError(f"embedding must be 1 to {MOST_WIDTH}, got {self.embedding}")
        if not (math.isfinite(self.temperature) and 0.01 <= self.temperature <= 100):
            raise ValueError(f"temperature must be 0.01 to 100, got {self.temperature}")

    def build(self) -> RecogniserNet:
        """The network, with random weights."""
        return RecogniserNet(self.widths, self.embedding)

    def dump(self) -> str:
        """The config as JSON text."""
        return json.dumps(asdict(self), indent=2) + "\n"


def is_recogniser(path: Path) -> bool:
    """Whether a `config.json` says that it is a recogniser's.

    Raises:
        WavemixError: If it is missing or no JSON.
    """
    values = read_json(path, MEBIBYTE, "fetch the model again")
    return isinstance(values, dict) and values.get("model") == "recognise"


def read_recogniser_config(path: Path) -> RecogniserConfig:
    """Read and check the `config.json` of a recogniser.

    Raises:
        WavemixError: If it is missing, or describes no recogniser of this version.
    """
    config = build(RecogniserConfig, read_json(path, MEBIBYTE, "fetch the model again"), str(path))
    if not config.sha256:
        raise WavemixError(f"{path}: lacks the hash of its weights (`sha256`); fetch the model again.")
    return config
