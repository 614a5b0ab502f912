"""Packages to the Hub: a repository each, all files in one commit, then a tag, then the registry's pin."""

import hashlib
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wavemix.cards.card import CARD
from wavemix.errors import WavemixError
from wavemix.publishing.package import Package
from wavemix.zoo.config import WEIGHTS
from wavemix.zoo.hub import explained, require_hub
from wavemix.zoo.registry import PINS, Pin, pin, published_entry

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

REFUSED = 400
"""HTTP status of a card with errors."""


@dataclass(frozen=True)
class Options:
    """How to publish.

    Attributes:
        private: Whether a new repository is private.
        tag: Name for the revision, as `v0.1`.
        update: Whether a repository that has another model or card may get this one as its next revision.
        pin: Whether to write revisions and hashes into the registry.
    """

    private: bool = False
    tag: str | None = None
    update: bool = False
    pin: bool = False


@dataclass(frozen=True)
class Publication:
    """A model on the Hub.

    Attributes:
        package: What was published.
        revision: The commit that has it.
        is_new: Whether it was uploaded now; False if it was there already.
    """

    package: Package
    revision: str
    is_new: bool


def publish(
    packages: Sequence[Package],
    options: Options | None = None,
    pins: Path = PINS,
    tell: Callable[[str], None] = lambda repository: None,
) -> tuple[Publication, ...]:
    """Publish checked packages; what is on the Hub already, byte for byte, is left as it is.

    A repository is either as it was or has all files. The registry is written at the very end: after an error it pins
    nothing new, and the same call goes on where it stopped.

    Args:
        packages: From `pack`.
        options: How.
        pins: The registry's file.
        tell: Called with the name of each repository when its turn comes.

    Raises:
        WavemixError: If there is no network, no token or one without the rights, a repository or tag is taken, the
            Hub refuses a card, or an upload broke.
    """
    from huggingface_hub import HfApi

    options = options or Options()
    if options.pin:
        _check_pins(packages)
    hub = HfApi()
    first = packages[0].repository
    with explained(first):
        try:
            require_hub()
        except WavemixError as error:
            raise WavemixError(f"{first}: {error}, then publish again.") from error
        hub.whoami()
    heads = [_head(hub, package, options) for package in packages]
    published = []
    for package, (head, is_there) in zip(packages, heads, strict=True):
        tell(package.repository)
        published.append(_publish(hub, package, head, is_there, options))
    if options.pin:
        pin({one.package.model: Pin(one.package.sha256, one.revision) for one in published}, pins)
    return tuple(published)


def _check_pins(packages: Sequence[Package]) -> None:
    """The registry can only pin its own repositories."""
    for package in packages:
        if package.kind != "model":
            raise WavemixError("--pin: the registry pins models, and a Space is none; leave --pin out.")
        own = published_entry(package.model).repository
        if package.repository != own:
            raise WavemixError(
                f"--pin: the registry's `{package.model}` is {own}, not {package.repository}; publish there, or change "
                f"`repository` in {PINS}."
            )


def _head(hub: "HfApi", package: Package, options: Options) -> tuple[str | None, bool]:
    """The newest commit of a repository, if there is one, and whether that has these very files.

    Raises:
        WavemixError: If the repository has another model and may not be updated, or the tag is taken.
    """
    from huggingface_hub import errors
    from huggingface_hub.hf_api import RepoFile

    repository = package.repository
    with explained(repository):
        _validate_card(hub, package)
        try:
            head = hub.repo_info(repository, repo_type=package.kind).sha
        except errors.RepositoryNotFoundError:
            return None, False
        assert head is not None  # a repository is born with a commit
        found = hub.get_paths_info(repository, list(package.names), revision=head, repo_type=package.kind)
        files = {file.path: file for file in found if isinstance(file, RepoFile)}
        is_there = {path.name for path in package.files} == set(files) and all(
            _is_same(path, files[path.name]) for path in package.files
        )
        tags = {tag.name: tag.target_commit for tag in hub.list_repo_refs(repository, repo_type=package.kind).tags}
    if package.essential in files and not (is_there or options.update):
        raise WavemixError(
            f"{repository}: exists, with other files; add --update to make this its next revision, or publish to "
            "another name."
        )
    if options.tag in tags and not (is_there and tags[options.tag] == head):
        raise WavemixError(f"{repository}: has a tag {options.tag} of another revision; choose another --tag.")
    return head, is_there


def _validate_card(hub: "HfApi", package: Package) -> None:
    """Let the Hub itself look at the card's metadata, before anything is there."""
    from huggingface_hub import get_session

    # As ModelCard.validate, which in huggingface_hub 1 does not know of HF_ENDPOINT.
    path = package.folder / CARD
    question = {"repoType": package.kind, "content": path.read_text(encoding="utf-8")}
    answer = get_session().post(f"{hub.endpoint}/api/validate-yaml", json=question)
    if answer.status_code == REFUSED:
        errors = "; ".join(error["message"] for error in answer.json()["errors"])
        raise WavemixError(f"{path}: the Hub refuses its metadata ({errors}); correct them.")


def _is_same(path: Path, there: "RepoFile") -> bool:
    """Whether a file is the one on the Hub, which knows large files by SHA-256 and small ones as git does."""
    data = path.read_bytes()
    if there.lfs is not None:
        return hashlib.sha256(data).hexdigest() == there.lfs.sha256
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == there.blob_id


def _upload(hub: "HfApi", package: Package, head: str | None) -> str:
    """All files in one commit, whose name is returned."""
    with warnings.catch_warnings():
        # huggingface_hub's own use of its HTTP library.
        warnings.filterwarnings("ignore", "Use 'content=", DeprecationWarning)
        done = hub.upload_folder(
            repo_id=package.repository,
            repo_type=package.kind,
            folder_path=package.folder,
            allow_patterns=list(package.names),
            commit_message=f"wavemix {package.model}, sha256 {package.sha256[:12]}",
            parent_commit=head,
        )
    return done.oid


def _publish(hub: "HfApi", package: Package, head: str | None, is_there: bool, options: Options) -> Publication:
    """Upload a package, if it is not there, and tag it."""
    from huggingface_hub.hf_api import RepoFile

    repository, revision = package.repository, head
    with explained(repository):
        if head is None:
            sdk = "docker" if package.kind == "space" else None
            hub.create_repo(repository, private=options.private, repo_type=package.kind, space_sdk=sdk)
        if not is_there:
            revision = _upload(hub, package, head)
        assert revision is not None  # either it was there or it was uploaded
        if package.kind == "model":
            (weights,) = hub.get_paths_info(repository, WEIGHTS, revision=revision)
            if not (isinstance(weights, RepoFile) and weights.lfs and weights.lfs.sha256 == package.sha256):
                raise WavemixError(f"{repository}: the weights there are not those that were checked; publish again.")
        if options.tag is not None:
            hub.create_tag(repository, tag=options.tag, revision=revision, repo_type=package.kind, exist_ok=True)
    return Publication(package, revision, not is_there)
