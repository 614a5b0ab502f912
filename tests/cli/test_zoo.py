"""`wavemix zoo`: what maintainers of the published models do, from the command line."""

import json

import pytest

from wavemix.cards.card import CARD, METRICS, render_card
from wavemix.publishing.untrained import save_untrained
from wavemix.zoo.config import CONFIG, WEIGHTS, read_config
from wavemix.zoo.registry import MODELS


@pytest.fixture
def zoo(tmp_path, run):
    """The zoo of two small models; calls `wavemix zoo` for it."""
    (tmp_path / "pins.json").write_text("{}")
    for name in ("drums", "drums-lite"):
        save_untrained(name, tmp_path / "cards" / name, levels=2)

    def command(*arguments):
        return run("zoo", "--cards", tmp_path / "cards", "--pins", tmp_path / "pins.json", *arguments)

    return command


@pytest.mark.parametrize("command", ["untrained", "adopt", "score", "measure", "tables", "cards", "summary"])
def test_every_command_explains_itself(run, command):
    outcome = run("zoo", command, "--help")
    assert outcome.status == 0
    assert len(outcome.out.split("Options:")[0].split()) > 12
    assert command in run("zoo", "--help").out


def test_untrained_writes_and_pins_what_is_missing_and_nothing_else(zoo, tmp_path, monkeypatch):
    monkeypatch.setattr("wavemix.publishing.untrained.MODELS", {name: MODELS[name] for name in ("drums", "bass-lite")})
    before = (tmp_path / "cards/drums" / WEIGHTS).read_bytes()
    outcome = zoo("untrained")
    assert outcome.status == 0, outcome.err
    assert [line.split(":")[0] for line in outcome.out.splitlines()] == ["bass-lite"]
    assert (tmp_path / "cards/drums" / WEIGHTS).read_bytes() == before
    config = read_config(tmp_path / "cards/bass-lite" / CONFIG)
    assert json.loads((tmp_path / "pins.json").read_text()) == {"bass-lite": {"sha256": config.sha256}}
    assert zoo("untrained").out == ""


def test_cards_are_written_from_config_and_metrics(zoo, tmp_path, monkeypatch):
    monkeypatch.setattr("wavemix.zoo.registry.MODELS", {name: MODELS[name] for name in ("drums", "drums-lite")})
    for name in ("drums", "drums-lite"):
        (tmp_path / "cards" / name / CARD).write_text("edited by hand")
    assert zoo("cards", tmp_path / "cards/drums").status == 0
    written = [(tmp_path / "cards" / name / CARD).read_text() for name in ("drums", "drums-lite")]
    assert written == [render_card(read_config(tmp_path / "cards/drums" / CONFIG)), "edited by hand"]
    assert zoo("cards").status == 0
    assert "edited by hand" not in (tmp_path / "cards/drums-lite" / CARD).read_text()


def test_credits_are_the_cards_data(tmp_path):
    config = save_untrained("drums", tmp_path / "drums", levels=2)
    song = {"title": "One", "licence": "CC0-1.0", "seconds": 60.0, "rendered": True}
    metrics = {"songs": {"train": [song]}, "credits": "A kit by Ann (CC0-1.0)."}
    assert "of the training songs. A kit by Ann (CC0-1.0).\n" in render_card(config, metrics)
    assert "who are not named here" in render_card(config, {"songs": metrics["songs"]})
    played = {"songs": {"train": [song | {"rendered": False}]}, "credits": "A kit by Ann (CC0-1.0)."}
    assert "Ann" not in render_card(config, played)


def test_nothing_to_adopt_is_refused(zoo, tmp_path):
    outcome = zoo("adopt", tmp_path, "--data", tmp_path)
    assert outcome.status == 1
    assert "holds no trained model" in outcome.err


def test_a_file_that_is_no_benchmark_is_refused(zoo, tmp_path):
    (tmp_path / METRICS).write_text("{}")
    outcome = zoo("tables", tmp_path / METRICS)
    assert outcome.status == 1
    assert "is not a benchmark" in outcome.err
