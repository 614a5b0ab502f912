"""CSV, row by row, each with its place; and such that a spreadsheet takes no name for a formula.

A cell that begins with one of `= + - @`, a tab or an end of line is a formula to spreadsheets, unless an apostrophe
stands before it (OWASP, "CSV Injection"). We write that apostrophe, and take it off where we read.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from wavemix.documents.files import read_text
from wavemix.documents.names import written
from wavemix.documents.values import shown
from wavemix.errors import WavemixError

LONGEST_CELL = 10_000
"""Characters."""


_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_QUOTED = re.compile(r"''*[=+\-@\t\r\n]")


def dump_rows(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV, which `read_rows` reads as the same; text is quoted where a spreadsheet would run it.

    Args:
        header: The names of the columns.
        rows: Their cells. Numbers, also those in text, stay as they are.

    Examples:
        >>> print(dump_rows(("song", "lufs"), [("=1+1", -23.5), ("-12 dB", "-14")]), end="")
        song,lufs
        '=1+1,-23.5
        '-12 dB,-14
    """
    return "".join(_line([_cell(value) for value in row]) for row in (header, *rows))


def _line(cells: Sequence[str]) -> str:
    """A row; Python quotes the line ends that its writer is told of, so it is told of both characters."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + "\n"


def _cell(value: object) -> str:
    text = written(str(value))
    return f"'{text}" if _FORMULA.match(text) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def read_rows(path: Path, remedy: str = "") -> Iterator[tuple[str, list[str]]]:
    """The rows of a CSV file that are not empty, the header among them, each with its place in words.

    An apostrophe that keeps a cell from being a formula is no part of it.

    Args:
        path: The file.
        remedy: What to do if it cannot be read, for the sentence.

    Raises:
        WavemixError: As `read_text`, or if it is not CSV.
    """
    rows = csv.reader(io.StringIO(read_text(path, remedy=remedy), newline=""))
    try:
        for row in rows:
            place = f"{path}, line {rows.line_num}"
            long = next((cell for cell in row if len(cell) > LONGEST_CELL), None)
            if long is not None:
                raise WavemixError(
                    f"{place}: has a cell of {len(long)} characters ({shown(long)}); correct or remove it."
                )
            if row:
                yield place, [cell[1:] if _QUOTED.match(cell) else cell for cell in row]
    except csv.Error as error:
        raise WavemixError(f"{path}, line {rows.line_num}: is not CSV ({error}); correct or remove it.") from error
