"""Whether a model is better than what anyone gets without one: the first thing that a card and a benchmark say."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wavemix.cards.metadata import MODEL_ROWS, benchmarks
from wavemix.metrics.measure import BENCHMARKED_PRODUCTION

TEACHER = "house engineer"
"""Row of a benchmark's table that is shown beside the model, and no rival: it needs no model, but its rules."""

RIVALS = ("plain sum", "equal loudness")
"""Rows of a benchmark's table that need no model, no rules and no reference."""

JUDGED = {measure.name: measure.full_title for measure in BENCHMARKED_PRODUCTION}
"""Measures of a verdict, with their words. Less is better in all; the first decides, the others are counted."""

TABLES = {
    "benchmark": ("this model by itself", "this model"),
    "pipeline": ("the whole system, raw tracks to the mix by all five models,", "whole system"),
}
"""Who is judged, by the key in `metrics.json`: in a sentence, and over a column."""


@dataclass(frozen=True)
class Comparison:
    """One measure of a model and of those that it is held against.

    Attributes:
        measure: One of `JUDGED`.
        values: As they are printed: the model's, the teacher's, then those of `RIVALS`.
        is_better: Whether the model is ahead of both rivals in the very digits that are printed.
    """

    measure: str
    values: tuple[str, ...]
    is_better: bool

    @property
    def answer(self) -> str:
        """`yes` or `no`."""
        return "yes" if self.is_better else "no"


@dataclass(frozen=True)
class Verdict:
    """What all measures together say of a model: the log-spectral distance decides."""

    comparisons: tuple[Comparison, ...]

    @property
    def deciding(self) -> Comparison:
        """The comparison that decides."""
        return self.comparisons[0]

    @property
    def count(self) -> str:
        """In how many measures the model is better than both rivals: `4 of 6`."""
        return f"{sum(found.is_better for found in self.comparisons)} of {len(self.comparisons)}"


def judge(rows: Sequence[Mapping[str, Any]]) -> Verdict | None:
    """A model against its rivals; None where it, or one of them, was not measured by production distances.

    What is undefined is not better, and nothing is better than it.

    Args:
        rows: The rows of one task of a benchmark: the name under `mix`, and the measures by name.

    >>> table = [{"mix": mix} | dict.fromkeys(JUDGED, 2.0) for mix in ("wavemix", *RIVALS)]
    >>> verdict = judge([table[0] | {"production_log_spectral_db": 1.5}, *table[1:]])
    >>> verdict.deciding.values, verdict.deciding.answer, verdict.count
    (('1.5', '–', '2', '2'), 'yes', '1 of 6')
    """
    by_name = {"model" if row["mix"] in MODEL_ROWS else row["mix"]: row for row in rows}
    if not all(measure in by_name.get(name, {}) for name in ("model", *RIVALS) for measure in JUDGED):
        return None
    mixes = [by_name.get(name, {}) for name in ("model", TEACHER, *RIVALS)]
    return Verdict(tuple(_compare(measure, [mix.get(measure) for mix in mixes]) for measure in JUDGED))


def number(value: float | None) -> str:
    """A measure as cards and benchmarks print it: four digits; a dash where it is not finite.

    >>> number(0.0806132), number(None), number(float("inf"))
    ('0.08061', '–', '–')
    """
    return "–" if value is None or not math.isfinite(value) else f"{value:.4g}"


def verdict_tables(metrics: Mapping[str, Any]) -> Iterator[str]:
    """What a card says first: for the model, and for the whole system where that was measured, a table of verdicts."""
    for key, (subject, column) in TABLES.items():
        judged = [
            (table["folder"], verdict)
            for name, table in benchmarks(metrics)
            if name == key and (verdict := judge(table["rows"]))
        ]
        if not judged:
            continue
        answers = "; ".join(
            f"on the {folder} songs **{verdict.deciding.answer}**, and by {verdict.count} distances in all"
            for folder, verdict in judged
        )
        lines = "\n".join(
            f"| {folder} | {JUDGED[found.measure]} | {' | '.join(found.values)} | {found.answer} |"
            for folder, verdict in judged
            for found in verdict.comparisons
        )
        yield (
            f"Is {subject} nearer to the songs' own production than both the {' and '.join(RIVALS)}, by log-spectral "
            f"distance? {answers[0].upper()}{answers[1:]}:\n\n"
            f"| songs | distance | {column} | {TEACHER} | {' | '.join(RIVALS)} | better than both? |\n"
            f"|{'---|' * (5 + len(RIVALS))}\n{lines}"
        )


def _compare(measure: str, values: Sequence[float | None]) -> Comparison:
    printed = tuple(map(number, values))
    ours, *rivals = printed[0], *printed[-len(RIVALS) :]
    is_better = "–" not in (ours, *rivals) and float(ours) < min(map(float, rivals))
    return Comparison(measure, printed, is_better)
