"""Whether a model is better than what anyone gets without one: the first thing that a card and a benchmark say."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wavemix.zoo.metadata import MEASURES, MODEL_ROWS, benchmarks

RIVALS = ("plain sum", "equal loudness")
"""Rows of a benchmark's table that need no model and no reference."""

JUDGED: Mapping[str, Callable[[Sequence[float]], float]] = {
    "si_sdr_db": max,
    "stft_left_right": min,
    "width_error": min,
}
"""Measures that decide, and which of several values is the best."""

TABLES = {
    "benchmark": ("This model by itself", "this model"),
    "pipeline": ("The whole system, raw tracks to the mix by all five models,", "whole system"),
}
"""Who is judged, by the key in `metrics.json`: in a sentence, and over a column."""


@dataclass(frozen=True)
class Verdict:
    """One measure of a model and of its rivals.

    Attributes:
        measure: One of `JUDGED`.
        values: As they are printed: the model's, then those of `RIVALS`.
        is_better: Whether the model is ahead of both rivals in the very digits that are printed.
    """

    measure: str
    values: tuple[str, ...]
    is_better: bool

    @property
    def answer(self) -> str:
        """`yes` or `no`."""
        return "yes" if self.is_better else "no"


def judge(rows: Sequence[Mapping[str, Any]]) -> tuple[Verdict, ...]:
    """A model against its rivals, by each of `JUDGED` that they were all measured by.

    What is undefined is not better, and nothing is better than it.

    Args:
        rows: Of one task of a benchmark: the name under `mix`, and the measures by name.

    >>> table = [{"mix": "wavemix", "si_sdr_db": 2.5}, {"mix": "plain sum", "si_sdr_db": 1.0}]
    >>> judge([*table, {"mix": "equal loudness", "si_sdr_db": 2.50001}])
    (Verdict(measure='si_sdr_db', values=('2.5', '1', '2.5'), is_better=False),)
    """
    by_name = {"model" if row["mix"] in MODEL_ROWS else row["mix"]: row for row in rows}
    mixes = [by_name.get(name, {}) for name in ("model", *RIVALS)]
    return tuple(
        _verdict(measure, [mix[measure] for mix in mixes]) for measure in JUDGED if all(measure in mix for mix in mixes)
    )


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
            for verdict in judge(table["rows"])
            if name == key
        ]
        if not judged:
            continue
        lines = "\n".join(
            f"| {folder} | {MEASURES[found.measure]} | {' | '.join(found.values)} | {found.answer} |"
            for folder, found in judged
        )
        yield (
            f"{subject} is better than both the {' and '.join(RIVALS)} in "
            f"{sum(found.is_better for _, found in judged)} of {len(judged)}:\n\n"
            f"| songs | measure | {column} | {' | '.join(RIVALS)} | better than both? |\n"
            f"|{'---|' * (4 + len(RIVALS))}\n{lines}"
        )


def _verdict(measure: str, values: Sequence[float | None]) -> Verdict:
    printed = tuple(map(number, values))
    is_better = False
    if "–" not in printed:
        ours, *rivals = map(float, printed)
        is_better = ours not in rivals and JUDGED[measure]([ours, *rivals]) == ours
    return Verdict(measure, printed, is_better)
