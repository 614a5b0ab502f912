"""What the commands draw on a terminal."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

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

PLAIN_WIDTH = 200
"""Columns of a table that is piped: wide enough to keep every row on its line."""


class StageBars:
    """A progress bar a stage, in a terminal; nothing where the output is piped."""

    def __init__(self, song: str) -> None:
        self._song = song
        self._bars = Progress(
            TextColumn("{task.description:<24}"),
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
        self._bar = self._bars.add_task(f"{self._song}: {name}", total=total or None)
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
    with Console(stderr=True).status(what) as status:
        yield lambda item: status.update(f"{what} {item}")


@contextmanager
def songs_bar(songs: int) -> Iterator[Callable[[str], None]]:
    """A bar that advances by a song when it is told the pace; a line a song where the output is piped."""
    bar = Progress(
        BarColumn(), MofNCompleteColumn(), TextColumn("songs{task.description}"), console=Console(stderr=True)
    )
    bar.disable = not bar.console.is_terminal
    task = bar.add_task("", total=songs)

    def advance(pace: str) -> None:
        bar.update(task, advance=1, description=pace)
        if bar.disable:
            bar.console.print(f"{bar.tasks[task].completed:.0f} of {songs} songs{pace}", highlight=False)

    with bar:
        yield advance


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PLAIN_WIDTH)
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
