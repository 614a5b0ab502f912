"""Dataclasses from documents: every key known, every type as it should be, every number finite."""

import math
import re
from dataclasses import dataclass
from typing import Literal

import pytest

from wavemix.documents.schema import build
from wavemix.errors import WavemixError


@dataclass(frozen=True)
class Inner:
    amount: float = 0.0


@dataclass(frozen=True)
class Whole:
    name: str
    kind: Literal["one", "two"] = "one"
    count: int = 1
    level: float | None = None
    parts: tuple[Inner, ...] = ()

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("count must be at least 1")


def test_a_document_that_is_right():
    values = {"name": "a", "kind": "two", "count": 3, "level": -1, "parts": [{"amount": 0.5}]}
    assert build(Whole, values, "f") == Whole("a", "two", 3, -1.0, (Inner(0.5),))
    assert build(Whole, {"name": "a", "level": None}, "f") == Whole("a")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": 5}, "f: `name` must be text, not 5"),
        ({"name": ["a"]}, "f: `name` must be text"),
        ({"kind": "three"}, "f: `kind` must be one of one, two, not 'three'"),
        ({"kind": ["one"]}, "f: `kind` must be one of one, two"),
        ({"count": True}, "f: `count` must be a whole number, not True"),
        ({"count": 1.0}, "f: `count` must be a whole number"),
        ({"count": 0}, "f: count must be at least 1"),
        ({"level": math.nan}, "f: `level` must be a finite number, not nan"),
        ({"level": math.inf}, "f: `level` must be a finite number"),
        ({"level": 10**400}, "f: `level` must be a finite number, not 1000"),
        ({"level": "1e-4"}, "f: `level` must be a finite number"),
        ({"level": False}, "f: `level` must be a finite number"),
        ({"parts": {"amount": 1}}, "f: `parts` must be a list"),
        ({"parts": [5]}, "f: `parts` 0: must hold keys and values, not 5"),
        ({"parts": [{"amount": None}]}, "f: `parts` 0: `amount` must be a finite number, not None"),
        ({"nam": "a"}, "f: there is no key `nam`; did you mean `name`?"),
        ({5: "a"}, "f: there is no key `5`; the keys are"),
    ],
)
def test_a_document_that_is_not(change, why):
    with pytest.raises(WavemixError, match="^" + re.escape(why)):
        build(Whole, {"name": "a"} | change, "f")


def test_a_document_without_a_key():
    with pytest.raises(WavemixError, match="f: lacks the key `name`"):
        build(Whole, {}, "f")
    with pytest.raises(WavemixError, match="f: must hold keys and values, not None"):
        build(Whole, None, "f")


def test_words_that_are_numbers():
    assert build(Whole, {"name": "a", "level": "1e-4"}, "f", words_are_numbers=True).level == 1e-4
    with pytest.raises(WavemixError, match="must be a finite number, not 'nan'"):
        build(Whole, {"name": "a", "level": "nan"}, "f", words_are_numbers=True)
