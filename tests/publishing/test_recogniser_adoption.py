import json

import pytest

from wavemix import WavemixError
from wavemix.cards.recogniser_card import write_recogniser_metrics
from wavemix.publishing.recogniser_adoption import adopt_recogniser
from wavemix.recognition.config import RecogniserConfig, class_names
from wavemix.recognition.features import BANDS
from wavemix.zoo.recogniser import load_recogniser, save_recogniser


@pytest.fixture
def trained(tmp_path):
    config = RecogniserConfig(class_names(), BANDS, widths=(4, 8), embedding=8)
    save_recogniser(config.build(), config, tmp_path / "run")
    return tmp_path / "run"


def test_an_adopted_recogniser_is_pinned_with_its_card(trained, tmp_path):
    write_recogniser_metrics(trained, {"steps": 1})
    (tmp_path / "pins.json").write_text('{"bass": {"sha256": "0"}}')
    sha256 = adopt_recogniser(trained, tmp_path / "cards", tmp_path / "pins.json")
    assert load_recogniser(tmp_path / "cards").config.sha256 == sha256
    assert sha256 in (tmp_path / "cards/recognise/README.md").read_text(encoding="utf-8")
    pins = json.loads((tmp_path / "pins.json").read_text())
    assert pins == {"bass": {"sha256": "0"}, "recognise": {"sha256": sha256}}


def test_one_without_a_card_is_not_adopted(trained, tmp_path):
    with pytest.raises(WavemixError, match=r"metrics\.json: is missing"):
        adopt_recogniser(trained, tmp_path / "cards", tmp_path / "pins.json")
    assert not (tmp_path / "cards").exists()
