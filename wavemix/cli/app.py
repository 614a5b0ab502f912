"""`wavemix app`."""

import math
import webbrowser
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.console import say
from wavemix.cli.cores import share_cores
from wavemix.cli.engine import OPTIONS
from wavemix.cli.family import family_option
from wavemix.cli.types import PLACE, Number
from wavemix.errors import WavemixError

if TYPE_CHECKING:
    from wavemix.pipeline import AutoMix


def _engine_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the engine's options as they are: the engine needs torch, and the page is there before that is loaded."""
    return reduce(lambda optioned, option: option(optioned), reversed(OPTIONS), command)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all networks.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(0, 65535), help="0 for any free one.")
@click.option("--open", "opened", is_flag=True, help="Open the page in your browser.")
@family_option
@click.option("--weights", type=PLACE, help="A folder with weights of your own.")
@click.option(
    "--song-gb",
    default=16.0,
    show_default=True,
    type=Number(min=0, min_open=True),
    help="Most that a song's files have.",
)
@click.option("--visits", default=8, show_default=True, type=click.IntRange(1), help="Most songs at a time.")
@click.option(
    "--idle-minutes",
    default=60.0,
    show_default=True,
    type=Number(min=0, min_open=True),
    help="Remove the song of a page that was not heard of for so long.",
)
@click.option(
    "--example-seconds", default=20.0, show_default=True, type=Number(min=2), help="Length of the example song."
)
@_engine_options
def app(
    host: str,
    port: int,
    opened: bool,
    family: str,
    weights: Path | None,
    song_gb: float,
    visits: int,
    idle_minutes: float,
    example_seconds: float,
    device: str,
    backend: str,
    precision: str,
) -> None:
    """Mix in your browser: drop tracks, correct their routing, mix, listen, download.

    The page is for this machine alone, unless --host says otherwise, and needs no network. Songs that are dropped on it
    are copied to the system's temporary folder (TMPDIR). They are removed when their page is closed, and all of them
    when the app ends: press Ctrl-C.
    """
    share_cores()
    from wavemix.app import Limits, serve
    from wavemix.app.limits import GIGABYTE

    def load() -> "AutoMix":
        from wavemix.pipeline import AutoMix, Engine

        try:
            return AutoMix.from_pretrained(weights, engine=Engine(device, backend, precision), family=family)
        except ValueError as error:
            raise WavemixError(f"{error}.") from error

    def tell(address: str) -> None:
        say(f"wavemix is at {address} (Ctrl-C ends it)")
        if opened:
            webbrowser.open(address)

    limits = Limits(math.ceil(song_gb * GIGABYTE), visits=visits, idle_seconds=60 * idle_minutes)
    serve(load, host, port, limits, example_seconds, tell)
