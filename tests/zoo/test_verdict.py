"""A card begins with whether the model is worth having."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavemix.evaluation import benchmark
from wavemix.evaluation.mixes import BASELINES, OURS
from wavemix.zoo.metadata import MEASURES
from wavemix.zoo.verdict import JUDGED, RIVALS, judge, number, verdict_tables

FINITE = st.floats(-100, 100)


def table(*values: Sequence[float | None]) -> list[dict]:
    """A row a mix, ours first, with as many of the judged measures as values are given."""
    names = (OURS, *RIVALS)
    return [{"mix": mix, **dict(zip(JUDGED, row, strict=False))} for mix, row in zip(names, values, strict=True)]


def test_names_are_those_of_the_benchmark():
    assert set(RIVALS) < set(BASELINES)
    assert set(JUDGED) < set(MEASURES) == {measure.name for measure in benchmark.MEASURES}


@given(FINITE, FINITE, FINITE)
def test_more_si_sdr_is_better_and_less_of_the_others(ours, plain, equal):
    printed = [float(number(value)) for value in (ours, plain, equal)]
    more, less, _ = judge(table([ours] * 3, [plain] * 3, [equal] * 3))
    assert more.is_better == (printed[0] > max(printed[1:]))
    assert less.is_better == (printed[0] < min(printed[1:]))


@given(FINITE)
def test_nobody_is_better_than_itself(value):
    assert not any(verdict.is_better for verdict in judge(table(*[[value] * 3] * 3)))


@pytest.mark.parametrize("undefined", [None, float("inf"), float("nan")])
def test_what_is_undefined_is_not_better(undefined):
    assert judge(table([undefined], [1.0], [1.0]))[0].answer == "no"
    (verdict,) = judge(table([9.0], [undefined], [1.0]))
    assert (verdict.values, verdict.answer) == (("9", "–", "1"), "no")


def test_measures_and_rivals_that_are_missing_are_not_judged():
    assert judge(table([1.0], [2.0], [3.0])[:2]) == ()
    assert [verdict.measure for verdict in judge(table([1.0, 1.0], [2.0, 2.0], [3.0, 3.0]))] == list(JUDGED)[:2]


def test_each_folder_is_in_the_table():
    good, bad = table([3.0, 1.0, 1.0], [1.0, 2.0, 2.0], [2.0, 3.0, 3.0]), table([0.0], [1.0], [2.0])
    tables = [{"folder": "test", "songs": ["a"], "rows": good}, {"folder": "valid", "songs": ["b"], "rows": bad}]
    (own,) = verdict_tables({"benchmark": tables})
    assert "better than both the plain sum and equal loudness in 3 of 4:" in own
    assert "| test | SI-SDR, dB | 3 | 1 | 2 | yes |" in own
    assert "| valid | SI-SDR, dB | 0 | 1 | 2 | no |" in own
    assert len(list(verdict_tables({"benchmark": tables, "pipeline": tables[:1]}))) == 2
    assert not list(verdict_tables({"benchmark": [{"folder": "test", "songs": [], "rows": []}]}))
