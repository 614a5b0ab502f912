from dataclasses import asdict

import numpy as np
import pytest

from wavemix.cards.recogniser_card import measured_text, rewrite_recogniser_card, write_recogniser_metrics
from wavemix.ear_training.measure import Judged, Judgement, measured
from wavemix.recognition.config import RecogniserConfig, class_names, read_recogniser_config
from wavemix.recognition.features import BANDS
from wavemix.session.hearing import Heard
from wavemix.zoo.recogniser import save_recogniser


@pytest.fixture
def judgement():
    return Judgement(
        (
            Judged("song/kick.wav", "drums", "kick", Heard("drums", "kick", 0.9, 0.8)),
            Judged("song/snare.wav", "drums", "snare", Heard("drums", "kick", 0.9, 0.8)),
            Judged("song/sub.wav", "bass", "", Heard("other", "keys", 0.8, 0.8)),
            Judged("song/vox.wav", "vocals", "lead", None),
        )
    )


def test_shares_and_calibration(judgement):
    assert judgement.group_accuracy == 0.5
    assert judgement.role_accuracy == 0.5
    assert judgement.placed_right == 0.5
    # Two at 0.9, both right; one at 0.8, wrong.
    assert judgement.calibration_error == pytest.approx((0.2 + 0.8) / 3)


def test_what_is_not_recognised_is_counted_as_such(judgement):
    rows, columns, counts = judgement.confusion()
    assert rows == ("drums/kick", "drums/snare", "bass/-", "vocals/lead")
    assert columns == ("drums", "bass", "vocals", "other", "not recognised")
    np.testing.assert_array_equal(counts, [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]])


def test_a_card_tells_of_mistakes(judgement):
    text = measured_text(measured(judgement, ("song",)))
    assert "| vocals/lead |  |  |  |  | 1 |" in text
    assert "song/sub.wav, bass/-: other/keys (80 %)" in text
    assert "right for 50.0%" in text


def test_what_was_measured_goes_into_the_card(judgement, tmp_path):
    config = RecogniserConfig(class_names(), BANDS, widths=(4, 8), embedding=8)
    save_recogniser(config.build(), config, tmp_path)
    songs = {"train": ["one", "two"], "held_out": ["three"]}
    write_recogniser_metrics(tmp_path, {"measured": asdict(measured(judgement, ("song",))), "songs": songs})
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    rewrite_recogniser_card(tmp_path)
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == card
    assert "right for 50.0%" in card
    assert "- The songs: one, two\n" in card
    assert read_recogniser_config(tmp_path / "config.json").sha256 in card
