"""The five models by name: what each reads, and which bytes are its published weights."""

import json
from dataclasses import dataclass
from pathlib import Path

from wavemix.data.groups import GROUPS, MIX, STEREO

PINS = Path(__file__).with_name("pins.json")
"""The hashes of the published weights."""

CARDS = Path(__file__).resolve().parents[2] / "model_cards"
"""The published folders, one a model, as they lie in a checkout."""


@dataclass(frozen=True)
class ModelEntry:
    """One row of Table 1 of the paper, and the pin of its weights.

    Attributes:
        name: `drums`, `bass`, `vocals`, `other` or `mix`.
        summary: What it does, in a line.
        slots: The name of each of its inputs, in order.
        input_channels: 1 for mono inputs, 2 for inputs that are left and right in turn.
        sha256: Of the published `model.safetensors`; other bytes are refused.
    """

    name: str
    summary: str
    slots: tuple[str, ...]
    input_channels: int
    sha256: str

    @property
    def inputs(self) -> int:
        """Number of mono inputs of the network."""
        return len(self.slots)


def _pinned(name: str) -> str:
    return str(json.loads(PINS.read_text(encoding="utf-8"))[name]["sha256"])


def _stem_model(name: str) -> ModelEntry:
    slots = GROUPS[name].slots
    return ModelEntry(name, f"{len(slots)} mono {name} tracks to one stereo stem", slots, 1, _pinned(name))


MODELS: dict[str, ModelEntry] = {name: _stem_model(name) for name in GROUPS} | {
    MIX: ModelEntry(
        MIX,
        f"{len(GROUPS)} stereo stems to the stereo mix",
        tuple(f"{name}-{side}" for name in GROUPS for side in ("left", "right")),
        STEREO,
        _pinned(MIX),
    )
}
