"""What documents hold: values that are shown, bounded and taken for what they are."""

from datetime import date

from wavemix.documents.names import name_problem, native
from wavemix.errors import WavemixError

DEEPEST = 64
"""How deep lists and mappings may lie within each other."""

_LONGEST_SHOWN = 60


def check_values(value: object, where: str) -> None:
    """Refuse values within values without end, and text that is none.

    Args:
        value: What a document holds.
        where: The place in the document, for the sentence.

    Raises:
        WavemixError: If it is nested more than `DEEPEST` deep, or holds half of a character.
    """
    level: list[object] = [value]
    for _ in range(DEEPEST + 1):
        for item in level:
            if isinstance(item, str) and not _is_text(item):
                raise WavemixError(f"{where}: holds half of a character ({shown(item)}); write it whole.")
        level = [part for item in level for part in _parts(item)]
        if not level:
            return
    raise WavemixError(f"{where}: is nested more than {DEEPEST} deep, as no file of its kind is; write it anew.")


def text_of(value: object, where: str) -> str:
    """A value as text, where a person may write a number or a date for a name.

    Raises:
        WavemixError: If it is anything else.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise WavemixError(f"{where} must be text, not {shown(value)}; put it in quotes.")
    return str(value)


def file_name(value: object, where: str) -> str:
    """A value as the name of a file or folder, or a path, as this system calls it.

    Raises:
        WavemixError: If it is no text, or no file can be called so.
    """
    name = text_of(value, where)
    if problem := name_problem(name):
        raise WavemixError(f"{where} is {shown(name)}: {problem}; correct it.")
    return native(name)


def shown(value: object) -> str:
    """A value as it may be shown in a sentence: short, whatever it is.

    Examples:
        >>> shown([1, "a"]), shown("x" * 1000)[-4:]
        ("[1, 'a']", 'x...')
    """
    try:
        text = repr(value)
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return "a number of thousands of digits"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list | tuple | set) else []


def _is_text(value: str) -> bool:
    """Whether it can be written as UTF-8, but for bytes of file names that are not (PEP 383)."""
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
