"""Published weights: from the checkout, the Hub's cache or the Hub, and only if they are the bytes that are pinned."""

import shutil
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hub_environment import HUB_PORT
from hub_store import Blob, Repository
from huggingface_hub import close_session

from wavemix import AutoMix, Engine
from wavemix.errors import WavemixError
from wavemix.zoo import MODELS, load
from wavemix.zoo.places import find, find_here
from wavemix.zoo.registry import ALL, ORGANISATION, Pin

REPOSITORY = "org/wavemix-drums"


def put(hub, repository: str, folder: Path) -> str:
    """A model's folder on the Hub, as a commit; returns its name."""
    files = {path.name: Blob(path.read_bytes(), path.suffix == ".safetensors") for path in folder.iterdir()}
    return hub.repositories.setdefault(repository, Repository(private=False)).commit(files)


def pin(monkeypatch, name: str, sha256: str, revision: str | None = None) -> None:
    monkeypatch.setitem(MODELS, name, replace(MODELS[name], pin=Pin(sha256, revision)))


def flip(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """Where a checkout would have its models; there are none."""
    folder = tmp_path / "model_cards"
    folder.mkdir()
    monkeypatch.setattr("wavemix.zoo.places.CARDS", folder)
    return folder


@pytest.fixture
def sha256(tiny_weights) -> str:
    return load("drums", tiny_weights).config.sha256


@pytest.fixture
def revision(hub, checkout, tiny_weights, sha256, monkeypatch) -> str:
    """Drums are published and pinned, and nowhere on this machine."""
    commit = put(hub, REPOSITORY, tiny_weights / "drums")
    pin(monkeypatch, "drums", sha256, commit)
    return commit


@pytest.fixture
def offline(monkeypatch):
    """From now on the Hub is not asked."""
    return lambda: monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def test_the_pinned_revision_is_fetched_once(hub, revision, sha256, tiny_weights):
    assert find_here("drums") is None
    mixer = load("drums")
    assert mixer.config.sha256 == sha256
    assert mixer.origin == f"{REPOSITORY}@{revision}"
    tracks = torch.randn(1, 10, 500)
    torch.testing.assert_close(mixer(tracks), load("drums", tiny_weights)(tracks), atol=0, rtol=0)
    hub.log.clear()
    assert load("drums").config.sha256 == sha256
    assert find_here("drums") is not None
    assert not hub.log


def test_the_pin_is_a_commit_whatever_comes_later(hub, revision, sum_weights, sha256):
    put(hub, REPOSITORY, sum_weights / "drums")
    assert load("drums").config.sha256 == sha256
    newest = load("drums", revision="main")
    assert newest.config.status == "untrained: plain sum"
    assert newest.origin == f"{REPOSITORY}@{hub.repositories[REPOSITORY].head}"


def test_a_branch_is_asked_for_anew_and_a_commit_never(hub, revision, sum_weights):
    first = hub.repositories[REPOSITORY].head
    assert load("drums", revision="main").origin.endswith(first)
    second = put(hub, REPOSITORY, sum_weights / "drums")
    assert load("drums", revision="main").origin.endswith(second)
    hub.log.clear()
    assert load("drums", revision=second).origin.endswith(second)
    assert not hub.log


def test_a_revision_is_a_tag_or_a_commit(hub, revision, sum_weights, sha256):
    put(hub, REPOSITORY, sum_weights / "drums")
    hub.repositories[REPOSITORY].tags["v0.1"] = revision
    for name in ("v0.1", revision):
        assert load("drums", revision=name).config.sha256 == sha256
    with pytest.raises(WavemixError, match="org/wavemix-drums: has no such revision"):
        load("drums", revision="v9")


def test_a_checkout_with_the_right_bytes_asks_nobody(hub, revision, checkout, tiny_weights):
    shutil.copytree(tiny_weights / "drums", checkout / "drums")
    assert load("drums").origin == str(checkout / "drums")
    assert not hub.log


@pytest.mark.parametrize(("method", "times"), [("HEAD", 1), ("GET", 1), ("GET", 2)])
def test_a_busy_hub_is_asked_again(hub, revision, sha256, method, times, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    hub.fail(method, "/model.safetensors" if method == "HEAD" else f"/_cdn/{sha256}", *[503] * times)
    assert load("drums").config.sha256 == sha256
    assert [entry for entry in hub.log if entry[2] == 503]


def test_a_hub_that_stays_busy_is_told_of(hub, revision, sha256, monkeypatch):
    monkeypatch.setattr("wavemix.zoo.hub.BUSY_SECONDS", 0)
    hub.fail("GET", f"/_cdn/{sha256}", 503)
    with pytest.raises(WavemixError, match=r"org/wavemix-drums: the Hub answered 503 .*; try again later\.$"):
        load("drums")


def test_a_flipped_byte_on_the_hub_is_refused_until_it_is_repaired(hub, revision, sha256):
    hub.tamper(REPOSITORY, "model.safetensors")
    with pytest.raises(WavemixError, match=r"model\.safetensors: is not the file that it should be") as caught:
        load("drums")
    assert "hub-cache" in str(caught.value)
    hub.tamper(REPOSITORY, "model.safetensors")
    assert load("drums").config.sha256 == sha256


@pytest.mark.parametrize("is_link", [True, False])
def test_a_flipped_byte_in_the_cache_is_fetched_again_or_refused(hub, revision, sha256, offline, is_link):
    load("drums")
    cached = find_here("drums").folder / "model.safetensors"
    assert cached.is_symlink()
    if not is_link:  # as on systems without links
        cached.resolve().rename(cached)
    flip(cached)
    assert load("drums").config.sha256 == sha256
    flip(cached)
    offline()
    with pytest.raises(WavemixError, match="is not the file that it should be") as caught:
        load("drums")
    assert str(cached) in str(caught.value)


def test_a_flipped_byte_in_the_checkout_is_named_and_not_used(
    hub, revision, checkout, tiny_weights, sha256, monkeypatch
):
    weights = Path(shutil.copytree(tiny_weights / "drums", checkout / "drums")) / "model.safetensors"
    flip(weights)
    with pytest.warns(UserWarning, match="is not the published file") as caught:
        assert load("drums").origin == f"{REPOSITORY}@{revision}"
    assert str(weights) in str(caught[0].message)
    pin(monkeypatch, "drums", sha256, None)
    with pytest.raises(WavemixError, match="is not the file that it should be") as refused:
        load("drums")
    assert str(weights) in str(refused.value)


def test_offline_the_cache_is_enough(hub, revision, sha256, offline):
    hub.repositories[REPOSITORY].tags["v0.1"] = revision
    load("drums", revision="v0.1")
    offline()
    assert load("drums").config.sha256 == sha256
    assert load("drums", revision="v0.1").config.sha256 == sha256


def test_a_hub_that_has_gone_away_leaves_the_cache(hub, revision, sha256):
    hub.repositories[REPOSITORY].tags["v0.1"] = revision
    load("drums", revision="v0.1")
    hub.__exit__()
    close_session()
    assert load("drums", revision="v0.1").config.sha256 == sha256


def expect_refusal_within_5_seconds(match: str) -> None:
    started = time.monotonic()
    with pytest.raises(WavemixError, match=match) as caught:
        AutoMix.from_pretrained(engine=Engine("cpu"))
    assert time.monotonic() - started < 5
    assert "or name a folder" in str(caught.value)


@pytest.fixture
def nowhere(hub_cache, checkout, monkeypatch):
    """Every model is pinned and none is here; nobody answers."""
    for name in MODELS:
        pin(monkeypatch, name, "0" * 64, "0" * 40)


def test_without_a_network_it_fails_at_once(nowhere):
    expect_refusal_within_5_seconds(r"org/wavemix-drums: the Hub \(http://.*\) does not answer; connect")


def test_behind_a_firewall_that_swallows_it_fails_soon(nowhere):
    with socket.create_server(("127.0.0.1", HUB_PORT)):
        expect_refusal_within_5_seconds("does not answer")


def test_with_names_that_do_not_resolve_it_fails_soon(nowhere, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *arguments, **options: time.sleep(20))
    expect_refusal_within_5_seconds("does not answer")


def test_where_the_hub_is_forbidden_it_fails_at_once(nowhere, offline):
    offline()
    expect_refusal_within_5_seconds("HF_HUB_OFFLINE is set")


def test_weights_that_were_never_published(hub_cache, checkout, monkeypatch):
    pin(monkeypatch, "drums", "0" * 64)
    with pytest.raises(WavemixError, match="no weights for `drums` are here, and .* knows of none on the Hub"):
        load("drums")


def test_a_wrong_token(hub, revision, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(WavemixError, match="org/wavemix-drums: the Hub refuses the token; set HF_TOKEN"):
        load("drums")


def test_a_private_repository_wants_a_token(hub, revision, sha256, monkeypatch):
    hub.repositories[REPOSITORY].private = True
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(WavemixError, match="org/wavemix-drums: is not on the Hub, or your token may not see it"):
        load("drums")
    monkeypatch.setenv("HF_TOKEN", "hf_test")
    assert load("drums").config.sha256 == sha256


def test_an_organisation_has_all_five_of_a_family(hub, checkout, tiny_weights, lite_weights):
    for folder in (*tiny_weights.iterdir(), *lite_weights.iterdir()):
        put(hub, f"someone/wavemix-{folder.name}", folder)
    for family, names, filters in (("full", ALL["all"], 2), ("lite", ALL["all-lite"], 8)):
        system = AutoMix.from_pretrained("someone", engine=Engine("cpu"), family=family)
        assert {model.origin.split("@")[0] for model in system.models.values()} == {
            f"someone/wavemix-{name}" for name in names
        }
        assert system.model("mix").net.filters == filters


def test_our_organisation_by_name_is_the_published_system(hub, revision, sha256):
    assert load("drums", ORGANISATION).config.sha256 == sha256
    assert load("drums", ORGANISATION).origin == f"{REPOSITORY}@{revision}"


def test_a_folder_goes_before_an_organisation_of_its_name(hub, checkout, tiny_weights, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in (ORGANISATION, "someone"):
        shutil.copytree(tiny_weights, name)
        assert load("drums", name).origin == f"{name}/drums"
    assert not hub.log


def test_a_repository_has_one_and_the_others_are_published(hub, revision, sum_weights, sha256):
    put(hub, "me/my-bass", sum_weights / "bass")
    assert load("bass", "me/my-bass").config.status == "untrained: plain sum"
    assert load("drums", "me/my-bass").config.sha256 == sha256


def test_a_repository_of_another_family_is_refused(hub, checkout, lite_weights):
    put(hub, "me/my-bass", lite_weights / "bass-lite")
    assert load("bass-lite", "me/my-bass").net.filters == 8
    with pytest.raises(WavemixError, match=r"me/my-bass@\w+: holds the model `bass-lite` .*, not `bass`"):
        load("bass", "me/my-bass")


def test_a_name_that_is_neither_a_folder_nor_on_the_hub(hub):
    with pytest.raises(WavemixError, match="typo: is no folder here, and of the Hub: typo/wavemix-drums: is not on"):
        load("drums", "typo")


def test_an_unfinished_upload_is_told_of(hub, revision):
    for path in ("config.json", "model.safetensors"):
        missing = dict(hub.repositories[REPOSITORY].commits[revision])
        del missing[path]
        commit = hub.repositories[REPOSITORY].commit(missing)
        with pytest.raises(WavemixError, match=r"org/wavemix-drums: lacks config\.json or model\.safetensors"):
            load("drums", revision=commit)


def test_a_folder_has_no_revisions(tiny_weights):
    with pytest.raises(WavemixError, match="a folder has no revision v1"):
        find("drums", tiny_weights, "v1")
