"""Models to the Hub: whole or not at all, in one commit, and pinned only when all of it is there."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hub_server import DROP
from hub_store import Blob

from wavemix.cards.card import write_card
from wavemix.errors import WavemixError
from wavemix.publishing import Options, pack, publish
from wavemix.zoo import MODELS, load
from wavemix.zoo.config import read_config
from wavemix.zoo.registry import ALL, ORGANISATION, RECOGNISER, Pin

FILES = {"README.md", "config.json", "model.safetensors"}


@pytest.fixture
def cards(tiny_weights, lite_weights, tmp_path, monkeypatch) -> Path:
    """The published models of a checkout, small, with the registry's hashes."""
    folder = Path(shutil.copytree(tiny_weights, tmp_path / "model_cards"))
    shutil.copytree(lite_weights, folder, dirs_exist_ok=True)
    for module in ("wavemix.publishing.package", "wavemix.zoo.places"):
        monkeypatch.setattr(f"{module}.CARDS", folder)
    for name in MODELS:
        write_card(folder / name)
        sha256 = read_config(folder / name / "config.json").sha256
        monkeypatch.setitem(MODELS, name, replace(MODELS[name], pin=Pin(sha256)))
    return folder


@pytest.fixture
def pins(tmp_path) -> Path:
    path = tmp_path / "pins.json"
    path.write_text(json.dumps({"repository": "org/wavemix", "drums": {"sha256": "old", "revision": "old"}}))
    return path


def commits(hub, repository):
    return [path for method, path, status in hub.log if path.startswith(f"/api/models/{repository}/commit/")]


def expect(match, *arguments, **options):
    """One sentence, without what the client says in many."""
    with pytest.raises(WavemixError, match=match) as caught:
        publish(*arguments, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("what", ALL)
def test_all_five_of_a_family_are_published_tagged_and_pinned(hub, cards, pins, what):
    (cards / "drums/lightning.ckpt").write_text("stays at home")
    told = []
    published = publish(pack(what, ORGANISATION), Options(tag="v0.1", pin=True), pins, told.append)
    assert told == [f"org/wavemix-{name}" for name in ALL[what]]
    assert set(hub.repositories) == set(told)
    pinned = json.loads(pins.read_text())
    for name, one in zip(ALL[what], published, strict=True):
        repository = hub.repositories[f"org/wavemix-{name}"]
        assert one.revision == repository.head == repository.tags["v0.1"]
        assert not repository.private
        assert len(commits(hub, f"org/wavemix-{name}")) == 1
        found = hub.files(f"org/wavemix-{name}", "v0.1")
        assert {path: found[path] for path in FILES} == {path: (cards / name / path).read_bytes() for path in FILES}
        assert set(found) == FILES | {".gitattributes"}
        assert pinned[name] == {"sha256": MODELS[name].sha256, "revision": repository.head}
    assert pinned["repository"] == "org/wavemix"


def test_one_model_privately_and_without_a_pin(hub, cards, pins):
    before = pins.read_text()
    publish(pack("bass", ORGANISATION), Options(private=True), pins)
    assert set(hub.repositories) == {"org/wavemix-bass"}
    assert hub.repositories["org/wavemix-bass"].private
    assert pins.read_text() == before


def test_again_uploads_nothing_but_may_tag(hub, cards, pins):
    (first,) = publish(pack("bass", ORGANISATION), Options(), pins)
    (again,) = publish(pack("bass", ORGANISATION), Options(tag="v0.1", pin=True), pins)
    assert (again.revision, again.is_new) == (first.revision, False)
    assert len(commits(hub, "org/wavemix-bass")) == 1
    assert hub.repositories["org/wavemix-bass"].tags == {"v0.1": first.revision}
    assert json.loads(pins.read_text())["bass"]["revision"] == first.revision
    (third,) = publish(pack("bass", ORGANISATION), Options(tag="v0.1"), pins)
    assert third.revision == first.revision


@pytest.fixture
def taken(hub, cards, sum_weights, tmp_path):
    """The organisation has another bass already."""
    other = Path(shutil.copytree(sum_weights / "bass", tmp_path / "other"))
    (published,) = publish(pack(str(other), ORGANISATION), Options(tag="v0.1"))
    return published.revision


def test_a_repository_that_exists_is_left_alone(hub, taken, pins):
    before = pins.read_text()
    expect(
        "org/wavemix-bass: exists, with other files; add --update", pack("all", ORGANISATION), Options(pin=True), pins
    )
    assert hub.repositories["org/wavemix-bass"].head == taken
    assert set(hub.repositories) == {"org/wavemix-bass"}  # found out before anything was done
    assert pins.read_text() == before


def test_an_update_is_the_next_revision(hub, taken, pins):
    (published,) = publish(pack("bass", ORGANISATION), Options(update=True, tag="v0.2"), pins)
    assert published.revision != taken
    assert hub.repositories["org/wavemix-bass"].tags == {"v0.1": taken, "v0.2": published.revision}


def test_somebody_elses_commit_in_between_is_not_overwritten(hub, taken, pins):
    there = hub.repositories["org/wavemix-bass"]
    expect(
        "org/wavemix-bass: somebody else has changed it just now",
        pack("bass", ORGANISATION),
        Options(update=True),
        pins,
        tell=lambda name: there.commit({**there.commits[taken], "new": Blob(b"", large=False)}),
    )
    assert "new" in hub.files("org/wavemix-bass")


def test_a_tag_is_not_moved(hub, taken, pins):
    expect("has a tag v0.1 of another revision", pack("bass", ORGANISATION), Options(update=True, tag="v0.1"), pins)
    assert hub.repositories["org/wavemix-bass"].head == taken


def test_no_token(hub, cards, pins, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    expect("the Hub wants a token and there is none; set HF_TOKEN, or run `hf auth login`", pack("bass", ORGANISATION))
    assert not hub.repositories


def test_a_wrong_token(hub, cards, pins, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    expect("the Hub refuses the token", pack("bass", ORGANISATION))
    assert not hub.repositories


def test_an_organisation_that_is_not_ours(hub, cards):
    expect("elsewhere/wavemix-bass: the token may not do this", pack("bass", "elsewhere"))
    assert not hub.repositories


def test_no_network(hub_cache, cards, pins):
    before = pins.read_text()
    expect(r"the Hub \(http://.*\) does not answer; connect", pack("bass", ORGANISATION), Options(pin=True), pins)
    assert pins.read_text() == before


@pytest.mark.parametrize("status", [DROP, 503])
@pytest.mark.parametrize("ending", ["/commit/main", "/_lfs/{sha256}"])
def test_an_interrupted_upload_pins_nothing_and_goes_on_when_repeated(hub, cards, pins, monkeypatch, status, ending):
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between the client's own attempts
    before = pins.read_text()
    publish(pack("drums", ORGANISATION), Options(), pins)
    place = ending.format(sha256=MODELS["vocals"].sha256)
    breaking = place if "_lfs" in place else f"wavemix-vocals{place}"
    hub.fail("POST" if "commit" in place else "PUT", breaking, *[status] * 10)
    expect("org/wavemix-vocals: the ", pack("all", ORGANISATION), Options(tag="v0.1", pin=True), pins)
    assert pins.read_text() == before
    assert set(hub.files("org/wavemix-vocals")) == {".gitattributes"}
    assert "org/wavemix-other" not in hub.repositories

    hub.forgive()
    published = publish(pack("all", ORGANISATION), Options(tag="v0.1", pin=True), pins)
    assert [one.is_new for one in published] == [False, False, True, True, True]
    assert {name: json.loads(pins.read_text())[name]["revision"] for name in ALL["all"]} == {
        name: hub.repositories[f"org/wavemix-{name}"].tags["v0.1"] for name in ALL["all"]
    }


def test_weights_that_arrive_broken_are_not_pinned(hub, cards, pins):
    before = pins.read_text()
    packages = pack("bass", ORGANISATION)
    weights = cards / "bass/model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")  # between the check and the upload
    expect("org/wavemix-bass: the weights there are not those that were checked", packages, Options(pin=True), pins)
    assert pins.read_text() == before


def test_a_card_that_the_hub_refuses(hub, cards, pins, tmp_path):
    own = Path(shutil.copytree(cards / "bass", tmp_path / "own"))
    card = (own / "README.md").read_text()
    (own / "README.md").write_text(card.replace("license: apache-2.0", "license: free-beer"))
    expect(r'README\.md: the Hub refuses its metadata \("license" must', pack(str(own), "tester"))
    assert not hub.repositories


def test_a_model_of_ones_own(hub, cards, sum_weights, tmp_path):
    """The same command with a folder, and the way back."""
    own = Path(shutil.copytree(sum_weights / "drums", tmp_path / "runs" / "drums"))
    (own / "README.md").write_text((own / "README.md").read_text() + "\nMixed for jazz.\n")
    (published,) = publish(pack(str(own), "tester/jazz-drums"))
    assert published.package.repository == "tester/jazz-drums"
    found = load("drums", "tester/jazz-drums")
    assert found.config.sha256 == read_config(own / "config.json").sha256
    assert found.origin == f"tester/jazz-drums@{published.revision}"
    (named,) = pack(str(own), "tester")
    assert named.repository == "tester/wavemix-drums"


def test_a_folder_is_published_as_the_model_of_its_width(hub, cards, lite_weights, tmp_path):
    own = Path(shutil.copytree(lite_weights / "drums-lite", tmp_path / "runs" / "drums"))
    write_card(own)
    (published,) = publish(pack(str(own), "tester"))
    assert published.package.repository == "tester/wavemix-drums-lite"
    assert load("drums-lite", "tester").origin == f"tester/wavemix-drums-lite@{published.revision}"


def test_only_the_registrys_repositories_are_pinned(hub, cards, pins):
    before = pins.read_text()
    expect("--pin: the registry's `bass` is org/wavemix-bass, not", pack("bass", "tester"), Options(pin=True), pins)
    assert not hub.log
    assert pins.read_text() == before


def spoil(folder: Path, what: str) -> None:
    weights, card = folder / "model.safetensors", folder / "README.md"
    if what == "weights":
        weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    if what == "no weights":
        weights.unlink()
    if what == "no card":
        card.unlink()
    if what == "edited card":
        card.write_text(card.read_text() + "Edited.\n")
    if what == "other card":
        card.write_text(card.read_text().replace(read_config(folder / "config.json").sha256, "0" * 64))
    if what == "no licence":
        card.write_text(card.read_text().replace("license: apache-2.0\n", ""))
    if what == "no YAML":
        card.write_text(card.read_text().replace("tags:", "tags: ["))


@pytest.mark.parametrize(
    ("what", "match"),
    [
        ("weights", r"model\.safetensors: is not the file that it should be"),
        ("no weights", r"model\.safetensors: cannot be read"),
        ("no card", r"README\.md: is missing; write it with: wavemix zoo cards"),
        ("edited card", r"README\.md: was written for other weights or measurements; write it again"),
        ("other card", r"README\.md: was written for other weights"),
        ("no licence", r"README\.md: its metadata lack license"),
        ("no YAML", r"README\.md: its metadata cannot be read \(while parsing"),
    ],
)
def test_what_is_not_in_order_is_refused_before_anybody_is_asked(cards, what, match):
    spoil(cards / "bass", what)
    with pytest.raises(WavemixError, match=match) as caught:
        pack("all", ORGANISATION)
    assert "\n" not in str(caught.value)
    assert str(cards / "bass") in str(caught.value)


def test_weights_that_the_registry_does_not_pin(cards, monkeypatch):
    monkeypatch.setitem(MODELS, "bass", replace(MODELS["bass"], pin=Pin("0" * 64)))
    with pytest.raises(WavemixError, match="is not the file that the registry pins"):
        pack("bass", ORGANISATION)


@pytest.mark.parametrize(
    ("what", "to", "match"),
    [
        ("tuba", ORGANISATION, "tuba: is no model; name one of drums, bass"),
        ("all", "org/one", "--to org/one: is not the name of an organisation"),
        ("all-lite", "org/one", "--to org/one: is not the name of an organisation"),
        ("bass", "no such name", "--to no such name: is not"),
    ],
)
def test_what_cannot_be_published(cards, what, to, match):
    with pytest.raises(WavemixError, match=match):
        pack(what, to)


def test_the_command_says_what_it_would_do_and_then_does_it(run, hub, cards, pins, monkeypatch):
    outcome = run("publish", "all", "--to", ORGANISATION, "--dry-run")
    assert outcome.status == 0
    assert "org/wavemix-mix" in outcome.out
    assert not hub.log
    outcome = run("publish", "bass", "--to", ORGANISATION, "--tag", "v0.1")
    assert outcome.status == 0, outcome.err
    assert hub.repositories["org/wavemix-bass"].head in outcome.out
    monkeypatch.delenv("HF_TOKEN")
    outcome = run("publish", "bass", "--to", ORGANISATION)
    assert outcome.status == 1
    assert outcome.err.endswith("there is none; set HF_TOKEN, or run `hf auth login`.\n")


def test_the_recogniser_is_packed_as_the_registry_and_its_card_have_it():
    (package,) = pack("recognise", "me")
    assert (package.model, package.repository, package.sha256) == (
        "recognise",
        "me/wavemix-recognise",
        RECOGNISER.sha256,
    )
    assert {path.name for path in package.files} == {*FILES, "metrics.json"}
