import hashlib
import json
import os
import shutil
import struct

import pytest
import torch
from safetensors.torch import load_file, save_file

from wavemix.errors import WavemixError
from wavemix.publishing.untrained import save_untrained
from wavemix.zoo import FAMILIES, MODELS, TASKS, ModelConfig, load, save
from wavemix.zoo.config import read_config
from wavemix.zoo.places import find_here
from wavemix.zoo.registry import ALL, CARDS, entry_of, models_named


@pytest.mark.parametrize("name", MODELS)
def test_the_published_weights_load(name):
    mixer = load(name)
    assert mixer.net.inputs == MODELS[name].task.inputs
    assert mixer.config.sha256 == MODELS[name].sha256
    assert mixer.sample_rate == 44_100
    assert not mixer.training


@pytest.mark.parametrize("name", MODELS)
def test_the_published_weights_answer_silence_with_silence(name):
    mixer = load(name)
    with torch.no_grad():
        assert mixer(torch.zeros(1, mixer.net.inputs, 1000)).abs().max() < 1e-7


@pytest.mark.parametrize("name", MODELS)
def test_untrained_weights_are_the_plain_sum(name, tmp_path):
    save_untrained(name, tmp_path)
    mixer = load(name, tmp_path)
    tracks = torch.randn(1, mixer.net.inputs, 5000, generator=torch.manual_seed(0))
    with torch.no_grad():
        mixed = mixer(tracks)
    channels = MODELS[name].task.input_channels
    for side in (0, 1):
        torch.testing.assert_close(mixed[0, side], tracks[0, side % channels :: channels].sum(0), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", MODELS)
def test_the_published_weights_are_of_their_task_and_family(name):
    config = read_config(CARDS / name / "config.json")
    assert config.name == name
    assert (config.model, config.filters, config.levels) == (MODELS[name].task.name, MODELS[name].family.filters, 10)
    assert [entry.name for entry in MODELS.values() if config.is_for(entry)] == [name]


def test_every_task_is_published_in_every_family():
    families = {family.filters: family.name for family in FAMILIES.values()}
    assert families == {24: "full", 8: "lite"}
    assert [(entry.family.name, entry.task.name) for entry in MODELS.values()] == [
        (family, task) for family in FAMILIES for task in TASKS
    ]
    assert [name for names in ALL.values() for name in names] == list(MODELS)
    assert not set(ALL) & set(MODELS)


def test_a_model_is_named_by_itself_or_by_its_task_and_family():
    for entry in MODELS.values():
        assert entry_of(entry.name) is entry_of(entry.task.name, entry.family.name) is entry
        assert entry_of(entry.name, entry.family.name) is entry
        assert models_named(entry.name) == (entry.name,)
    with pytest.raises(WavemixError, match="no family `tiny`; choose from full, lite"):
        entry_of("drums", "tiny")


def test_table_1_of_the_paper():
    assert {name: task.inputs for name, task in TASKS.items()} == {
        "drums": 10, "bass": 4, "vocals": 4, "other": 8, "mix": 8,
    }  # fmt: skip


@pytest.fixture
def drums(tiny_weights, tmp_path):
    """A copy of a checkpoint, to spoil."""
    return shutil.copytree(tiny_weights / "drums", tmp_path / "drums")


def respell(folder, spoil):
    """Change the tensors, with the right hash in the config: an honest but wrong file."""
    config = read_config(folder / "config.json")
    tensors = load_file(folder / "model.safetensors")
    spoil(tensors)
    save_file(tensors, folder / "model.safetensors")

    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    values = json.loads(config.dump()) | {"sha256": digest}
    (folder / "config.json").write_text(json.dumps(values))


def refuse(folder, message):
    with pytest.raises(WavemixError, match=message) as caught:
        load("drums", folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_good_copy_loads(drums):
    assert load("drums", drums).origin == str(drums)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda tensors: tensors.pop("down.0.bias"), r"the tensor down\.0\.bias is missing"),
        (lambda tensors: tensors.update(surplus=torch.zeros(1)), "the tensor surplus is unknown"),
        (lambda tensors: tensors.update({"output.bias": torch.zeros(3)}), r"output\.bias is \(3,\), not \(2,\)"),
        (lambda tensors: tensors["output.bias"].fill_(torch.nan), r"output\.bias is not finite"),
        *(
            (
                lambda tensors, kind=kind: tensors.update({"output.bias": torch.zeros(2).to(kind)}),
                rf"output\.bias has numbers of the type {str(kind)[6:]}, not float16, bfloat16, float32",
            )
            for kind in (
                torch.bool,
                torch.int8,
                torch.int64,
                torch.float64,
                torch.complex64,
                torch.float8_e4m3fn,
                torch.float8_e5m2,
            )
        ),
    ],
)
def test_tensors_that_do_not_fit(drums, spoil, message):
    respell(drums, spoil)
    refuse(drums, message)


def test_one_flipped_byte(drums):
    path = drums / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    refuse(drums, r"is not the file that it should be \(sha256 .* expected")


def test_published_weights_are_held_to_the_registrys_hash(drums, monkeypatch):
    """Whatever the folder's own config says."""
    monkeypatch.setattr("wavemix.zoo.places.CARDS", drums.parent)
    with pytest.raises(WavemixError, match="is not the file that it should be"):
        load("drums")


def test_a_file_that_is_no_safetensors(drums):
    (drums / "model.safetensors").write_bytes(b"pickle")
    values = json.loads((drums / "config.json").read_text()) | {"sha256": hashlib.sha256(b"pickle").hexdigest()}
    (drums / "config.json").write_text(json.dumps(values))
    refuse(drums, "is not a safetensors file")


def test_weights_that_are_missing(drums):
    (drums / "model.safetensors").unlink()
    refuse(drums, "cannot be read")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "tuba"}, "unknown model `tuba`"),
        ({"slots": ["kick"]}, "was made for the slots kick"),
        ({"filters": 0}, "filters must be 1 to 256, got 0"),
        ({"filters": "many"}, "`filters` must be a whole number, not 'many'"),
        ({"filters": 1_000_000_000}, "filters must be 1 to 256"),
        ({"filters": 256, "levels": 14}, "14 levels of 256 filters are .* parameters"),
        ({"levels": 100_000}, "levels must be 1 to 14, got 100000"),
        ({"levels": 2**70}, "levels must be 1 to 14"),
        ({"levels": True}, "`levels` must be a whole number, not True"),
        ({"levels": 3.0}, "`levels` must be a whole number, not 3.0"),
        ({"sha256": None}, "`sha256` must be text, not None"),
        ({"sha256": ""}, "lacks the hash of its weights"),
        ({"sha256": "0" * 63 + "G"}, "sha256 must be 64 digits"),
        ({"model": ["drums"]}, r"`model` must be text, not \['drums'\]"),
        ({"status": "finished"}, "`status` must be one of untrained: plain sum, trained, not 'finished'"),
        ({"status": {"a": 1}}, "`status` must be one of"),
        ({"slots": [[1]]}, r"`slots` 0 must be text, not \[1\]"),
        ({"slots": "kick"}, "`slots` must be a list, not 'kick'"),
        ({"sample_rate": "fast"}, "`sample_rate` must be a whole number"),
        ({"sample_rate": 0}, "sample_rate must be 8000 to 192000, got 0"),
        ({"input_loudness_lufs": float("nan")}, "`input_loudness_lufs` must be a finite number, not nan"),
        ({"input_peak_dbfs": float("inf")}, "`input_peak_dbfs` must be a finite number"),
        ({"input_sum_loudness_lufs": "loud"}, "`input_sum_loudness_lufs` must be a finite number"),
        ({"input_loudness_lufs": -500}, "loudness_lufs must be -120 to 120"),
        ({"class": "os.system"}, "there is no key `class`; the keys are model, status"),
    ],
)
def test_a_config_that_is_wrong(drums, change, message):
    values = json.loads((drums / "config.json").read_text()) | change
    (drums / "config.json").write_text(json.dumps(values))
    refuse(drums, message)


def test_a_config_that_is_no_json(drums):
    (drums / "config.json").write_text("{")
    refuse(drums, "not valid JSON")


@pytest.mark.parametrize("file", ["config.json", "model.safetensors"])
@pytest.mark.parametrize("kind", ["pipe", "device", "larger than any"])
def test_files_that_have_no_end(drums, file, kind):
    place = drums / file
    place.unlink()
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place.symlink_to("/dev/zero")
    else:
        place.touch()
        os.truncate(place, 1 << 40)  # of holes: it takes no place on the disk
    # Where there is no config, a folder holds no model.
    refuse(drums, "too large for a file of its kind|is a pipe or a device|holds no model")


@pytest.mark.parametrize("kind", ["F4", "F6_E2M3", "F8_E8M0", "C64", "U8", "BOOL", "X"])
def test_strange_types_of_numbers(drums, kind):
    """As their headers name them, whichever of them this version of safetensors knows."""
    about = {"output.bias": {"dtype": kind, "shape": [2], "data_offsets": [0, 16 if kind == "C64" else 2]}}
    header = json.dumps(about).encode()
    data = struct.pack("<Q", len(header)) + header + bytes(16 if kind == "C64" else 2)
    (drums / "model.safetensors").write_bytes(data)
    values = json.loads((drums / "config.json").read_text()) | {"sha256": hashlib.sha256(data).hexdigest()}
    (drums / "config.json").write_text(json.dumps(values))
    refuse(drums, "is not a safetensors file|does not fit the model")


def test_a_folder_without_models(tmp_path):
    refuse(tmp_path, "holds no model")


def test_no_such_model():
    with pytest.raises(WavemixError, match="no model `tuba`; choose from drums"):
        load("tuba")


def test_a_folder_may_be_named_after_the_task(lite_weights, tmp_path):
    """As training writes it."""
    folder = shutil.copytree(lite_weights / "drums-lite", tmp_path / "drums")
    for place in (folder, tmp_path):
        assert load("drums-lite", place).config.sha256 == load("drums-lite", lite_weights).config.sha256


def test_a_folder_named_after_the_model_goes_before_that_of_its_task(lite_weights, drums):
    shutil.copytree(lite_weights / "drums-lite", drums.parent / "drums-lite")
    assert load("drums-lite", drums.parent).net.filters == 8
    assert load("drums", drums.parent).net.filters == 2


@pytest.mark.parametrize(("asked", "found"), [("drums", "drums-lite"), ("drums-lite", "drums")])
def test_weights_of_another_family_are_refused(asked, found, tmp_path):
    save_untrained(found, tmp_path / "drums", levels=2)
    for place in (tmp_path, tmp_path / "drums"):
        with pytest.raises(WavemixError, match=rf"holds the model `{found}` \(\d+ filters a level\), not `{asked}`"):
            load(asked, place)
        assert find_here(asked, place).folder == CARDS / asked


def test_a_width_that_no_family_has_stands_for_any(drums):
    assert load("drums", drums).config.sha256 == load("drums-lite", drums).config.sha256


def test_models_that_a_folder_lacks_are_the_published_ones(drums):
    assert load("bass", drums).config.sha256 == MODELS["bass"].sha256
    assert load("bass", drums.parent).config.sha256 == MODELS["bass"].sha256
    assert load("bass-lite", drums.parent).config.sha256 == MODELS["bass-lite"].sha256


def test_sixteen_bits_are_half_the_bytes_and_the_same_mix(tmp_path):
    config = ModelConfig("bass", "trained", MODELS["bass"].task.slots, levels=3, filters=2)
    net = config.build()
    save(net, config, tmp_path / "16")
    save(net, config, tmp_path / "32", torch.float32)
    sizes = [(tmp_path / bits / "model.safetensors").stat().st_size for bits in ("16", "32")]
    assert sizes[0] < 0.7 * sizes[1]
    tracks = torch.randn(1, 4, 500)
    with torch.no_grad():
        mixes = [load("bass", tmp_path / bits)(tracks) for bits in ("16", "32")]
    torch.testing.assert_close(mixes[0], mixes[1], atol=2e-3, rtol=0)
    assert mixes[1].abs().max() > 0.05
