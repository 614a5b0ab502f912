"""A trained model replaces the published one if it is better, with all that is known of it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from wavemix.cards.card import add_listening, render_card
from wavemix.cli.score import score
from wavemix.errors import WavemixError
from wavemix.publishing.adoption import adopt, score_again
from wavemix.publishing.untrained import save_untrained
from wavemix.training.recipe import Phase, Recipe
from wavemix.training.scores import score_model
from wavemix.training.train import Run, train
from wavemix.zoo.registry import FAMILIES, Family
from wavemix.zoo.weights import load

PINS = {name: {"sha256": name} for name in ("drums", "drums-lite", "bass")}


@pytest.fixture(params=FAMILIES.values(), ids=FAMILIES)
def family(request: pytest.FixtureRequest) -> Family:
    """Each family of published models."""
    return request.param


@pytest.fixture
def name(family: Family) -> str:
    """The family's drum model."""
    return f"drums{family.suffix}"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Small untrained drum models of both families, with a file of pins."""
    for family in FAMILIES.values():
        save_untrained(f"drums{family.suffix}", tmp_path / "cards" / f"drums{family.suffix}", levels=3)
    (tmp_path / "pins.json").write_text(json.dumps(PINS))
    return tmp_path / "cards"


@pytest.fixture
def scored(songs: Path, tmp_path: Path) -> Path:
    """Songs in all three splits."""
    folder = Path(shutil.copytree(songs, tmp_path / "scored", ignore=shutil.ignore_patterns(".cache")))
    shutil.copytree(folder / "valid" / "three", folder / "test" / "four")
    return folder


@pytest.fixture
def runs(scored: Path, recipe: Recipe, family: Family, tmp_path: Path) -> Path:
    """A drum model that learned something: it starts at the best static gains."""
    learned = replace(recipe, start="static", levels=3, filters=family.filters, phases=(Phase(1e-4, max_epochs=1),))
    train(learned, Run(scored, tmp_path / "runs", accelerator="cpu", wandb="off"), lambda line: None)
    return tmp_path / "runs"


def test_a_better_model_is_published_with_its_scores(runs, scored, published, name, tmp_path):
    pins = tmp_path / "pins.json"
    said: list[str] = []
    assert adopt("drums", runs, scored, published, pins, said.append)
    mixer = load(name, published)
    assert mixer.config.status == "trained"
    assert json.loads(pins.read_text()) == PINS | {name: {"sha256": mixer.config.sha256}}
    others = [load(one, published).config.status for one in ("drums", "drums-lite") if one != name]
    assert others == ["untrained: plain sum"]
    metrics = json.loads((published / name / "metrics.json").read_text())
    card = (published / name / "README.md").read_text()
    assert card == render_card(mixer.config, metrics)
    assert "| plain sum |" in card
    assert "- train: one (CC0-1.0), two (CC0-1.0)" in card
    for split in ("valid", "test"):
        rows = {row["name"]: row for row in metrics["scores"][split]}
        assert rows["model"]["loss"] < rows["plain sum"]["loss"]
        assert [row.loss for row in score_model(mixer, scored, split)] == [row["loss"] for row in rows.values()]
    assert "published" in said[0]

    words = tmp_path / "words.md"
    words.write_text("Drums are louder.")
    add_listening(words, published / name)
    assert not adopt("drums", runs, scored, published, pins, said.append)  # as good is not better
    assert "kept that" in said[1]
    card = (published / name / "README.md").read_text()
    assert "these were kept." in card
    assert "Drums are louder." in card
    assert "- train: one (CC0-1.0), two (CC0-1.0)" in card


def test_a_training_that_did_not_help_is_told_on_the_card_of_what_was_kept(scored, recipe, published, tmp_path):
    hopeless = replace(recipe, start="sum", levels=3, filters=24, phases=(Phase(10.0, max_epochs=1),))
    train(hopeless, Run(scored, tmp_path / "runs", accelerator="cpu", wandb="off"), lambda line: None)
    before = (published / "drums/model.safetensors").read_bytes()
    assert not adopt("drums", tmp_path / "runs", scored, published, tmp_path / "pins.json", lambda line: None)
    assert (published / "drums/model.safetensors").read_bytes() == before
    assert load("drums", published).config.status == "untrained: plain sum"
    card = (published / "drums/README.md").read_text()
    assert "found no epoch whose validation loss was below that of its start" in card
    assert "The model's loss is equal to that of the plain sum" in card
    assert card == render_card(
        load("drums", published).config, json.loads((published / "drums/metrics.json").read_text())
    )


def test_only_what_was_trained_is_published(runs, scored, published, tmp_path):
    with pytest.raises(WavemixError, match="holds no trained `bass`"):
        adopt("bass", runs, scored, published, tmp_path / "pins.json")


def test_a_width_that_no_family_has_is_refused(scored, published, recipe, tmp_path):
    train(recipe, Run(scored, tmp_path / "runs", accelerator="cpu", wandb="off"), lambda line: None)
    with pytest.raises(WavemixError, match=r"has 2 filters .*; train with filters=24 \(full\) or filters=8 \(lite\)"):
        adopt("drums", tmp_path / "runs", scored, published, tmp_path / "pins.json")


def test_the_command_prints_what_the_card_says(runs, scored, published, family, name, tmp_path):
    adopt("drums", runs, scored, published, tmp_path / "pins.json", lambda line: None)
    arguments = [
        "drums",
        "--family",
        family.name,
        "--data",
        str(scored),
        "--split",
        "test",
        "--weights",
        str(published),
    ]
    printed = CliRunner().invoke(score, arguments, catch_exceptions=False).output
    assert f"{name}, test" in printed
    card = (published / name / "README.md").read_text()
    for row in score_model(load(name, published), scored, "test"):
        assert f"{row.loss:.4e}" in printed
        assert f"| {row.name} | {row.loss:.4e} | {row.snr_db:.2f} |" in card


@pytest.mark.parametrize(
    ("licences", "expected"),
    [
        (["CC0-1.0"], "apache-2.0"),
        (["CC0-1.0", "GPL-2.0-or-later"], "other"),
        (["", "CC-BY-NC-SA-4.0"], "cc-by-nc-sa-4.0"),
    ],
)
def test_the_weights_licence_follows_from_the_songs(published, licences, expected):
    songs = {"train": [{"title": "x", "licence": licence, "seconds": 60} for licence in licences]}
    metrics = {"valid_loss": 1, "step": 1, "phase": 1, "seconds": 1, "device": "a CPU", "songs": songs}
    assert f"license: {expected}\n" in render_card(load("drums", published).config, metrics)


def test_a_published_model_is_measured_again_on_songs_that_changed(scored, published, name):
    """Only its scores change; what else its card tells stays."""
    metrics_file = published / name / "metrics.json"
    metrics_file.write_text('{"kept": 1}\n')
    score_again(name, scored, published)
    before = json.loads(metrics_file.read_text())
    shutil.rmtree(scored / "test" / "four")
    shutil.copytree(scored / "train" / "one", scored / "test" / "five")
    score_again(name, scored, published)
    after = json.loads(metrics_file.read_text())
    assert before["kept"] == after["kept"] == 1
    assert before["scores"]["valid"] == after["scores"]["valid"]
    assert before["scores"]["test"] != after["scores"]["test"]
    assert "| plain sum |" in (published / name / "README.md").read_text()
