"""Models on the Hugging Face Hub: found in its cache, fetched at a revision, and what goes wrong in one sentence each.

`HF_ENDPOINT`, `HF_HUB_OFFLINE`, `HF_HOME`, `HF_HUB_CACHE` and `HF_TOKEN` mean what they mean to huggingface_hub, which
is imported only here and in `wavemix.publishing`, and only when it is needed.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from wavemix.errors import WavemixError
from wavemix.zoo.config import CONFIG, WEIGHTS

ANSWER_SECONDS = 3.0
"""A Hub that has not answered within this is not there: its client would go on trying for half a minute."""

BUSY_SECONDS = 5.0
"""A Hub that says that it is busy is asked again for so long; its client does that only before some requests."""

COMMIT = re.compile(r"[0-9a-f]{40}")
NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")


def is_name(text: str) -> bool:
    """Whether the Hub could have an organisation or a repository of that name.

    Examples:
        >>> [is_name(text) for text in ("acme", "acme/wavemix-drums", "./acme", "runs/acme/drums")]
        [True, True, False, False]
    """
    return NAME.fullmatch(text) is not None


def fetch(repository: str, revision: str, afresh: bool = False) -> Path:
    """The folder in the Hub's cache with the config and the weights of a model; they are downloaded if need be.

    Args:
        repository: `organisation/name`.
        revision: A commit, which needs no network once it is here; or a branch or tag, which the Hub is asked about
            and which is what it was last while the Hub does not answer.
        afresh: Whether to replace what is in the cache, because its bytes are wrong.

    Raises:
        WavemixError: If the Hub does not answer, or has no such repository, revision or file for this user.
    """
    config = _file(repository, CONFIG, revision, afresh)
    commit = config.parent.name  # the cache is laid out as snapshots/COMMIT/FILE
    return _file(repository, WEIGHTS, commit, afresh).parent


def cached(repository: str, revision: str) -> Path | None:
    """The folder in the Hub's cache with a model, if it is there; asks nobody."""
    with explained(repository):
        from huggingface_hub import try_to_load_from_cache

        paths = [try_to_load_from_cache(repository, name, revision=revision) for name in (CONFIG, WEIGHTS)]
    return Path(paths[0]).parent if isinstance(paths[0], str) and isinstance(paths[1], str) else None


def require_hub() -> None:
    """Ask the Hub for a sign of life, whatever it says.

    Its client waits for names that do not resolve, and for each address that swallows, longer than a user should.

    Raises:
        WavemixError: If there is none within `ANSWER_SECONDS`, or `HF_HUB_OFFLINE` is set.
    """
    from huggingface_hub import HfApi, constants, get_session

    if constants.HF_HUB_OFFLINE:
        raise WavemixError("HF_HUB_OFFLINE is set, so the Hub was not asked; unset it")
    endpoint = HfApi().endpoint
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(get_session().head(endpoint, timeout=ANSWER_SECONDS))
        except Exception as error:  # of whichever HTTP library
            answers.append(error)

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    problem = answers[0] if answers else TimeoutError()
    if isinstance(problem, Exception):
        raise WavemixError(f"the Hub ({endpoint}) does not answer; connect to the network") from problem


@contextmanager
def explained(repository: str) -> Iterator[None]:
    """Turn what huggingface_hub raises into a sentence about a repository.

    Raises:
        WavemixError: With the sentence.
    """
    try:
        from huggingface_hub import errors
    except ImportError as error:
        raise WavemixError(f"{repository}: needs the Hub; install huggingface_hub.") from error
    try:
        yield
    # Its HTTPError is that of the HTTP library beneath, which differs between huggingface_hub 1 and 2.
    except (errors.HTTPError, errors.EntryNotFoundError, OSError, ValueError) as error:  # type: ignore[attr-defined]
        raise WavemixError(f"{repository}: {_sentence(error)}.") from error
    except RuntimeError as error:  # how it speaks of a large file whose upload failed
        raise WavemixError(f"{repository}: {_sentence(error.__cause__ or error)}.") from error


def _file(repository: str, name: str, revision: str, afresh: bool) -> Path:
    """One file of a repository, in the cache."""
    with explained(repository):
        from huggingface_hub import errors, hf_hub_download, try_to_load_from_cache

        found = try_to_load_from_cache(repository, name, revision=revision)
        here = Path(found) if isinstance(found, str) else None
        if here and not afresh and COMMIT.fullmatch(revision):
            return here
        try:
            require_hub()
        except WavemixError as error:
            if here and not afresh:
                return here
            raise WavemixError(f"{repository}: {error}, or name a folder that has the model.") from error
        if here and afresh:
            here.resolve().unlink()  # else the client would find it and take it for the Hub's
        started = time.monotonic()
        while True:
            try:
                return Path(hf_hub_download(repository, name, revision=revision))
            except (errors.HfHubHTTPError, errors.LocalEntryNotFoundError) as error:
                if not _is_busy(error) or time.monotonic() - started >= BUSY_SECONDS:
                    raise
                time.sleep(1)


def _is_busy(error: BaseException | None) -> bool:
    """Whether the Hub answered that it cannot answer now."""
    from huggingface_hub import errors

    if isinstance(error, errors.HfHubHTTPError):
        return error.response.status_code >= 500
    return isinstance(error, errors.LocalEntryNotFoundError) and _is_busy(error.__cause__)


def _sentence(error: BaseException) -> str:
    """What is wrong and what to do, without a full stop."""
    from huggingface_hub import errors

    status = error.response.status_code if isinstance(error, errors.HfHubHTTPError) else None
    login = "set HF_TOKEN, or run `hf auth login`"
    match error:
        case errors.LocalTokenNotFoundError():
            return f"the Hub wants a token and there is none; {login}"
        case errors.GatedRepoError():
            return "is gated; ask for access on its page, then log in"
        case errors.RepositoryNotFoundError():
            return f"is not on the Hub, or your token may not see it; check the name, or {login}"
        case errors.RevisionNotFoundError():
            return "has no such revision; see the tags and commits on its page"
        case errors.LocalEntryNotFoundError():
            return "could not be reached on the Hub and is not in its cache; try again later"
        case errors.EntryNotFoundError():
            return f"lacks {CONFIG} or {WEIGHTS}; it is no model of this kind, or its upload was interrupted"
        case errors.HFValidationError():
            return "is not the name of a repository; write organisation/name"
        case errors.HfHubHTTPError() if status == 401:
            return f"the Hub refuses the token; {login} with a valid one"
        case errors.HfHubHTTPError() if status == 403:
            return "the token may not do this; use one that may write there"
        case errors.HfHubHTTPError() if status == 409:
            return "the Hub says that it exists already"
        case errors.HfHubHTTPError() if status == 412:
            return "somebody else has changed it just now; look at it, then try again"
        case errors.HfHubHTTPError():
            return f"the Hub answered {status} ({error.server_message or 'no reason given'}); try again later"
        case OSError() if error.strerror:
            return f"its files could not be written ({error.strerror}); free some space, or set HF_HOME"
        case OSError() | ValueError():
            return " ".join(str(error).split()).rstrip(".")
        case _:
            return f"the connection to the Hub broke ({error or type(error).__name__}); try again"
