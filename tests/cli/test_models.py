"""`wavemix models list|info|download`."""

import shutil
from dataclasses import replace

import pytest

from wavemix.cards.card import write_card
from wavemix.publishing import pack, publish
from wavemix.zoo import MODELS, load
from wavemix.zoo.config import read_config
from wavemix.zoo.registry import ALL, ORGANISATION, Pin


@pytest.fixture
def pinned(hub, sum_weights, tmp_path, monkeypatch):
    """Small drums are published and pinned, and nowhere on this machine."""
    monkeypatch.setattr("wavemix.zoo.places.CARDS", tmp_path / "none")
    (published,) = publish(pack(str(sum_weights / "drums"), ORGANISATION))
    sha256 = read_config(sum_weights / "drums/config.json").sha256
    monkeypatch.setitem(MODELS, "drums", replace(MODELS["drums"], pin=Pin(sha256, published.revision)))
    hub.log.clear()
    return published.revision


def test_list_says_what_is_to_be_downloaded_and_downloads_nothing(run, hub, pinned):
    outcome = run("models", "list")
    assert f"org/wavemix-drums@{pinned}" in outcome.out
    assert "to be downloaded" in outcome.out
    assert "not usable" in outcome.out  # the others
    assert outcome.status == 1
    assert not hub.log


def test_list_and_no_command_are_the_same(run, sum_weights):
    plain = run("models", "--weights", sum_weights)
    assert plain.status == 0
    assert run("models", "list", "--weights", sum_weights).out == plain.out
    assert run("models", "--weights", sum_weights, "list").status == 2


def test_info(run, hub, pinned):
    before = run("models", "info", "drums").out
    for fact in ("kick, snare", "org/wavemix-drums", pinned, MODELS["drums"].sha256, "wavemix models download drums"):
        assert fact in before
    run("models", "download", "drums")
    after = run("models", "info", "drums").out
    assert "untrained: plain sum" in after
    assert "3 levels" in after


def test_download_prints_a_folder_that_other_commands_take(run, hub, pinned, tmp_path):
    outcome = run("models", "download", "drums")
    assert outcome.status == 0, outcome.err
    folder = outcome.out.strip()
    assert pinned in folder
    hub.log.clear()
    assert run("models", "download", "drums").out.strip() == folder
    assert not hub.log
    listed = run("models", "list", "--weights", folder)
    assert "untrained: plain sum" in listed.out


def test_download_from_another_repository(run, hub, sum_weights, tmp_path):
    own = shutil.copytree(sum_weights / "bass", tmp_path / "own")
    (published,) = publish(pack(str(own), "tester/my-bass"))
    outcome = run("models", "download", "bass", "--from", "tester/my-bass", "--revision", published.revision[:40])
    assert published.revision in outcome.out


def test_a_family_is_downloaded_by_one_name(run, hub, sum_weights, lite_weights, tmp_path, monkeypatch):
    monkeypatch.setattr("wavemix.zoo.places.CARDS", tmp_path / "none")
    folders = [lite_weights / name for name in ALL["all-lite"]]
    for folder in folders:
        own = shutil.copytree(folder, tmp_path / folder.name)
        write_card(own)
        publish(pack(str(own), "tester"))
    outcome = run("models", "download", "all-lite", "--from", "tester")
    assert outcome.status == 0, outcome.err
    assert [
        load(folder.name, path).config.sha256 for folder, path in zip(folders, outcome.out.split(), strict=True)
    ] == [load(folder.name, folder).config.sha256 for folder in folders]


def test_both_families_are_listed_with_the_weights_that_are_theirs(run, lite_weights):
    outcome = run("models", "--weights", lite_weights)
    assert outcome.status == 0, outcome.err
    rows = {line.split()[1]: line for line in outcome.out.splitlines() if line.startswith("│")}
    assert set(rows) >= set(MODELS)
    for name, entry in MODELS.items():
        own = load(name, lite_weights).config.sha256[:12] if entry.family.name == "lite" else entry.sha256[:12]
        assert own in rows[name]


def test_info_names_the_family(run):
    assert "lite: a third of the paper's width" in run("models", "info", "drums-lite").out


def test_mistakes_are_told_in_a_sentence(run, hub, pinned):
    assert run("models", "info", "tuba").err.startswith("wavemix: there is no model `tuba`; choose from drums")
    hub.tamper("org/wavemix-drums", "model.safetensors")
    outcome = run("models", "download", "drums")
    assert outcome.status == 1
    assert "model.safetensors: is not the file that it should be" in outcome.err
    assert not outcome.out
