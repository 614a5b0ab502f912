"""bfloat16 rounds the features of a network and nothing else; where it cannot be had, a sentence says so."""

import json
import os

import numpy as np
import pytest
import torch
from conftest import noise, read

from wavemix.backends import Engine
from wavemix.pipeline import AutoMix, Delivery
from wavemix.waveunet import WaveUNet, static_mix_
from wavemix.waveunet.silence import answer_silence_with_silence_
from wavemix.zoo import load

if os.environ.get("CI") != "true":
    pytest.importorskip("openvino")

BFLOAT16 = ("torch", "openvino")


@pytest.fixture(params=BFLOAT16)
def rounded(request):
    """A backend that rounds, where this CPU has one."""
    if request.param == "openvino":
        from wavemix.backends.openvino import core

        if "BF16" not in core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            pytest.skip("OpenVINO finds no bfloat16 on this CPU")
    return Engine(backend=request.param, precision="bfloat16").start()


def network():
    torch.manual_seed(0)
    return answer_silence_with_silence_(WaveUNet(3, levels=5, filters=4).requires_grad_(False))


@pytest.mark.parametrize("samples", [1, 1000])
def test_features_are_rounded(rounded, samples):
    net = network()
    tracks = torch.randn(2, 3, net.input_length(samples))
    mix, exact = rounded.build(net)(tracks), net(tracks)
    assert mix.dtype == torch.float32
    assert mix.shape == exact.shape
    change = (mix - exact).square().mean().sqrt() / exact.square().mean().sqrt()
    assert 1e-5 < change < 0.01


def test_the_gains_of_the_tracks_are_not(rounded):
    net = static_mix_(network(), torch.full((2, 3), 0.997))  # 0.99609 in bfloat16
    tracks = torch.randn(1, 3, net.input_length(100))
    torch.testing.assert_close(rounded.build(net)(tracks), net(tracks), atol=1e-6, rtol=0)


@pytest.mark.parametrize("samples", [1, 32, 1000])
def test_silence_stays_silence(rounded, samples):
    net = network()
    silence = torch.zeros(2, 3, net.input_length(samples))
    assert rounded.build(net)(silence).abs().max() < 1e-7


def test_blocks_of_any_size_give_the_same_mix(rounded, tiny_weights):
    model = load("bass", tiny_weights)
    model.backend = rounded
    tracks = torch.randn(1, 4, 20_000, generator=torch.manual_seed(1))
    with torch.no_grad():
        whole, blocks = (model(tracks, block_seconds) for block_seconds in (None, 0.05))
    assert (blocks - whole).square().mean().sqrt() < 1e-4 * whole.square().mean().sqrt()


def test_a_song_from_disk_to_disk(rounded, tiny_weights, tiny_system, write_song, tmp_path):
    song = write_song({"Kick.wav": noise(0.5, seed=1), "Bass.wav": noise(0.3, seed=2)})
    system = AutoMix.from_pretrained(tiny_weights, engine=Engine("cpu", rounded.name, "bfloat16"))
    system.mix(song, tmp_path / "rounded", Delivery(bits="32f"), block_seconds=0.11)
    tiny_system.mix(song, tmp_path / "exact", Delivery(bits="32f"))
    exact, mix = (read(tmp_path / name / "mix.wav") for name in ("exact", "rounded"))
    assert 1e-6 < np.abs(mix - exact).max() < 0.02 * np.abs(exact).max()
    for name, precision in {"rounded": "bfloat16", "exact": "float32"}.items():
        report = json.loads((tmp_path / name / "report.json").read_text())
        assert {model["precision"] for model in report["models"].values()} == {precision}


def test_a_precision_that_a_backend_lacks(run, band, sum_weights, tmp_path):
    mix = ("mix", band, "-o", tmp_path / "out", "--weights", sum_weights, "--precision", "bfloat16", "--backend")
    assert "the backend onnx computes in float32" in run(*mix, "onnx").err
    assert not (tmp_path / "out").exists()


def test_a_cpu_without_it(run, band, tiny_weights, tmp_path, monkeypatch):
    monkeypatch.setattr("openvino.Core.get_property", lambda core, device, name: ["FP32"])
    mix = ("mix", band, "-o", tmp_path / "out", "--weights", tiny_weights, "--precision", "bfloat16")
    outcome = run(*mix, "--backend", "openvino")
    assert outcome.status == 1
    assert "OpenVINO finds no bfloat16 on this CPU; leave --precision out" in outcome.err
    assert not (tmp_path / "out").exists()
