"""`wavemix example`."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--seconds", default=20.0, show_default=True, type=click.FloatRange(min=2), help="Length of the song.")
def example(folder: Path, seconds: float) -> None:
    """Write a synthesised demo session, raw tracks of a short song, into FOLDER."""
    from wavemix.cli.console import spinner
    from wavemix.example.session import write_example

    with spinner("synthesising") as tell:
        files = write_example(folder, seconds, progress=tell)
    click.echo(f"{len(files)} tracks of {seconds:g} s in {folder}; mix them with: wavemix mix {folder} -o OUT")
