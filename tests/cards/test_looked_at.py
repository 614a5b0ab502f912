"""What a person said of weights stays with them, and goes with them."""

import json
import shutil

import pytest

from wavemix.cards.card import CARD, METRICS, read_metrics, write_metrics
from wavemix.cards.looked_at import without_stale
from wavemix.zoo.config import CONFIG, read_config


@pytest.fixture
def folder(tiny_weights, tmp_path):
    return shutil.copytree(tiny_weights / "bass", tmp_path / "bass")


@pytest.fixture
def words(tmp_path):
    file = tmp_path / "words.md"
    file.write_text("\nOur mix is duller above 8 kHz.\n\n")
    return file


def test_the_command_adds_the_words_and_keeps_the_rest(run, folder, words):
    (folder / METRICS).write_text('{"kept": 1}')
    assert run("zoo", "cards", "--listening", words, folder).status == 0
    metrics = read_metrics(folder)
    assert metrics["kept"] == 1
    assert metrics["listening"]["sha256"] == read_config(folder / CONFIG).sha256
    assert "\n## Looked at\n\nOur mix is duller above 8 kHz.\n\n## Limits" in (folder / CARD).read_text()
    written = (folder / CARD).read_text()
    assert run("zoo", "cards", folder).status == 0
    assert (folder / CARD).read_text() == written


def test_other_weights_lose_them(run, folder, words):
    assert run("zoo", "cards", "--listening", words, folder).status == 0
    metrics = read_metrics(folder)
    config = read_config(folder / CONFIG)
    assert without_stale(metrics, config) == metrics
    changed = json.loads((folder / CONFIG).read_text()) | {"sha256": "0" * 64}
    (folder / CONFIG).write_text(json.dumps(changed))
    assert run("zoo", "cards", folder).status == 0
    assert "Looked at" not in (folder / CARD).read_text()
    write_metrics(folder, read_config(folder / CONFIG), metrics)
    assert "listening" not in read_metrics(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b" \n", "is empty"), (b"# Ours\n", "has a heading"), (b"\xff\xfe", "is not UTF-8 text; name a file")],
)
def test_what_is_no_paragraph_is_refused(run, folder, tmp_path, content, message):
    (tmp_path / "words").write_bytes(content)
    outcome = run("zoo", "cards", "--listening", tmp_path / "words", folder)
    assert outcome.status == 1
    assert message in outcome.err
    assert not (folder / METRICS).exists()


def test_words_without_a_model_are_refused(run, words):
    outcome = run("zoo", "cards", "--listening", words)
    assert outcome.status == 2
    assert "needs the FOLDERs" in outcome.err
