"""What is required is used, what is used is required, and the bounds hold what the tests run with."""

import ast
import re
import sys
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

MODULES = {"pyyaml": "yaml", "scikit-image": "skimage"}
"""Packages whose module has another name."""

NOT_IMPORTED = {
    "torchaudio": "for training code of one's own: it does not load beside a CPU-only build of torch",
    "s3fs": "loaded by fsspec for s3:// destinations",
}
"""Packages of extras that wavemix itself does not import, and why they are named."""


def named(requirements: list[str]) -> set[str]:
    """The modules of packages, those of wavemix's own extras aside."""
    names = {Requirement(text).name.lower() for text in requirements} - {"wavemix"}
    return {MODULES.get(name, name) for name in names}


def imported() -> set[str]:
    """The top-level modules that wavemix imports anywhere, but for its own and Python's."""
    found = set()
    for path in [*(ROOT / "wavemix").rglob("*.py"), ROOT / "hubconf.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module).split(".")[0])
    return found - {"wavemix"} - sys.stdlib_module_names


EXTRAS = {name: requirements for name, requirements in PROJECT["optional-dependencies"].items() if name != "dev"}


def test_every_requirement_is_imported():
    assert named(PROJECT["dependencies"]) - imported() == set()


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_requirement_of_an_extra_is_imported_or_has_a_reason(extra):
    assert named(EXTRAS[extra]) - imported() <= set(NOT_IMPORTED)


def test_whatever_is_imported_is_required():
    required = named(PROJECT["dependencies"]).union(*map(named, EXTRAS.values()))
    assert imported() - required == set()


def test_the_tests_run_within_the_bounds_of_torch():
    (torch,) = (Requirement(text) for text in PROJECT["dependencies"] if Requirement(text).name == "torch")
    constraints = dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    assert Version(constraints["torch"]) in torch.specifier
    assert Version(version("torch")).public in torch.specifier
    lower, upper = sorted(Version(one.version) for one in torch.specifier)
    assert lower <= Version(constraints["torch"]) < upper
    assert upper.release[1] - Version(constraints["torch"]).release[1] <= 2, "promises more than the next release"


def test_the_oldest_torch_is_one_that_the_extra_train_loads_beside():
    (torch,) = (Requirement(text) for text in PROJECT["dependencies"] if Requirement(text).name == "torch")
    lower = min(Version(one.version) for one in torch.specifier)
    (torchaudio,) = (Requirement(text) for text in EXTRAS["train"])
    assert lower in torchaudio.specifier  # they share the number of their release
    try:
        needed = requires("torchaudio")
    except ImportError:
        return
    assert all(lower in Requirement(text).specifier for text in needed or [] if Requirement(text).name == "torch")
