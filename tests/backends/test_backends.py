"""Every backend gives the samples of the plain network; what a machine lacks is said in a sentence."""

import copy
import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
from conftest import noise, read

from wavemix.backends import BACKENDS, Engine
from wavemix.pipeline import AutoMix, Delivery
from wavemix.waveunet import WaveUNet
from wavemix.zoo import TASKS, Mixer, ModelConfig

if os.environ.get("CI") != "true":
    pytest.importorskip("onnxruntime")
    pytest.importorskip("openvino")


def mixer(name="drums", levels=10, filters=2):
    config = ModelConfig(name, "trained", TASKS[name].slots, levels=levels, filters=filters)
    torch.manual_seed(3)
    return Mixer(config.build().requires_grad_(False), config)


@pytest.fixture
def tracks():
    return 0.1 * torch.randn(1, 10, 70_001, generator=torch.manual_seed(1))


@pytest.mark.parametrize("block_seconds", [0.1, 0.7, None])
@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backend_gives_the_plain_networks_mix(tracks, backend, block_seconds):
    model = mixer()
    after = model.net.input_length(70_001) - 70_001 - model.net.context
    whole = model.net(torch.nn.functional.pad(tracks, (model.net.context, after)))
    model.backend = Engine(backend=backend).start()
    with torch.no_grad():
        mixed = model(tracks, block_seconds)
    assert mixed.shape == (1, 2, 70_001)
    assert mixed.abs().max() > 0.01
    torch.testing.assert_close(mixed, whole[..., :70_001], atol=1e-5, rtol=0)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("samples", [1, 9, 1000])
def test_a_batch_of_windows_of_any_length(backend, samples):
    torch.manual_seed(0)
    net = WaveUNet(3, levels=3, filters=3).requires_grad_(False)
    window = Engine(backend=backend).start().build(net)
    tracks = torch.randn(2, 3, net.input_length(samples))
    torch.testing.assert_close(window(tracks), net(tracks), atol=1e-5, rtol=0)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_song_from_disk_to_disk(tiny_weights, tiny_system, write_song, tmp_path, backend):
    song = write_song({"Kick.wav": noise(0.5, seed=1), "Bass.wav": noise(0.3, seed=2), "Vox.wav": noise(0.2, seed=3)})
    system = AutoMix.from_pretrained(tiny_weights, engine=Engine("cpu", backend))
    for name, each in {"here": system, "reference": tiny_system}.items():
        each.mix(song, tmp_path / name, Delivery(bits="32f"), block_seconds=0.11)
    for file in ("mix.wav", "stems/drums.wav", "stems/vocals.wav"):
        expected = read(tmp_path / "reference" / file)
        np.testing.assert_allclose(read(tmp_path / "here" / file), expected, atol=1e-5)
    report = json.loads((tmp_path / "here/report.json").read_text())
    assert {(model["backend"], model["device"]) for model in report["models"].values()} == {(backend, "cpu")}


@pytest.mark.parametrize("backend", BACKENDS)
def test_new_weights_are_heard(tracks, backend):
    model = mixer("drums", levels=2)
    model.backend = Engine(backend=backend).start()
    with torch.no_grad():
        before = model(tracks)
        model.net.output.weight.mul_(2)
        model.net.output.bias.mul_(2)
        torch.testing.assert_close(model(tracks), 2 * before, atol=1e-5, rtol=0)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_model_in_use_can_be_copied_and_sent(tracks, backend):
    model = mixer("drums", levels=2)
    model.backend = Engine(backend=backend).start()
    with torch.no_grad():
        mixed = model(tracks)
        for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            torch.testing.assert_close(other(tracks), mixed)


INTERRUPTED = """
import gc, signal
from wavemix.backends import Engine
from wavemix.waveunet import WaveUNet

signal.signal(signal.SIGINT, signal.default_int_handler)
backend = Engine(backend="openvino").start()
windows = [backend.build(WaveUNet(2, levels=1, filters=2).requires_grad_(False)) for _ in range(2)]
while windows:
    del windows[0]
gc.collect()
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_signals_are_heard_when_openvinos_models_have_gone():
    """OpenVINO changes where a thread's signal handlers run, and this once was where nothing was left."""
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "interrupted\n"), done.stderr


def test_gradients_are_pytorchs(tracks):
    model = mixer("drums", levels=2).requires_grad_(True)
    model.backend = Engine(backend="openvino").start()
    assert model(tracks).requires_grad


@pytest.mark.parametrize(
    ("backend", "message"),
    [("onnx", "the backend onnx needs onnxruntime; install"), ("openvino", "the backend openvino needs openvino; ins")],
)
def test_a_backend_that_is_not_installed(run, band, sum_weights, tmp_path, monkeypatch, backend, message):
    gone = ("onnxruntime", "openvino")
    monkeypatch.setattr("wavemix.extras.find_spec", lambda name: None if name in gone else object())
    outcome = run("mix", band, "-o", tmp_path / "out", "--weights", sum_weights, "--backend", backend)
    assert outcome.status == 1
    assert outcome.err.startswith(f"wavemix: {message}")
    assert "wavemix[export]" in outcome.err


def test_options_of_mix_that_do_not_go_together(run, band, sum_weights, tmp_path, monkeypatch):
    mix = ("mix", band, "-o", tmp_path / "out", "--weights", sum_weights, "--backend", "openvino")
    assert "--compile is for the backend torch" in run(*mix, "--compile").err
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert "openvino computes on the CPU" in run(*mix, "--device", "cuda").err
    assert not (tmp_path / "out").exists()


COMPILED = """
import torch
from wavemix.backends import Engine
from wavemix.waveunet import WaveUNet

net = WaveUNet(2, levels=1, filters=2).requires_grad_(False)
window = Engine(compiled=True).start().build(net)
for samples in (100, 31):
    tracks = torch.randn(1, 2, net.input_length(samples))
    torch.testing.assert_close(window(tracks), net(tracks), atol=1e-5, rtol=0)
"""


def compiled(**environment):
    """With the instructions that the CPU has: else PyTorch first compiles a program for each of them."""
    environment["TORCHINDUCTOR_VEC_ISA_OK"] = "1"
    return subprocess.run(
        [sys.executable, "-c", COMPILED], env=os.environ | environment, capture_output=True, text=True, check=False
    )


def test_compiled_windows_are_the_same(tmp_path):
    done = compiled(TORCHINDUCTOR_CACHE_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_without_a_compiler_there_is_one_sentence(tmp_path):
    done = compiled(TORCHINDUCTOR_CACHE_DIR=str(tmp_path), CXX=str(tmp_path / "none"))
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("wavemix.errors.WavemixError: --compile needs a C++ compiler")
