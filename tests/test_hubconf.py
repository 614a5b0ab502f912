import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from conftest import noise

from wavemix import AutoMix, Mixer
from wavemix.session.groups import GROUPS
from wavemix.zoo import FAMILIES, MODELS

ROOT = Path(__file__).resolve().parents[1]


def entry_point(model):
    """A model's name as Python can have it."""
    return model.replace("-", "_")


@pytest.fixture(scope="module")
def entry_points():
    """What torch.hub finds: the callables that are not private."""
    spec = importlib.util.spec_from_file_location("hubconf", ROOT / "hubconf.py")
    hubconf = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hubconf)
    return {name: entry for name, entry in vars(hubconf).items() if callable(entry) and not name.startswith("_")}


def test_the_entry_points_are_the_registrys(entry_points):
    assert set(entry_points) == {"automix", "recognise", *map(entry_point, MODELS)}


def test_every_entry_point_says_what_it_reads(entry_points):
    for name, entry in MODELS.items():
        assert f"(batch, {entry.task.inputs}, samples)" in entry_points[entry_point(name)].__doc__
        assert entry_points[entry_point(name)].__name__ == entry_point(name)
    for argument in inspect.signature(entry_points["automix"]).parameters:
        assert f"{argument}: " in entry_points["automix"].__doc__


def test_automix(tiny_weights):
    assert isinstance(torch.hub.load(str(ROOT), "automix", source="local"), AutoMix)
    own = torch.hub.load(str(ROOT), "automix", source="local", weights=str(tiny_weights), device="cpu")
    assert own.model("drums").net.filters == 2


def test_automix_in_a_precision(tiny_weights):
    options = {"weights": str(tiny_weights), "device": "cpu", "backend": "torch", "precision": "bfloat16"}
    system = torch.hub.load(str(ROOT), "automix", source="local", **options)
    assert {model.backend.precision for model in system.models.values()} == {"bfloat16"}
    found = system.mix_arrays({"Kick In": noise(0.1)[:, 0], "Bass": noise(0.1, channels=2).T}, 48_000)
    assert found.mix.shape == found.stems["bass"].shape == (2, 4052)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_automix_in_a_family(family):
    system = torch.hub.load(str(ROOT), "automix", source="local", family=family.name, device="cpu")
    assert system.family == family.name
    assert {model.net.filters for model in system.models.values()} == {family.filters}


@pytest.mark.parametrize("name", MODELS)
def test_single_models(name):
    mixer = torch.hub.load(str(ROOT), entry_point(name), source="local")
    assert isinstance(mixer, Mixer)
    assert mixer.config.name == name
    with torch.no_grad():
        assert mixer(torch.zeros(1, MODELS[name].task.inputs, 100)).shape == (1, 2, 100)


def test_the_recogniser():
    recogniser = torch.hub.load(str(ROOT), "recognise", source="local")
    assert recogniser.recognise(noise(1.0)[:, 0], 48_000).group in GROUPS


def test_a_new_process_in_another_folder_needs_nothing_that_training_needs(band, tmp_path):
    code = (
        "import sys, torch\n"
        f"mixer = torch.hub.load({str(ROOT)!r}, 'automix', source='local', device='cpu')\n"
        f"mixer.mix({str(band)!r}, {str(tmp_path / 'out')!r})\n"
        "assert not {'lightning', 'torchaudio', 'wandb'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    assert (tmp_path / "out/mix.wav").is_file()
