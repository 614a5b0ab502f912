"""A card begins with whether the model is worth having."""

from collections.abc import Mapping
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavemix.cards.verdict import JUDGED, RIVALS, TEACHER, judge, number, verdict_tables
from wavemix.evaluation.mixes import BASELINES, HOUSE_ENGINEER, OURS
from wavemix.metrics.production import ProductionDistances

DISTANCE = st.floats(0, 100)
DECIDING = "production_log_spectral_db"


def table(ours: float | None, teacher: float | None, *rivals: float | None, **of_ours: float | None) -> list[dict]:
    """A row a mix, with one value for all its distances but those that are given for ours."""
    rows: Mapping[str, float | None] = dict(zip((OURS, TEACHER, *RIVALS), (ours, teacher, *rivals), strict=True))
    made = [{"mix": mix} | dict.fromkeys(JUDGED, value) for mix, value in rows.items()]
    return [made[0] | of_ours, *made[1:]]


def test_names_are_those_of_the_benchmark():
    assert set(RIVALS) < set(BASELINES)
    assert TEACHER == HOUSE_ENGINEER
    assert set(JUDGED) == {f"production_{field.name}" for field in fields(ProductionDistances)}


@given(DISTANCE, DISTANCE, DISTANCE, DISTANCE)
def test_less_than_both_rivals_is_better_whatever_the_teacher_does(ours, teacher, plain, equal):
    printed = [float(number(value)) for value in (ours, plain, equal)]
    for found in judge(table(ours, teacher, plain, equal)).comparisons:
        assert found.is_better == (printed[0] < min(printed[1:]))


@given(DISTANCE)
def test_nobody_is_better_than_itself(value):
    assert judge(table(value, value, value, value)).count == "0 of 6"


def test_the_log_spectral_distance_decides_and_the_others_are_counted():
    others = [name for name in JUDGED if name != DECIDING]
    first = judge(table(2.0, 1.0, 2.0, 2.0, **{DECIDING: 1.0}))
    assert (first.deciding.measure, first.deciding.answer, first.count) == (DECIDING, "yes", "1 of 6")
    rest = judge(table(2.0, 1.0, 2.0, 2.0, **dict.fromkeys(others, 1.0)))
    assert (rest.deciding.answer, rest.count) == ("no", "5 of 6")


@pytest.mark.parametrize("undefined", [None, float("inf"), float("nan")])
def test_what_is_undefined_is_not_better(undefined):
    assert judge(table(undefined, 1.0, 1.0, 1.0)).deciding.answer == "no"
    found = judge(table(0.5, 1.0, undefined, 1.0)).deciding
    assert (found.values, found.answer) == (("0.5", "1", "–", "1"), "no")
    assert judge(table(0.5, undefined, 1.0, 1.0)).deciding.answer == "yes"


@pytest.mark.parametrize("missing", [OURS, *RIVALS])
def test_measures_and_rivals_that_are_missing_are_not_judged(missing):
    rows = table(1.0, 2.0, 3.0, 3.0)
    assert judge([row for row in rows if row["mix"] != missing]) is None
    partial = [{k: v for k, v in row.items() if row["mix"] != missing or k != DECIDING} for row in rows]
    assert judge(partial) is None
    assert judge([row for row in rows if row["mix"] != TEACHER]).deciding.values == ("1", "–", "3", "3")


def test_each_folder_is_in_the_table():
    good, bad = table(1.0, 0.5, 2.0, 3.0), table(1.5, 0.5, 1.0, 2.0, production_imbalance=0.25)
    tables = [{"folder": "test", "songs": ["a"], "rows": good}, {"folder": "valid", "songs": ["b"], "rows": bad}]
    (own,) = verdict_tables({"benchmark": tables})
    assert "On the test songs **yes**, and by 6 of 6 distances in all; on the valid songs **no**, and by 1 of 6" in own
    assert "| test | log-spectral, dB | 1 | 0.5 | 2 | 3 | yes |" in own
    assert "| valid | log-spectral, dB | 1.5 | 0.5 | 1 | 2 | no |" in own
    assert "| valid | imbalance | 0.25 | 0.5 | 1 | 2 | yes |" in own
    both = list(verdict_tables({"benchmark": tables, "pipeline": tables[:1]}))
    assert ["whole system" in text for text in both] == [False, True]
    assert not list(verdict_tables({"benchmark": [{"folder": "test", "songs": [], "rows": []}]}))
    old = [{"mix": mix, "si_sdr_db": 1.0} for mix in (OURS, *RIVALS)]
    assert not list(verdict_tables({"benchmark": [{"folder": "test", "songs": ["a"], "rows": old}]}))
