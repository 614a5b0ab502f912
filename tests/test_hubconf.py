import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from wavemix import AutoMix, Mixer
from wavemix.zoo import MODELS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def entry_points():
    """What torch.hub finds: the callables that are not private."""
    spec = importlib.util.spec_from_file_location("hubconf", ROOT / "hubconf.py")
    hubconf = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hubconf)
    return {name: entry for name, entry in vars(hubconf).items() if callable(entry) and not name.startswith("_")}


def test_the_entry_points_are_the_registrys(entry_points):
    assert set(entry_points) == {"automix", *MODELS}


def test_every_entry_point_says_what_it_reads(entry_points):
    for name, entry in MODELS.items():
        assert f"(batch, {entry.inputs}, samples)" in entry_points[name].__doc__
    for argument in inspect.signature(entry_points["automix"]).parameters:
        assert f"{argument}: " in entry_points["automix"].__doc__


def test_automix(tiny_weights):
    assert isinstance(torch.hub.load(str(ROOT), "automix", source="local"), AutoMix)
    own = torch.hub.load(str(ROOT), "automix", source="local", weights=str(tiny_weights), device="cpu")
    assert own.model("drums").net.filters == 2


@pytest.mark.parametrize("name", MODELS)
def test_single_models(name):
    mixer = torch.hub.load(str(ROOT), name, source="local")
    assert isinstance(mixer, Mixer)
    with torch.no_grad():
        assert mixer(torch.zeros(1, MODELS[name].inputs, 100)).shape == (1, 2, 100)


def test_a_new_process_in_another_folder_needs_nothing_that_training_needs(band, tmp_path):
    code = (
        "import sys, torch\n"
        f"mixer = torch.hub.load({str(ROOT)!r}, 'automix', source='local', device='cpu')\n"
        f"mixer.mix({str(band)!r}, {str(tmp_path / 'out')!r})\n"
        "assert not {'lightning', 'torchaudio', 'wandb'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    assert (tmp_path / "out/mix.wav").is_file()
