"""CSV, row by row, each with its place."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from wavemix.documents.files import read_text
from wavemix.documents.values import shown
from wavemix.errors import WavemixError

LONGEST_CELL = 10_000
"""Characters."""


def read_rows(path: Path, remedy: str = "") -> Iterator[tuple[str, list[str]]]:
    """The rows of a CSV file that are not empty, the header among them, each with its place in words.

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
                yield place, row
    except csv.Error as error:
        raise WavemixError(f"{path}, line {rows.line_num}: is not CSV ({error}); correct or remove it.") from error
