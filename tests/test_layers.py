"""Imports go down only: see ARCHITECTURE.md."""

import ast
from pathlib import Path

import pytest

import wavemix

PACKAGE = Path(wavemix.__file__).parent

LAYERS = [
    ("errors", "leftovers"),
    ("documents", "shipped", "staging"),
    ("audio",),
    ("dsp", "waveunet", "statistics"),
    ("engineer",),
    ("backends", "data", "metrics"),
    ("zoo",),
    ("models", "example"),
    ("pipeline", "training", "publishing", "rendering"),
    ("catalogue", "evaluation", "listening"),
    ("cli",),
]
"""From the lowest up. Parts of one layer do not import each other."""

HEIGHT = {part: height for height, parts in enumerate(LAYERS) for part in parts}


def part_of(module: str) -> str | None:
    """The part of the package that a module belongs to; None for the package itself and for others."""
    names = module.split(".")
    return names[1] if names[0] == "wavemix" and len(names) > 1 else None


def imports(path: Path) -> set[str]:
    """The parts of the package that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {part_of(name.name) for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides its layer"
            found |= {part_of(node.module or "")}
    return found - {None}


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE or path.stem in HEIGHT]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for part in imports(path) - {own}:
        assert HEIGHT[part] < HEIGHT[own], f"{own} must not import {part}"


def test_every_part_has_its_layer():
    parts = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert parts | {"errors", "leftovers", "shipped", "staging"} == set(HEIGHT)


def test_the_public_names_exist():
    for name in wavemix.__all__:
        assert getattr(wavemix, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = wavemix.nonsense


def test_there_is_no_dumping_ground():
    assert not [path for path in PACKAGE.rglob("*.py") if path.stem in {"utils", "helpers", "misc", "common"}]
