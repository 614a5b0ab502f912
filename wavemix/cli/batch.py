"""`wavemix batch`."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wavemix.cli.console import print_table, say, songs_bar
from wavemix.cli.mixing_options import mixing_options
from wavemix.cli.types import PLACE

if TYPE_CHECKING:
    from wavemix.catalogue import Pool, Settings
    from wavemix.pipeline import Balance, Care, Delivery, Engine
    from wavemix.session.hearing import Identify


@click.command()
@click.argument("catalogue", type=PLACE)
@click.option("-o", "--output", required=True, help="Folder for the results, or a URL such as s3://bucket/mixes.")
@mixing_options
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="How many songs to mix at a time.  [default: one a GPU, else one a core]",
)
@click.option("--ray", metavar="ADDRESS", help="Address of a Ray cluster to mix on; `auto` is the one that runs here.")
def batch(
    catalogue: Path,
    output: str,
    delivery: "Delivery",
    balance: "Balance",
    care: "Care",
    engine: "Engine",
    block_seconds: float | None,
    family: str,
    weights: Path | None,
    identify: "Identify",
    workers: int | None,
    ray: str | None,
) -> None:
    """Mix all songs of a catalogue; those that are done already are skipped.

    CATALOGUE lists songs in YAML, CSV or JSONL (`song`: a folder or session.yaml; `name`: of its folder among the
    results, if not the song's own), or is a folder of songs. May be stopped and started again: a song is done if it
    was mixed from the same tracks, routed alike, with the same options and weights. Songs that fail are listed at
    the end and in failures.csv; the exit status is then 1.
    """
    from wavemix.catalogue import Destination, Pace, Settings, mix_catalogue, read_catalogue

    songs = read_catalogue(catalogue)
    destination = Destination(output)
    settings = Settings(
        destination.url,
        delivery,
        weights and weights.absolute(),
        engine,
        block_seconds,
        family,
        balance,
        care,
        identify,
    )
    pace = Pace(len(songs))
    failures = []

    def tell(note: str) -> None:
        say(f"wavemix: {note}", err=True)

    with _pool(settings, ray, workers) as pool, songs_bar(len(songs)) as advance:
        for outcome in mix_catalogue(songs, destination, pool, tell):
            pace.add(outcome)
            advance(pace.describe())
            if outcome.note:
                tell(outcome.note)
            if outcome.state == "failed":
                say(f"wavemix: {outcome.problem}", err=True)
                failures.append((outcome.song.name, outcome.problem))
    if failures:
        print_table("Songs that failed", ("song", "problem"), failures)
    counts = pace.counts
    say(f"{counts['mixed']} songs mixed, {counts['kept']} were done already, {counts['failed']} failed")
    if failures:
        raise click.exceptions.Exit(1)


def _pool(settings: "Settings", ray: str | None, workers: int | None) -> "AbstractContextManager[Pool[Any]]":
    """The workers: of a Ray cluster, or of this machine."""
    if ray is not None:
        from wavemix.catalogue.ray_pool import ray_pool

        return ray_pool(settings, ray, workers)
    from wavemix.catalogue.local_pool import LocalPool

    return nullcontext(LocalPool(settings, workers))
