"""Imports go down only: see ARCHITECTURE.md."""

import ast
from pathlib import Path

import pytest

import wavemix

PACKAGE = Path(wavemix.__file__).parent

LAYERS = [
    ("crew", "errors", "leftovers", "version", "workers"),
    ("documents", "extras", "pages", "shipped", "staging"),
    ("audio",),
    ("dsp", "waveunet", "statistics", "synthesis"),
    ("engineer", "session"),
    ("backends", "data", "explanation", "metrics", "recognition", "takes"),
    ("daw", "zoo"),
    ("cards", "models", "example", "system"),
    ("pipeline", "training", "rendering"),
    ("app", "catalogue", "ear_training", "evaluation", "listening"),
    ("publishing",),
    ("cli",),
    ("wavemix",),
]
"""From the lowest up. Parts of one layer do not import each other. The package, which has names of all, is on top."""

HEIGHT = {part: height for height, parts in enumerate(LAYERS) for part in parts}


def part_of(module: str) -> str | None:
    """The part of the package that a module belongs to, `wavemix` for the package itself; None for others."""
    names = module.split(".")
    if names[0] != "wavemix":
        return None
    return names[1] if len(names) > 1 and names[1] in HEIGHT else "wavemix"


def imports(source: str) -> set[str]:
    """The parts of the package that a file's text imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {part_of(name.name) for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides its layer"
            found |= {part_of(f"{node.module}.{name.name}") for name in node.names}
    return found - {None}


FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE or path.stem in HEIGHT]


def test_imports_go_down_only():
    wrong = []
    for path in FILES:
        own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        parts = imports(path.read_text(encoding="utf-8")) - {own}
        wrong += [
            f"{path.relative_to(PACKAGE)} must not import {part}" for part in parts if HEIGHT[part] >= HEIGHT[own]
        ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("import wavemix", {"wavemix"}),
        ("import wavemix as package", {"wavemix"}),
        ("def late():\n    from wavemix import load", {"wavemix"}),
        ("from wavemix import leftovers", {"leftovers"}),
        ("from wavemix.zoo import hub", {"zoo"}),
        ("import wavemix.data.plain, os", {"data"}),
    ],
)
def test_no_import_is_overlooked(source, parts):
    assert imports(source) == parts


def test_every_part_has_its_layer():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    files = {path.stem for path in PACKAGE.glob("*.py") if path.name not in ("__init__.py", "__main__.py")}
    assert folders | files | {"wavemix"} == set(HEIGHT)


def test_the_public_names_exist():
    for name in wavemix.__all__:
        assert getattr(wavemix, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = wavemix.nonsense


def test_there_is_no_dumping_ground():
    assert not [path for path in PACKAGE.rglob("*.py") if path.stem in {"utils", "helpers", "misc", "common"}]
