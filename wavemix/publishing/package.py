"""What goes to the Hub, checked: a model's folder, or the app as a Space."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from wavemix.cards.card import CARD, METRICS, read_metrics, render_card
from wavemix.cards.recogniser_card import render_recogniser_card
from wavemix.documents.files import read_text
from wavemix.errors import WavemixError
from wavemix.recognition.config import is_recogniser
from wavemix.shipped import shipped
from wavemix.zoo.config import CONFIG, WEIGHTS, read_config
from wavemix.zoo.hub import is_name
from wavemix.zoo.recogniser import load_recogniser
from wavemix.zoo.registry import ALL, CARDS, MODELS, RECOGNISER, hub_repository, published_entry
from wavemix.zoo.weights import load

FILES = (CARD, CONFIG, WEIGHTS, METRICS)
"""What a model's repository has; whatever else lies in the folder stays at home."""

SPACE = "space"
"""What publishes the app, among the names of models."""

SPACE_FILES = (CARD, "Dockerfile", "app.py", "requirements.txt")
"""What a Space has: metadata and words, how it is built, what it runs, and what that needs."""

SPACES = shipped("spaces")

REQUIRED_METADATA = ("license", "library_name", "pipeline_tag", "tags")


@dataclass(frozen=True)
class Package:
    """A model, or the Space, that may be published.

    Attributes:
        model: Its name in the registry; `space` for the Space.
        folder: Where it lies.
        repository: Where it goes, `organisation/name`.
        sha256: Hash of its weights; of all files of the Space.
        kind: What the Hub calls it.
    """

    model: str
    folder: Path
    repository: str
    sha256: str
    kind: Literal["model", "space"] = "model"

    @property
    def names(self) -> tuple[str, ...]:
        """The files that may be published."""
        return FILES if self.kind == "model" else SPACE_FILES

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are published."""
        return tuple(self.folder / name for name in self.names if (self.folder / name).is_file())

    @property
    def essential(self) -> str:
        """The file by which a repository has one already: a new one may have a card."""
        return WEIGHTS if self.kind == "model" else "app.py"


def pack(what: str, to: str) -> tuple[Package, ...]:
    """Check what is to be published: weights (hash, every tensor, finite), config and card.

    Args:
        what: A model's name, `all` or `all-lite` for a family's five, `space` for the app, or the folder of one model.
        to: An organisation or a user on the Hub; for one model also a repository, `organisation/name`.

    Raises:
        WavemixError: If something is missing or does not fit together.
    """
    if not is_name(to) or (what in ALL and "/" in to):
        raise WavemixError(f"--to {to}: is not the name of an organisation or a user on the Hub.")
    if what == SPACE:
        return (_pack_space(to),)
    if what in ALL:
        return tuple(_pack(CARDS / name, to) for name in ALL[what])
    is_ours = what in MODELS or what == RECOGNISER.name
    return (_pack(CARDS / what if is_ours else Path(what), to),)


def _pack_space(to: str) -> Package:
    missing = [name for name in SPACE_FILES if not (SPACES / name).is_file()]
    if missing:
        raise WavemixError(f"{SPACES / missing[0]}: is missing; restore it.")
    data = b"".join((SPACES / name).read_bytes() for name in SPACE_FILES)
    repository = to if "/" in to else f"{to}/wavemix"
    return Package(SPACE, SPACES, repository, hashlib.sha256(data).hexdigest(), "space")


def _pack(folder: Path, to: str) -> Package:
    if not (folder / CONFIG).is_file():
        named = ", ".join((*MODELS, *ALL, SPACE))
        raise WavemixError(f"{folder}: is no model; name one of {named}, or a model's folder.")
    if not (folder / CARD).is_file():
        raise WavemixError(f"{folder / CARD}: is missing; write it with: wavemix zoo cards {folder}")
    model = _load(folder)
    _check_card(folder, model)
    repository = to if "/" in to else hub_repository(model.name, to)
    return Package(model.name, folder, repository, model.sha256)


@dataclass(frozen=True)
class _Model:
    """A model whose weights load: its name, their hash, and the card that it should have."""

    name: str
    sha256: str
    card: str


def _load(folder: Path) -> _Model:
    """The model of a folder, whichever it is; one of this checkout must be what the registry says."""
    metrics = read_metrics(folder)
    if is_recogniser(folder / CONFIG):
        recogniser = load_recogniser(folder).config
        model = _Model(RECOGNISER.name, recogniser.sha256, render_recogniser_card(recogniser, metrics))
    else:
        config = load(read_config(folder / CONFIG).name, folder).config
        model = _Model(config.name, config.sha256, render_card(config, metrics))
    expected = published_entry(model.name).sha256
    if folder.parent == CARDS and model.sha256 != expected:
        raise WavemixError(
            f"{folder / WEIGHTS}: is not the file that the registry pins (sha256 {model.sha256[:12]}..., "
            f"pinned {expected[:12]}...); pin it, or restore it."
        )
    return model


def _check_card(folder: Path, model: _Model) -> None:
    """A card must have valid metadata and speak of these weights; one of this checkout is generated, not edited."""
    from huggingface_hub import ModelCard

    path = folder / CARD
    text = read_text(path, remedy="write the card again")
    try:
        metadata = ModelCard(text).data
    except (ValueError, yaml.YAMLError) as error:
        raise WavemixError(f"{path}: its metadata cannot be read ({' '.join(str(error).split())}).") from error
    missing = [key for key in REQUIRED_METADATA if not metadata.get(key)]
    if missing:
        raise WavemixError(f"{path}: its metadata lack {', '.join(missing)}; add them at the top.")
    is_stale = text != model.card if folder.parent == CARDS else model.sha256 not in text
    if is_stale:
        raise WavemixError(
            f"{path}: was written for other weights or measurements; write it again with: wavemix zoo cards {folder}"
        )
