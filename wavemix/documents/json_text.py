"""JSON, with the bounds that Python's parser lacks."""

import json
from pathlib import Path

from wavemix.documents.files import MOST_BYTES, read_text
from wavemix.documents.names import written
from wavemix.documents.values import check_values
from wavemix.errors import WavemixError


def read_json(path: Path, most: int = MOST_BYTES, remedy: str = "correct it or write a new one") -> object:
    """What a JSON file holds.

    Raises:
        WavemixError: As `read_text` and `parse_json`.
    """
    return parse_json(read_text(path, most, remedy), str(path), remedy)


def parse_json(text: str | bytes, where: str, remedy: str = "correct it") -> object:
    """What a text in JSON holds.

    Args:
        text: The text.
        where: It is from, for the sentence.
        remedy: What to do if it is wrong, for the sentence.

    Raises:
        WavemixError: If it is no JSON, or holds what `check_values` refuses.
    """
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WavemixError(f"{where}: is not valid JSON; {remedy}.") from error
    check_values(value, where)
    return value


def dump_json(value: object, indent: int | None = 2) -> str:
    """A value as JSON in UTF-8, names of files as `portable` has them, with a line end.

    Raises:
        ValueError: If a number is not finite, which JSON cannot say.
    """
    return written(json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)) + "\n"
