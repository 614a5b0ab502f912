"""Dataclasses from mappings, every key and the type of every value checked."""

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from wavemix.documents.values import shown
from wavemix.errors import WavemixError

Kind = TypeVar("Kind")


def build(kind: type[Kind], values: object, where: str, words_are_numbers: bool = False) -> Kind:
    """A dataclass from what a document holds.

    Args:
        kind: The dataclass. Its fields are numbers, text, true or false, one of several values, tuples of one type,
            other such dataclasses, or null instead.
        values: A mapping with a value for every field that has no default.
        where: It is from, for the sentence.
        words_are_numbers: Whether text that is a number counts as one: YAML reads `1e-4` as text.

    Raises:
        WavemixError: If a key is unknown or missing, a value has another type or is not finite, or the dataclass
            refuses it with a `ValueError`.
    """
    if not isinstance(values, Mapping):
        raise WavemixError(f"{where}: must hold keys and values, not {shown(values)}.")
    hints = get_type_hints(kind)
    for key in values:
        if key not in hints:
            near = get_close_matches(str(key), hints, n=1, cutoff=0.5)
            remedy = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(hints)}."
            raise WavemixError(f"{where}: there is no key `{key}`; {remedy}")
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise WavemixError(f"{where}: lacks the key `{field.name}`; add it.")
    given = {key: _convert(hints[key], value, f"{where}: `{key}`", words_are_numbers) for key, value in values.items()}
    try:
        return kind(**given)
    except ValueError as error:
        raise WavemixError(f"{where}: {error}.") from error


def _convert(hint: Any, value: Any, where: str, words_are_numbers: bool) -> Any:
    """A value as its type in the dataclass."""
    origin, choices = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in choices:
            return None
        own = next(choice for choice in choices if choice is not NoneType)
        return _convert(own, value, where, words_are_numbers)
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return build(hint, value, where, words_are_numbers)
    if origin is tuple and isinstance(value, list):
        return tuple(
            _convert(choices[0], item, f"{where} {index}", words_are_numbers) for index, item in enumerate(value)
        )
    if origin is Literal and any(type(value) is type(choice) and value == choice for choice in choices):
        return value
    if hint is float:
        number = _number(value, words_are_numbers)
        if number is not None:
            return number
    elif isinstance(hint, type) and type(value) is hint:
        return value
    wanted = f"one of {', '.join(map(str, choices))}" if origin is Literal else _in_words(hint)
    raise WavemixError(f"{where} must be {wanted}, not {shown(value)}.")


def _number(value: Any, words_are_numbers: bool) -> float | None:
    """A finite number; None if it is not one."""
    if type(value) not in (int, float, *((str,) if words_are_numbers else ())):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _in_words(hint: Any) -> str:
    words = {int: "a whole number", float: "a finite number", bool: "true or false", str: "text"}
    return words.get(hint, "a list")
