"""`wavemix example`."""

from pathlib import Path

import click

from wavemix.cli.console import say, spinner
from wavemix.cli.types import PLACE, Number


@click.command()
@click.argument("folder", type=PLACE)
@click.option("--seconds", default=20.0, show_default=True, type=Number(min=2), help="Length of the song.")
def example(folder: Path, seconds: float) -> None:
    """Write a synthesised demo session, raw tracks of a short song, into FOLDER."""
    from wavemix.example.session import write_example

    with spinner("synthesising") as tell:
        files = write_example(folder, seconds, progress=tell)
    say(f"{len(files)} tracks of {seconds:g} s in {folder}; mix them with: wavemix mix {folder} -o OUT")
