import json
from dataclasses import replace

import pytest
import torch
from conftest import RATE, noise

import wavemix
from wavemix import WavemixError
from wavemix.recognition.classes import CLASSES
from wavemix.recognition.config import RecogniserConfig, class_names
from wavemix.recognition.features import BANDS
from wavemix.recognition.network import RecogniserNet
from wavemix.session.groups import GROUPS
from wavemix.zoo.ears import ear
from wavemix.zoo.recogniser import load_recogniser, published_recogniser, save_recogniser
from wavemix.zoo.registry import CARDS, RECOGNISER


@pytest.fixture
def own(tmp_path):
    """A recogniser with random weights, in a folder of its own."""
    torch.manual_seed(0)
    config = RecogniserConfig(class_names(), BANDS, widths=(4, 8), embedding=8)
    save_recogniser(config.build(), config, tmp_path / "recognise")
    return tmp_path / "recognise"


def test_the_published_one_is_pinned_small_and_has_a_card():
    recogniser = wavemix.load("recognise")
    assert recogniser.config.sha256 == RECOGNISER.sha256
    assert (CARDS / "recognise/model.safetensors").stat().st_size < 1_000_000
    assert RECOGNISER.sha256 in (CARDS / "recognise/README.md").read_text(encoding="utf-8")
    assert published_recogniser() is published_recogniser()


def test_own_weights_by_their_folder_or_the_one_around_it(own):
    for weights in (own, own.parent, str(own)):
        assert wavemix.load("recognise", weights).origin == str(own)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("classes", ["drums/kick"], "the classes must be"),
        ("temperature", 0, "temperature must be"),
        ("widths", [], "widths must be"),
        ("bands", 80, "hears 80 bands"),
        ("model", "drums", "`model`"),
        ("sha256", "0" * 64, "is not the file that it should be"),
        ("embedding", 9, "does not fit the model"),
    ],
)
def test_another_config_is_refused(own, key, value, message):
    config = json.loads((own / "config.json").read_text()) | {key: value}
    (own / "config.json").write_text(json.dumps(config))
    with pytest.raises(WavemixError, match=message):
        load_recogniser(own)


def test_probabilities_are_of_classes(own):
    frames = torch.rand(2, 3, 64, BANDS)
    probabilities = load_recogniser(own)(frames)
    assert probabilities.shape == (2, len(CLASSES))
    torch.testing.assert_close(probabilities.sum(-1), torch.ones(2))


def test_folding_the_normalisation_changes_nothing():
    torch.manual_seed(0)
    net = RecogniserNet((4, 8), 8, normalised=True)
    for _ in range(3):
        net(torch.randn(8, 2, 64, BANDS) * 3 + 1)  # gives it a mean and a variance
    frames = torch.randn(2, 2, 64, BANDS)
    with torch.no_grad():
        torch.testing.assert_close(net.eval().folded()(frames), net(frames))


def test_arrays_are_heard_and_nothing_is_not(own):
    recogniser = load_recogniser(own)
    heard = recogniser.recognise(noise(1.0, channels=2).T, RATE)
    assert heard.role in GROUPS[heard.group].roles
    assert 0.25 <= heard.confidence <= 1
    assert recogniser.recognise(noise(0.3)[:, 0], RATE) is None
    assert recogniser.recognise(0 * noise(2.0)[:, 0], RATE) is None


def test_a_higher_temperature_is_less_sure(own):
    sound = noise(1.0)[:, 0]
    recogniser = load_recogniser(own)
    with torch.no_grad():
        recogniser.net.classify.bias[0] += 3  # else random weights have no opinion
    sure = []
    for temperature in (0.5, 1.0, 10.0):
        recogniser.config = replace(recogniser.config, temperature=temperature)
        sure.append(recogniser.recognise(sound, RATE).confidence)
    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 1.1 * sure[-1]


def test_an_ear_for_names_listens_to_nothing():
    assert ear("names") is None
    assert ear("both").identify == "both"
