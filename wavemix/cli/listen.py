"""`wavemix listen`."""

from pathlib import Path

import click

from wavemix.cli.console import print_table, say, spinner
from wavemix.cli.types import PLACE, Number


@click.group()
def listen() -> None:
    """Compare mixes by ear: a blind listening test out, its statistics in."""


@listen.command()
@click.argument("mixes", nargs=-1, required=True, type=PLACE)
@click.option("-o", "--output", required=True, type=PLACE, help="Folder for listen.html and key.json.")
@click.option("--title", default="Listening test", show_default=True, help="What listeners read at the top.")
@click.option(
    "--seed",
    default=0,
    show_default=True,
    help="Seed of the hidden names and of the order in which listeners hear the mixes.",
)
@click.option(
    "--start",
    type=Number(min=0),
    metavar="SECONDS",
    help="Where the passages begin.  [default: where all mixes are loudest]",
)
@click.option("--seconds", default=15.0, show_default=True, type=Number(min=1), help="Length of the passages.")
def export(mixes: tuple[Path, ...], output: Path, title: str, seed: int, start: float | None, seconds: float) -> None:
    """Write a blind listening test of MIXES as one web page that works from disk.

    MIXES are folders, one a song, that hold its mixes as files (ours.wav, engineer.wav ...), or a folder of such
    folders. Every song must have the same mixes, and those of a song must start together. Passages are brought to
    -14 LUFS by gain alone. Send listen.html to the listeners, and keep key.json: it says which mix is which.
    """
    from wavemix.listening.blind_test import write_test

    with spinner("reading") as tell:
        written = write_test(mixes, output, title, seed, start, seconds, tell)
    for passage in written.passages:
        begin = passage.window.start_seconds
        say(
            f"{passage.song}: {len(passage.mixes)} mixes from {begin:.1f} s to {begin + passage.window.seconds:.1f} s "
            f"at {passage.loudness_lufs:.1f} LUFS"
        )
    megabytes = written.page.stat().st_size / 1e6
    say(f"wrote {written.page} ({megabytes:.1f} MB) for the listeners, and {written.key} for you")


@listen.command()
@click.argument("results", nargs=-1, required=True, type=PLACE)
def analyse(results: tuple[Path, ...]) -> None:
    """Print the statistics of the ratings in RESULTS: CSV files, key.json, or folders of them."""
    from wavemix.listening.analyse import analyse as analyse_ratings

    for table in analyse_ratings(results).tables():
        print_table(table.title, table.columns, table.rows)
        if table.note:
            say(table.note)
