"""Where the weights of a model are: in a folder, with the package, in the Hub's cache, or on the Hub."""

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from wavemix.documents.files import MEBIBYTE, read_bytes
from wavemix.errors import WavemixError
from wavemix.waveunet.size import MOST_PARAMETERS
from wavemix.zoo import hub
from wavemix.zoo.config import CONFIG, WEIGHTS, read_config
from wavemix.zoo.registry import CARDS, MODELS, ORGANISATION, RECOGNISER, hub_repository, published_entry

MOST_WEIGHT_BYTES = 4 * MOST_PARAMETERS + MEBIBYTE
"""Largest file of weights: those of the largest network in 32 bit, and their names."""


@dataclass(frozen=True)
class Place:
    """Where the weights of a model lie.

    Attributes:
        folder: Has `config.json` and `model.safetensors`.
        origin: The folder, or `organisation/name@commit` on the Hub.
        sha256: Which bytes they must be; None for what the folder's own config says.
        data: The bytes of `model.safetensors`, where they have been read and found to be the ones of `sha256`.
    """

    folder: Path
    origin: str
    sha256: str | None = None
    data: bytes | None = field(default=None, repr=False, compare=False)


def find(name: str, weights: Path | str | None = None, revision: str | None = None) -> Place:
    """Where the weights that are asked for are, downloaded if need be.

    Args:
        name: The model.
        weights: As in `wavemix.zoo.weights.load`.
        revision: As in `wavemix.zoo.weights.load`.

    Raises:
        WavemixError: If they are nowhere, or a folder that was named holds no model at all.
    """
    if weights is None:
        return _published(name, revision)
    if isinstance(weights, Path) or Path(weights).exists() or not hub.is_name(weights):
        if revision is not None:
            raise WavemixError(f"{weights}: a folder has no revision {revision}; leave it out, or name a repository.")
        return _in_folder(name, Path(weights)) or _published(name)
    if weights == ORGANISATION:
        return _published(name, revision)
    try:
        place = _on_hub(weights if "/" in weights else hub_repository(name, weights), revision or "main")
    except WavemixError as error:
        raise WavemixError(f"{weights}: is no folder here, and of the Hub: {error}") from error
    if name == RECOGNISER.name:
        return place
    is_other = "/" in weights and read_config(place.folder / CONFIG).model != MODELS[name].task.name
    return _published(name) if is_other else place


def find_here(name: str, folder: Path | None = None) -> Place | None:
    """Where the weights of a model are on this machine; None if they must be downloaded.

    Args:
        name: The model.
        folder: Weights of your own, as in `wavemix.zoo.weights.load`; those of another family do not count.

    Raises:
        WavemixError: If the folder holds no model at all.
    """
    own = _in_folder(name, folder) if folder else None
    if own and not read_config(own.folder / CONFIG).is_for(MODELS[name]):
        own = None
    return own or next(filter(_is_right, _kept(name)), None)


def read_checked(path: Path, sha256: str) -> bytes:
    """The bytes of a file of weights, if they are the expected ones.

    Raises:
        WavemixError: If it cannot be read, is larger than any network, or holds others.
    """
    data = read_bytes(path, MOST_WEIGHT_BYTES, "fetch the model again")
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise WavemixError(
            f"{path}: is not the file that it should be (sha256 {found[:12]}..., expected {sha256[:12]}...); "
            "fetch the model again."
        )
    return data


def _in_folder(name: str, folder: Path) -> Place | None:
    """Where in the user's folder of weights a model lies; None if it is not there.

    Raises:
        WavemixError: If the folder holds no model at all.
    """
    if name == RECOGNISER.name:
        own = next((one for one in (folder / name, folder) if (one / CONFIG).is_file()), None)
        return Place(own, str(own)) if own else None
    task = MODELS[name].task.name
    if (folder / CONFIG).is_file():
        return Place(folder, str(folder)) if read_config(folder / CONFIG).model == task else None
    if not any((folder / model / CONFIG).is_file() for model in MODELS):
        raise WavemixError(f"{folder}: holds no model; it must have {CONFIG}, or a folder named after a model.")
    return next(
        (Place(folder / one, str(folder / one)) for one in (name, task) if (folder / one / CONFIG).is_file()), None
    )


def _published(name: str, revision: str | None = None) -> Place:
    """The published weights: what is here, if its hash is the registry's, else from the Hub.

    Raises:
        WavemixError: If they are nowhere, or what is here are other bytes and the right ones cannot be had.
    """
    entry = published_entry(name)
    if revision not in (None, entry.pin.revision):
        return _on_hub(entry.repository, str(revision))
    wrong: dict[Path, WavemixError] = {}
    for place in _kept(name):
        try:
            return replace(place, data=read_checked(place.folder / WEIGHTS, entry.sha256))
        except WavemixError as error:
            wrong[place.folder] = error
    first_wrong = next(iter(wrong.values()), None)
    if entry.pin.revision is None:
        if first_wrong:
            raise first_wrong
        raise WavemixError(
            f"no weights for `{name}` are here, and this version of wavemix knows of none on the Hub; mix from a "
            "checkout, or name a folder that has them."
        )
    try:
        folder = hub.fetch(entry.repository, entry.pin.revision, afresh=bool(wrong))
    except WavemixError as error:
        raise first_wrong or error from error
    for other in wrong.keys() - {folder}:
        warnings.warn(f"{other / WEIGHTS}: is not the published file; the Hub's is used.", stacklevel=4)
    return Place(folder, f"{entry.repository}@{entry.pin.revision}", entry.sha256)


def _kept(name: str) -> Iterator[Place]:
    """The places on this machine that have published weights, or what should be them."""
    entry = published_entry(name)
    if (CARDS / name / WEIGHTS).is_file():
        yield Place(CARDS / name, str(CARDS / name), entry.sha256)
    if entry.pin.revision is not None:
        folder = hub.cached(entry.repository, entry.pin.revision)
        if folder is not None:
            yield Place(folder, f"{entry.repository}@{entry.pin.revision}", entry.sha256)


def _is_right(place: Place) -> bool:
    with (place.folder / WEIGHTS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == place.sha256


def _on_hub(repository: str, revision: str) -> Place:
    folder = hub.fetch(repository, revision)
    return Place(folder, f"{repository}@{folder.name}")
