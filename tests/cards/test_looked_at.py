"""What a person said of weights stays with them, and goes with them."""

import json
import shutil

import pytest

from wavemix.cards.card import CARD, METRICS, main, read_metrics, write_metrics
from wavemix.cards.looked_at import without_stale
from wavemix.errors import WavemixError
from wavemix.zoo.config import CONFIG, read_config


@pytest.fixture
def folder(tiny_weights, tmp_path):
    return shutil.copytree(tiny_weights / "bass", tmp_path / "bass")


@pytest.fixture
def words(tmp_path):
    file = tmp_path / "words.md"
    file.write_text("\nOur mix is duller above 8 kHz.\n\n")
    return file


def test_the_command_adds_the_words_and_keeps_the_rest(folder, words):
    (folder / METRICS).write_text('{"kept": 1}')
    main(["--listening", str(words), str(folder)])
    metrics = read_metrics(folder)
    assert metrics["kept"] == 1
    assert metrics["listening"]["sha256"] == read_config(folder / CONFIG).sha256
    assert "\n## Looked at\n\nOur mix is duller above 8 kHz.\n\n## Limits" in (folder / CARD).read_text()
    written = (folder / CARD).read_text()
    main([str(folder)])
    assert (folder / CARD).read_text() == written


def test_other_weights_lose_them(folder, words):
    main(["--listening", str(words), str(folder)])
    metrics = read_metrics(folder)
    config = read_config(folder / CONFIG)
    assert without_stale(metrics, config) == metrics
    changed = json.loads((folder / CONFIG).read_text()) | {"sha256": "0" * 64}
    (folder / CONFIG).write_text(json.dumps(changed))
    main([str(folder)])
    assert "Looked at" not in (folder / CARD).read_text()
    write_metrics(folder, read_config(folder / CONFIG), metrics)
    assert "listening" not in read_metrics(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b" \n", "is empty"), (b"# Ours\n", "has a heading"), (b"\xff\xfe", "cannot be read as text")],
)
def test_what_is_no_paragraph_is_refused(folder, tmp_path, content, message):
    (tmp_path / "words").write_bytes(content)
    with pytest.raises(WavemixError, match=message):
        main(["--listening", str(tmp_path / "words"), str(folder)])
    assert not (folder / METRICS).exists()


def test_words_without_a_model_are_refused(words, capsys):
    with pytest.raises(SystemExit):
        main(["--listening", str(words)])
    assert "needs the FOLDERs" in capsys.readouterr().err
