"""docs/reliability.md as a whole: every row is tried by a test."""

import ast
from functools import cache

import pytest
from reliability.promises import DOCUMENT, rows

TESTS = DOCUMENT.parents[1] / "tests"
HEADINGS = [line[3:] for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
FAULTS = "Faults"
INPUTS = [heading for heading in HEADINGS if heading != FAULTS]


@cache
def names_in(file: str) -> set[str]:
    """The names of a file's tests."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", rows(FAULTS), ids=lambda row: row.tried)
def test_a_fault_has_a_test_that_exists(row):
    file, name = row.test.split(": ")
    assert name in names_in(file)
    assert row.happens


@pytest.mark.parametrize("heading", HEADINGS)
def test_nothing_is_listed_twice(heading):
    tried = [row.tried for row in rows(heading)]
    assert len(set(tried)) == len(tried)


@pytest.mark.parametrize("heading", INPUTS)
def test_every_table_of_inputs_is_tried(heading):
    """A module of this folder has its cases, and holds them to its rows."""
    users = [path for path in TESTS.glob("reliability/test_*.py") if f'Cases("{heading}")' in path.read_text()]
    assert len(users) == 1
    assert "check_complete()" in users[0].read_text() and "hold(row, " in users[0].read_text()


def test_the_tables_are_as_long_as_they_should_be():
    assert sum(len(rows(heading)) for heading in INPUTS) >= 60
    assert len(rows(FAULTS)) >= 20
