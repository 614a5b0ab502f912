"""CSV that a spreadsheet opens without running anything, and that we read as it was."""

import csv
import io
from itertools import product
from pathlib import Path

import pytest

from wavemix.documents.csv_text import dump_rows, read_rows

FORMULAS = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\r=x", "=cmd|'/c calc'!A0", "-Kick", "'=1", "''=1"]
HARMLESS = ["Kick", "", "'s", "-14", "-14.5", "+3", "-inf", "a=b", "Bell's", "-1e-05"]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_that_looks_like_a_formula_is_text_to_a_spreadsheet(name: str) -> None:
    assert cells(dump_rows(("song",), [(name,)]))[1] == [f"'{name}"]


@pytest.mark.parametrize("value", [*HARMLESS, -14, -14.5, 3])
def test_numbers_and_other_names_stay_as_they_are(value: object) -> None:
    assert cells(dump_rows(("song", "x"), [("a", value)]))[1] == ["a", str(value)]


def test_what_is_written_is_read_as_it_was(tmp_path: Path) -> None:
    rows = [["".join(letters), "Kick"] for count in range(4) for letters in product("=+-@'\t\r\n\", 1", repeat=count)]
    (tmp_path / "t.csv").write_text(dump_rows(("a", "b"), rows), encoding="utf-8", newline="")
    assert [row for _, row in read_rows(tmp_path / "t.csv")][1:] == rows


def test_a_name_that_is_not_utf_8_is_written_as_an_escape() -> None:
    assert dump_rows(("song",), [("kick\udcff",)]) == "song\nkick\\udcff\n"
