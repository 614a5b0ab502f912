import pickle
from dataclasses import asdict

import pytest
import torch

from wavemix.backends import BACKENDS, Engine
from wavemix.backends.backend import PRECISIONS
from wavemix.cli.main import cli
from wavemix.errors import WavemixError


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"backend": "tensorrt"}, "no backend `tensorrt`; choose from torch, onnx, openvino"),
        ({"precision": "float8"}, "no precision `float8`; choose from float32, bfloat16"),
        ({"device": "toaster"}, "no device `toaster`; choose auto, cpu or cuda"),
        ({"backend": "onnx", "precision": "bfloat16"}, "onnx computes in float32; use torch or openvino for bfloat16"),
        ({"backend": "openvino", "device": "cuda"}, "openvino computes on the CPU; use the device cpu"),
        ({"backend": "onnx", "compiled": True}, "--compile is for the backend torch; leave it out for onnx"),
    ],
)
def test_what_does_not_go_together_is_refused_when_it_is_said(words, message):
    with pytest.raises(ValueError, match=message):
        Engine(**words)


def test_auto_is_the_gpu_only_where_the_backend_can_use_one(monkeypatch):
    assert Engine().settled(gpu=True).device == "cuda"
    assert Engine().settled(gpu=False).device == "cpu"
    assert Engine(backend="onnx").settled(gpu=True).device == "cpu"
    assert Engine("cuda:1").settled(gpu=False).device == "cuda:1"
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    assert Engine().place == torch.device("cuda")
    assert Engine(backend="openvino").place == torch.device("cpu")
    with pytest.raises(WavemixError, match="there is no CUDA device here that is `cuda:3`"):
        _ = Engine("cuda:3").place


def test_a_device_that_is_not_here(monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 0)
    with pytest.raises(WavemixError, match="there is no CUDA device here"):
        _ = Engine("cuda").place
    assert Engine().place == torch.device("cpu")


def test_an_engine_travels_to_workers():
    engine = Engine("cpu", "openvino", "bfloat16")
    assert pickle.loads(pickle.dumps(engine)) == engine
    assert asdict(engine) == {"device": "cpu", "backend": "openvino", "precision": "bfloat16", "compiled": False}


@pytest.mark.parametrize("command", ["mix", "batch", "evaluate", "excerpt", "benchmark"])
def test_every_command_that_computes_networks_has_the_engines(command):
    options = {option.name: option for option in cli.commands[command].params}
    assert tuple(options["backend"].type.choices) == BACKENDS
    assert tuple(options["precision"].type.choices) == PRECISIONS
    assert tuple(options["device"].type.choices) == ("auto", "cpu", "cuda")
    assert Engine(*(options[name].default for name in ("device", "backend", "precision"))) == Engine()


@pytest.mark.parametrize("command", ["evaluate", "excerpt", "benchmark"])
def test_the_command_line_refuses_in_one_sentence(run, command, tmp_path):
    outcome = run(command, tmp_path, "-o", tmp_path / "out", "--backend", "onnx", "--precision", "bfloat16")
    assert outcome.status == 2
    assert "the backend onnx computes in float32; use torch or openvino for bfloat16." in outcome.err
    assert not (tmp_path / "out").exists()
