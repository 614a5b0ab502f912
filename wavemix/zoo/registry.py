"""The five models by name: what each reads, and which bytes are its published weights."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wavemix.data.groups import GROUPS, MIX, STEREO
from wavemix.errors import WavemixError
from wavemix.staging import write_text

PINS = Path(__file__).with_name("pins.json")
"""The published repositories, and the revision and hash of each model's weights there."""

CARDS = Path(__file__).resolve().parents[2] / "model_cards"
"""The published folders, one a model, as they lie in a checkout."""

_PINNED = json.loads(PINS.read_text(encoding="utf-8"))

REPOSITORY = str(_PINNED["repository"])
"""This project on GitHub, `organisation/name`; its models on the Hub are called `organisation/name-model`."""

ORGANISATION, _PROJECT = REPOSITORY.split("/")
"""Whose they are."""


@dataclass(frozen=True)
class Pin:
    """Which bytes are a model's published weights.

    Attributes:
        sha256: Of `model.safetensors`; other bytes are refused.
        revision: Commit of the Hub repository that has them; None before they are published there.
    """

    sha256: str
    revision: str | None = None


@dataclass(frozen=True)
class ModelEntry:
    """One row of Table 1 of the paper, and the pin of its weights.

    Attributes:
        name: `drums`, `bass`, `vocals`, `other` or `mix`.
        summary: What it does, in a line.
        slots: The name of each of its inputs, in order.
        input_channels: 1 for mono inputs, 2 for inputs that are left and right in turn.
        pin: Its published weights.
    """

    name: str
    summary: str
    slots: tuple[str, ...]
    input_channels: int
    pin: Pin

    @property
    def inputs(self) -> int:
        """Number of mono inputs of the network."""
        return len(self.slots)

    @property
    def repository(self) -> str:
        """On the Hub."""
        return hub_repository(self.name)

    @property
    def sha256(self) -> str:
        """Of the published `model.safetensors`."""
        return self.pin.sha256


def hub_repository(name: str, organisation: str = ORGANISATION) -> str:
    """The Hub repository of a model, of this project's organisation or of another.

    Examples:
        >>> hub_repository("drums", "acme")
        'acme/wavemix-drums'
    """
    return f"{organisation}/{_PROJECT}-{name}"


def pin(pins: Mapping[str, Pin], path: Path = PINS) -> None:
    """Write pins of models into the registry's file; those of other models stay.

    A model that is pinned by its hash alone loses its revision, which had other bytes.

    Raises:
        WavemixError: If the file cannot be written.
    """
    values = {
        name: {"sha256": one.sha256} | ({"revision": one.revision} if one.revision else {})
        for name, one in pins.items()
    }
    known = json.loads(path.read_text(encoding="utf-8"))
    write_text(path, json.dumps(known | values, indent=2) + "\n")


def _stem_model(name: str) -> ModelEntry:
    slots = GROUPS[name].slots
    return ModelEntry(name, f"{len(slots)} mono {name} tracks to one stereo stem", slots, 1, Pin(**_PINNED[name]))


MODELS: dict[str, ModelEntry] = {name: _stem_model(name) for name in GROUPS} | {
    MIX: ModelEntry(
        MIX,
        f"{len(GROUPS)} stereo stems to the stereo mix",
        tuple(f"{name}-{side}" for name in GROUPS for side in ("left", "right")),
        STEREO,
        Pin(**_PINNED[MIX]),
    )
}


def entry_of(name: str) -> ModelEntry:
    """The model of that name.

    Raises:
        WavemixError: If there is none.
    """
    if name not in MODELS:
        raise WavemixError(f"there is no model `{name}`; choose from {', '.join(MODELS)}.")
    return MODELS[name]
