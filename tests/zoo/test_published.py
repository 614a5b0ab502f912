"""What the published weights promise of themselves, both families."""

import math

import pytest
import torch
from conftest import RATE, read

from wavemix.example.session import write_example
from wavemix.metrics.reference import width
from wavemix.pipeline import AutoMix, Engine
from wavemix.zoo.registry import FAMILIES, MODELS
from wavemix.zoo.weights import load

SECONDS = 20
HEARD_SECONDS = (1.0, 7.3, 13.1, 19.2)
"""Where half a second is computed: what a network gives depends on nothing further away than its context."""

FRAME_SAMPLES = RATE // 20


@pytest.mark.parametrize("name", MODELS)
def test_a_steady_tone_in_any_slot_keeps_its_level_and_its_place(name):
    model = load(name)
    net, inputs = model.net, model.net.inputs
    window = Engine("cpu").start().build(net)
    hertz = 110.0 if model.config.model == "bass" else 440.0
    tone = (
        0.08 * torch.sin(2 * math.pi * hertz / RATE * torch.arange((SECONDS + 2) * RATE, dtype=torch.float64)).float()
    )
    tracks = torch.eye(inputs)[:, :, None]  # one slot a song of the batch
    levels = []
    for start_seconds in HEARD_SECONDS:
        first = round(start_seconds * RATE) - net.context
        piece = tone[first : first + net.input_length(RATE // 2)]
        with torch.no_grad():
            heard = torch.cat([window(slot[None] * piece) for slot in tracks])[..., : RATE // 2]
        frames = heard.unfold(-1, FRAME_SAMPLES, FRAME_SAMPLES).square().mean(dim=-1)
        levels.append(10 * torch.log10(frames + 1e-12))
    level_db = torch.cat(levels, dim=-1)  # (slots, 2, frames)
    loud = level_db.mean(dim=(1, 2)) > -60
    assert loud.any()
    louder_side = level_db.mean(dim=-1).argmax(dim=1)
    level_course = level_db[torch.arange(inputs), louder_side]
    assert (level_course - level_course.mean(dim=1, keepdim=True)).abs()[loud].max() < 0.5
    place = level_db[:, 0] - level_db[:, 1]
    audible = loud & (level_db.mean(dim=-1).amin(dim=1) > -60)
    assert (place - place.mean(dim=1, keepdim=True)).abs()[audible].max() < 0.5


@pytest.mark.parametrize("name", MODELS)
def test_it_is_trained_and_answers_silence_with_silence(name):
    model = load(name)
    assert model.config.status == "trained"
    silence = torch.zeros(1, model.net.inputs, model.net.input_length(100))
    with torch.no_grad():
        answer = model.net(silence).abs().max()
    assert answer < 1e-6


@pytest.mark.parametrize("family", FAMILIES)
def test_the_example_becomes_a_stereo_mix(family, tmp_path):
    write_example(tmp_path / "song", seconds=3)
    report = AutoMix.from_pretrained(family=family).mix(tmp_path / "song", tmp_path / "out")
    assert all(model["status"] == "trained" for model in report.models.values())
    assert 0.01 < width(read(tmp_path / "out" / "mix.wav")) < 0.2
