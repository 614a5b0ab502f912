"""The published models: five tasks, each in every family, and which bytes are their weights.

A task says what is mixed, a family how wide the networks are. A model is a task in a family: `drums`, `drums-lite`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.shipped import shipped
from wavemix.staging import write_text

PINS = Path(__file__).with_name("pins.json")
"""The published repositories, and the revision and hash of each model's weights there."""

CARDS = shipped("model_cards")
"""The published folders, one a model, that this version of wavemix comes with."""

_PINNED = json.loads(PINS.read_text(encoding="utf-8"))

REPOSITORY = str(_PINNED["repository"])
"""This project on GitHub, `organisation/name`; its models on the Hub are called `organisation/name-model`."""

ORGANISATION, _PROJECT = REPOSITORY.split("/")
"""The organisation that the repositories belong to, and the name that those of models begin with."""


@dataclass(frozen=True)
class Pin:
    """Which bytes are a model's published weights.

    Attributes:
        sha256: Hash of `model.safetensors`; other bytes are refused.
        revision: Commit of the Hub repository that has them; None before they are published there.
    """

    sha256: str
    revision: str | None = None


@dataclass(frozen=True)
class Task:
    """One row of Table 1 of the paper.

    Attributes:
        name: `drums`, `bass`, `vocals`, `other` or `mix`.
        summary: What is mixed, in a line.
        slots: The name of each input, in order.
        input_channels: 1 for mono inputs, 2 for inputs that are left and right in turn.
    """

    name: str
    summary: str
    slots: tuple[str, ...]
    input_channels: int

    @property
    def inputs(self) -> int:
        """Number of mono inputs of the network."""
        return len(self.slots)


@dataclass(frozen=True)
class Family:
    """One width of the networks, in which there is a published model for every task.

    Attributes:
        name: `full` or `lite`.
        filters: Filters of the network's first level.
        suffix: What the names of its models have after the task's.
        summary: What it is for, in a line.
    """

    name: str
    filters: int
    suffix: str
    summary: str

    @property
    def option(self) -> str:
        """What a command line ends in, to take it: nothing for the family that is taken anyway."""
        return f" --family {self.name}" if self.suffix else ""


@dataclass(frozen=True)
class ModelEntry:
    """A published model: a task in a family, and the pin of its weights."""

    task: Task
    family: Family
    pin: Pin

    @property
    def name(self) -> str:
        """The task's name with the family's suffix: `drums`, `drums-lite`."""
        return self.task.name + self.family.suffix

    @property
    def repository(self) -> str:
        """The model's repository on the Hub."""
        return hub_repository(self.name)

    @property
    def sha256(self) -> str:
        """Hash of the published `model.safetensors`; empty before there is one."""
        return self.pin.sha256


@dataclass(frozen=True)
class RecogniserEntry:
    """The published recogniser, which mixes nothing and is of no family, and the pin of its weights."""

    name: str
    pin: Pin

    @property
    def repository(self) -> str:
        """Its repository on the Hub."""
        return hub_repository(self.name)

    @property
    def sha256(self) -> str:
        """Hash of the published `model.safetensors`; empty before there is one."""
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


def _stem_task(name: str) -> Task:
    slots = GROUPS[name].slots
    return Task(name, f"{len(slots)} mono {name} tracks to one stereo stem", slots, 1)


TASKS: dict[str, Task] = {name: _stem_task(name) for name in GROUPS} | {
    MIX: Task(
        MIX,
        f"{len(GROUPS)} stereo stems to the stereo mix",
        tuple(f"{name}-{side}" for name in GROUPS for side in ("left", "right")),
        STEREO,
    )
}
"""What the five models of a family mix."""

FULL = Family("full", 24, "", "the paper's width")
LITE = Family("lite", 8, "-lite", "a third of the paper's width, to mix in real time on a CPU")

FAMILIES: dict[str, Family] = {family.name: family for family in (FULL, LITE)}

MODELS: dict[str, ModelEntry] = {
    entry.name: entry
    for family in FAMILIES.values()
    for task in TASKS.values()
    for entry in [ModelEntry(task, family, Pin(**_PINNED.get(task.name + family.suffix, {"sha256": ""})))]
}
"""Every task in every family."""

RECOGNISER = RecogniserEntry("recognise", Pin(**_PINNED.get("recognise", {"sha256": ""})))
"""What tells group and role of a track by its sound."""

ALL: dict[str, tuple[str, ...]] = {
    f"all{family.suffix}": tuple(name for name, entry in MODELS.items() if entry.family is family)
    for family in FAMILIES.values()
}
"""The models of a family by one name: `all`, `all-lite`."""


def entry_of(name: str, family: str = FULL.name) -> ModelEntry:
    """The model of that name, or of that task in a family.

    Raises:
        WavemixError: If there is none.

    Examples:
        >>> [entry_of(*which).name for which in (("drums",), ("drums-lite",), ("drums", "lite"))]
        ['drums', 'drums-lite', 'drums-lite']
    """
    if family not in FAMILIES:
        raise WavemixError(f"there is no family `{family}`; choose from {', '.join(FAMILIES)}.")
    entry = MODELS.get(name + FAMILIES[family].suffix) or MODELS.get(name)
    if entry is None:
        raise WavemixError(f"there is no model `{name}`; choose from {', '.join(MODELS)}.")
    return entry


def published_entry(name: str) -> ModelEntry | RecogniserEntry:
    """What is published under a name of the registry."""
    return RECOGNISER if name == RECOGNISER.name else MODELS[name]


def models_named(name: str) -> tuple[str, ...]:
    """The models that a name means: one, the recogniser included, or a family's five for `all` and `all-lite`.

    Raises:
        WavemixError: If there are none.
    """
    if name == RECOGNISER.name:
        return (name,)
    return ALL.get(name) or (entry_of(name).name,)


def model_of(task: str, filters: int) -> ModelEntry:
    """The model of a task and a width; that of the full family, if no family is so wide.

    Examples:
        >>> [model_of("drums", filters).name for filters in (24, 8, 12)]
        ['drums', 'drums-lite', 'drums']
    """
    return MODELS[task + (family_of(filters) or FULL).suffix]


def family_of(filters: int) -> Family | None:
    """The family whose networks have so many filters in their first level."""
    return next((family for family in FAMILIES.values() if family.filters == filters), None)
