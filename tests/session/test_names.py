"""A table of track names in eleven languages, `names.csv` beside this file."""

import csv
import unicodedata
from collections import Counter
from pathlib import Path, PurePath

import pytest

from wavemix.session.groups import GROUPS
from wavemix.session.roles import place

with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
    TABLE = list(csv.DictReader(file))
"""Rows of `language`, `name`, `group`, `role` (empty where the name does not tell it) and `already`: whether the name
was placed right before the vocabulary was grown from this table."""


def wrong(rows: list[dict[str, str]], form: str = "NFC") -> list[str]:
    """The names that are not placed as the table says, with where they went."""
    found = []
    for row in rows:
        placement = place(PurePath(unicodedata.normalize(form, f"{row['name']}.wav")))
        is_right = placement.recognised and placement.group == row["group"] and row["role"] in ("", placement.role)
        if not is_right:
            found.append(f"{row['language']}: {row['name']} went to {placement.group}/{placement.role}")
    return found


def test_the_table_is_large_and_has_many_languages() -> None:
    rows = Counter(row["language"] for row in TABLE)
    assert len(TABLE) >= 600
    assert len(rows) >= 10
    assert min(rows.values()) >= 100
    assert len({(row["language"], row["name"]) for row in TABLE}) == len(TABLE)
    assert all(row["role"] in ("", *GROUPS[row["group"]].roles) for row in TABLE)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_are_placed_right_in_every_language(form: str) -> None:
    failures = wrong(TABLE, form)
    for language, count in Counter(row["language"] for row in TABLE).items():
        of_language = [failure for failure in failures if failure.startswith(f"{language}: ")]
        assert len(of_language) <= 0.02 * count, of_language
    assert len(failures) <= 0.02 * len(TABLE), failures


def test_what_was_right_stays_right() -> None:
    assert wrong([row for row in TABLE if row["already"]]) == []
