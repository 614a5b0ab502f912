"""Types of arguments and options: what cannot be meant is refused as an option is."""

import math
import os
from pathlib import Path
from typing import Any

import click

from wavemix.documents.names import name_problem


class _Place(click.Path):
    """A path that a disk can have."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path."""
        if problem := name_problem(os.fspath(value)):
            self.fail(f"{os.fspath(value)!r} is no path: {problem}", param, ctx)
        return Path(value)


PLACE = _Place()
"""A file or a folder, which need not exist."""


class Number(click.FloatRange):
    """A finite number, within a range if one is given: `FloatRange` takes NaN for any."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number", param, ctx)
        return number
