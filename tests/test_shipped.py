"""The folders that come with the package; `make wheel` puts an installed one to use."""

import tomllib
from pathlib import Path

import pytest

from wavemix.cards.card import METRICS, read_metrics
from wavemix.cards.metadata import weights_licence
from wavemix.publishing.package import SPACE_FILES, SPACES
from wavemix.shipped import shipped
from wavemix.training.recipe import RECIPES
from wavemix.zoo import MODELS
from wavemix.zoo.registry import CARDS, RECOGNISER

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WHEEL = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]


def test_a_checkout_has_them_beside_the_package():
    folders = {"recipes": RECIPES, "model_cards": CARDS, "spaces": SPACES}
    assert folders == {name: ROOT / name for name in folders}
    assert {path.name for path in SPACES.iterdir()} == set(SPACE_FILES)
    assert all((CARDS / name / METRICS).is_file() for name in (*MODELS, RECOGNISER.name))


def test_an_installed_package_has_them_inside(tmp_path, monkeypatch):
    package = tmp_path / "site-packages/wavemix"
    (package / "recipes").mkdir(parents=True)
    (tmp_path / "site-packages/recipes").mkdir()  # somebody else's
    monkeypatch.setattr("wavemix.shipped.files", lambda name: package)
    assert shipped("recipes") == package / "recipes"


@pytest.mark.parametrize("folder", [RECIPES, CARDS, SPACES], ids=lambda folder: folder.name)
def test_the_wheel_puts_them_there(folder):
    assert folder.name in WHEEL["only-include"]
    assert WHEEL["sources"][folder.name] == f"wavemix/{folder.name}"


def test_the_package_names_the_licences_of_all_weights():
    named = PROJECT["project"]["license"].lower()
    for name in MODELS:
        licence = weights_licence(read_metrics(CARDS / name))
        assert ("licenseref-licences-of-the-training-songs" if licence == "other" else licence) in named
