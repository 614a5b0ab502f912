"""Weights that are not as they should be: a table of docs/reliability.md."""

import hashlib
import json
import os
import shutil
import struct

import pytest
import torch
from reliability.promises import Cases, hold
from safetensors.torch import load_file, save

case = Cases("Weights")


@pytest.mark.parametrize("row", case.rows, ids=lambda row: row.tried)
def test_weights_do_to_a_mix_what_the_table_says(row, bench, run):
    hold(row, run(*case[row.tried](bench)), bench)


def test_the_table_and_the_cases_are_the_same():
    case.check_complete()


def copied(bench):
    """The folder of a model among five, to be spoilt, and the arguments that mix with them."""
    bench.track()
    weights = shutil.copytree(bench.weights, bench.folder / "weights")
    return weights / "bass", bench.mix("--weights", weights)


def described(bench, **change):
    """A config.json with other values."""
    folder, mix = copied(bench)
    values = json.loads((folder / "config.json").read_text()) | change
    (folder / "config.json").write_text(json.dumps(values))
    return mix


def filled(bench, data):
    """Other bytes for weights, of which the config tells the hash."""
    folder, mix = copied(bench)
    (folder / "model.safetensors").write_bytes(data(folder))
    values = json.loads((folder / "config.json").read_text())
    values["sha256"] = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    (folder / "config.json").write_text(json.dumps(values))
    return mix


def with_bias(bench, bias):
    """Weights whose last tensor is another one."""
    return filled(bench, lambda folder: save(load_file(folder / "model.safetensors") | {"output.bias": bias}))


@case("config.json: no JSON")
def _(bench):
    folder, mix = copied(bench)
    (folder / "config.json").write_text("{")
    return mix


@case("config.json: lists 100,000 deep")
def _(bench):
    folder, mix = copied(bench)
    (folder / "config.json").write_text("[" * 100_000)
    return mix


@case("config.json: a key that there is not")
def _(bench):
    return described(bench, kind="os.system")


@case("config.json: a hash that is null")
def _(bench):
    return described(bench, sha256=None)


@case("config.json: a model that is a list")
def _(bench):
    return described(bench, model=["bass"])


@case("config.json: slots that are lists")
def _(bench):
    return described(bench, slots=[[1]])


@case("config.json: a status that there is not")
def _(bench):
    return described(bench, status={"a": 1})


@case("config.json: levels: 100000")
def _(bench):
    return described(bench, levels=100_000)


@case("config.json: levels: 2 to the power of 70")
def _(bench):
    return described(bench, levels=2**70)


@case("config.json: filters: 1000000000")
def _(bench):
    return described(bench, filters=1_000_000_000)


@case("config.json: a network too large for any machine")
def _(bench):
    return described(bench, levels=14, filters=256)


@case("config.json: a loudness that is NaN")
def _(bench):
    return described(bench, input_loudness_lufs=float("nan"))


@case("config.json: another sample rate than the other models have")
def _(bench):
    return described(bench, sample_rate=48_000)


@case("weights cut short")
def _(bench):
    folder, mix = copied(bench)
    os.truncate(folder / "model.safetensors", 1000)
    return mix


@case("weights that are a pipe")
def _(bench):
    folder, mix = copied(bench)
    (folder / "model.safetensors").unlink()
    os.mkfifo(folder / "model.safetensors")
    return mix


@case("weights that are a device")
def _(bench):
    folder, mix = copied(bench)
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to("/dev/zero")
    return mix


@case("weights of a terabyte")
def _(bench):
    folder, mix = copied(bench)
    os.truncate(folder / "model.safetensors", 1 << 40)  # of holes: it takes no place on the disk
    return mix


@case("a pickle")
def _(bench):
    return filled(bench, lambda folder: b"\x80\x04\x95pickle")


@case("a header that promises more than the file")
def _(bench):
    return filled(bench, lambda folder: struct.pack("<Q", 1 << 60) + b"{}")


@case("complex numbers")
def _(bench):
    return with_bias(bench, torch.zeros(2, dtype=torch.complex64))


@case("whole numbers of 8 bits")
def _(bench):
    return with_bias(bench, torch.zeros(2, dtype=torch.int8))


@case("floats of 8 bits")
def _(bench):
    return with_bias(bench, torch.zeros(2).to(torch.float8_e4m3fn))


@case("truth values")
def _(bench):
    return with_bias(bench, torch.zeros(2, dtype=torch.bool))


@case("a weight that is NaN")
def _(bench):
    return with_bias(bench, torch.tensor([0.0, torch.nan]))


@case("a tensor of another shape")
def _(bench):
    return with_bias(bench, torch.zeros(3))
