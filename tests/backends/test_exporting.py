"""An exported file is the model, for any length, with its description; or there is no file."""

import os
from dataclasses import replace

import pytest
import torch

from wavemix.waveunet import WaveUNet
from wavemix.zoo import TASKS, load
from wavemix.zoo.export import describe, export

if os.environ.get("CI") != "true":
    pytest.importorskip("onnxruntime")
    pytest.importorskip("openvino")

FILES = {"onnx": ["{}.onnx"], "openvino": ["{}.bin", "{}.xml"], "torchscript": ["{}.pt"]}


def with_onnxruntime(folder, name):
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / f"{name}.onnx", providers=["CPUExecutionProvider"])
    return lambda tracks: session.run(["mix"], {"tracks": tracks.numpy()})[
        0
    ], session.get_modelmeta().custom_metadata_map


def with_openvino(folder, name):
    import openvino

    model = openvino.Core().read_model(folder / f"{name}.xml")
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return lambda tracks: compiled([tracks.numpy()])[0], model.get_rt_info(["wavemix"]).value


def with_torchscript(folder, name):
    import json

    files = {"wavemix.json": ""}
    with pytest.warns(DeprecationWarning, match="torch.jit.load"):
        model = torch.jit.load(folder / f"{name}.pt", _extra_files=files)
    return lambda tracks: model(tracks).numpy(), json.loads(files["wavemix.json"])


OPEN = {"onnx": with_onnxruntime, "openvino": with_openvino, "torchscript": with_torchscript}


@pytest.mark.parametrize("form", FILES)
def test_a_file_is_its_model_for_any_length(tiny_weights, tmp_path, form):
    model = load("bass", tiny_weights).requires_grad_(False)
    export([model], form, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [name.format("bass") for name in FILES[form]]
    compute, description = OPEN[form](tmp_path / "out", "bass")
    assert description == describe(model)
    assert description["sha256"] == model.config.sha256
    assert description["slots"].split(", ") == list(TASKS["bass"].slots)
    for samples in (1, 77, 30_000):
        tracks = torch.randn(1, 4, model.net.input_length(samples))
        torch.testing.assert_close(torch.from_numpy(compute(tracks)), model.net(tracks), atol=1e-5, rtol=0)


@pytest.mark.parametrize("form", FILES)
def test_a_file_that_computes_something_else_is_not_written(run, tiny_weights, tmp_path, monkeypatch, form):
    from importlib import import_module

    engine = import_module(f"wavemix.backends.{form}")
    save = engine.save

    def save_another(net, path, description):
        other = WaveUNet(net.inputs, levels=net.levels, filters=net.filters)
        save(net if "drums" in path.name else other, path, description)

    monkeypatch.setattr(engine, "save", save_another)
    outcome = run("export", "all", "--format", form, "-o", tmp_path / "out", "--weights", tiny_weights)
    assert outcome.status == 1
    assert outcome.err.startswith("wavemix: bass")
    assert "differs from its model by" in outcome.err
    assert not (tmp_path / "out").exists()


def test_all_five(run, tiny_weights, tmp_path):
    outcome = run("export", "all", "-o", tmp_path / "out", "--weights", tiny_weights)
    assert outcome.status == 0, outcome.err
    files = [tmp_path / "out" / f"{name}.onnx" for name in TASKS]
    assert outcome.out.split() == [str(path) for path in files]
    assert all(path.is_file() for path in files)


def test_a_file_is_named_after_its_model(run, lite_weights, tmp_path):
    outcome = run("export", "all-lite", "--format", "torchscript", "-o", tmp_path / "out", "--weights", lite_weights)
    assert outcome.status == 0, outcome.err
    assert outcome.out.split() == [str(tmp_path / "out" / f"{name}-lite.pt") for name in TASKS]


def test_a_model_that_there_is_not(run, tmp_path):
    outcome = run("export", "tuba", "-o", tmp_path / "out")
    assert outcome.status == 1
    assert "there is no model `tuba`" in outcome.err


def test_a_format_whose_engine_is_not_installed(run, tmp_path, monkeypatch):
    monkeypatch.setattr("wavemix.extras.find_spec", lambda name: None)
    outcome = run("export", "bass", "-o", tmp_path / "out")
    assert outcome.err == "wavemix: the format onnx needs onnx and onnxruntime; install wavemix[export].\n"


def test_a_file_says_the_levels_of_its_inputs(tiny_weights):
    model = load("bass", tiny_weights)
    assert describe(model)["input_peak_dbfs"] == "any"
    model.config = replace(model.config, input_loudness_lufs=-25.0, input_peak_dbfs=-14.5)
    levels = {key: value for key, value in describe(model).items() if key.startswith("input_")}
    assert levels == {
        "input_loudness_lufs": "-25", "input_peak_dbfs": "-14.5", "input_sum_loudness_lufs": "any",
    }  # fmt: skip
