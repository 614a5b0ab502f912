"""What the commands say and draw on a terminal: the one place where text leaves the command line.

Names of files and songs, cells of tables and titles are other people's: they are shown as they are, without what a
terminal would obey.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 200
"""Columns of a table that is piped: wide enough to keep every row on its line."""


_OBEYED = ("Cc", "Cs", "Zl", "Zp")
"""Categories of characters that are not shown: controls, halves of characters, and ends of lines."""

_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that turn the direction of what follows."""


def plain(text: object) -> str:
    r"""Text as one line that a terminal only shows; what it would obey is written as Python writes it.

    Examples:
        >>> plain("Kick\x1b[2J.wav, [red]Snare[/].wav")
        'Kick\\x1b[2J.wav, [red]Snare[/].wav'
    """
    return "".join(_shown(character) for character in str(text))


def say(text: object, err: bool = False) -> None:
    """Print a line, by `plain`, on standard output or on standard error."""
    click.echo(plain(text), err=err)


def warn(warnings: Sequence[str]) -> None:
    """Print what a person must not miss: how many warnings there are, and each on a line; nothing if there are none."""
    if warnings:
        click.secho(f"{len(warnings)} warning{'s' if len(warnings) > 1 else ''}:", fg="yellow", bold=True)
    for warning in warnings:
        say(f"  - {warning}")


class StageBars:
    """A progress bar a stage, in a terminal; nothing where the output is piped."""

    def __init__(self, song: str) -> None:
        self._song = song
        self._bars = Progress(
            TextColumn("{task.description:<24}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._bars.disable = not self._bars.console.is_terminal
        self._bar: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        """A stage begins."""
        self._finish()
        self._bar = self._bars.add_task(plain(f"{self._song}: {name}"), total=total or None)
        if not total:
            self._bars.update(self._bar, total=1, completed=1)

    def advance(self, amount: int) -> None:
        """The current stage has advanced."""
        if self._bar is not None:
            self._bars.advance(self._bar, amount)

    def _finish(self) -> None:
        if self._bar is not None:
            task = self._bars.tasks[self._bar]
            self._bars.update(self._bar, completed=task.total)

    def __enter__(self) -> "StageBars":
        self._bars.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.stop()


@contextmanager
def spinner(what: str) -> Iterator[Callable[[str], None]]:
    """A line that says what is being done, while it is done."""
    with Console(stderr=True).status(Text(plain(what))) as status:
        yield lambda item: status.update(Text(plain(f"{what} {item}")))


@contextmanager
def songs_bar(songs: int) -> Iterator[Callable[[str], None]]:
    """A bar that advances by a song when it is told the pace; a line a song where the output is piped."""
    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("songs{task.description}", markup=False),
        console=Console(stderr=True),
    )
    bar.disable = not bar.console.is_terminal
    task = bar.add_task("", total=songs)

    def advance(told: str) -> None:
        bar.update(task, advance=1, description=plain(told))
        if bar.disable:
            say(f"{bar.tasks[task].completed:.0f} of {songs} songs{told}", err=True)

    with bar:
        yield advance


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PLAIN_WIDTH)
    # As `Text`, in which brackets and colons are only that.
    table = Table(title=Text(plain(title), "table.title"), title_justify="left")
    for column in columns:
        table.add_column(Text(plain(column)), overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console.print(table)


def _shown(character: str) -> str:
    if unicodedata.category(character) in _OBEYED or character in _TURNING:
        return character.encode("unicode_escape").decode("ascii")
    return character
