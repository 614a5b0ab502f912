"""Songs an hour of a catalogue, by one worker and by two, of the local pool and of a Ray cluster on this machine.

    python benchmarks/batch.py --songs 40 --seconds 5

Writes songs of noise and mixes them with all five models. A worker of Ray has a core; the workers of the local pool
share all cores, so that a single one computes on all of them. Songs an hour are counted from the first song of every
worker on: loading the models, once a worker, is told apart. The overhead is what a song costs outside `AutoMix.mix`:
looking whether it is done, bringing it to its place, and waiting to be given out.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click
from mixing import write_song
from networks import save_random

from wavemix.backends import Engine
from wavemix.catalogue import Destination, Outcome, Settings, Song, mix_catalogue, read_catalogue
from wavemix.catalogue.local_pool import LocalPool
from wavemix.catalogue.ray_pool import ray_pool
from wavemix.cli.cores import share_cores
from wavemix.zoo.registry import model_of


@click.command()
@click.option("--songs", default=40, show_default=True)
@click.option("--seconds", default=5.0, show_default=True, help="Length of a song.")
@click.option("--tracks", default=8, show_default=True)
@click.option("--filters", default=24, show_default=True, help="Filters of the networks' first level; 24 is ours.")
@click.option("--workers", "counts", type=int, multiple=True, default=(1, 2), show_default=True)
@click.option("--work", type=click.Path(path_type=Path), help="Folder for scratch files.  [default: the system's]")
def main(songs: int, seconds: float, tracks: int, filters: int, counts: tuple[int, ...], work: Path | None) -> None:
    share_cores()  # for the workers, as `wavemix batch` does
    print(f"{songs} songs of {seconds:g} s and {tracks} tracks, networks of {filters} filters a level")
    print(f"{'pool':<8}{'workers':>8}{'loaded after':>14}{'songs an hour':>15}{'times':>8}{'overhead':>10}")
    with tempfile.TemporaryDirectory(dir=work) as scratch, cluster(max(counts)) as address:
        weights = Path(scratch, "weights")
        save_random(weights, filters)
        family = model_of("drums", filters).family.name
        folder = Path(scratch, "songs")
        folder.mkdir()
        for number in range(songs):
            write_song(folder / f"{number:03}", seconds, tracks)
        catalogue = read_catalogue(folder)
        for kind in ("local", "ray"):
            alone = 0.0
            for workers in counts:
                settings = Settings(f"{scratch}/{kind}{workers}", weights=weights, engine=Engine("cpu"), family=family)
                pool = ray_pool(settings, address, workers) if kind == "ray" else None
                with pool or nullcontext(LocalPool(settings, workers)) as members:
                    loaded, hourly, overhead = measure(catalogue, settings, members, workers)
                alone = alone or hourly
                print(f"{kind:<8}{workers:>8}{loaded:>12.1f} s{hourly:>15,.0f}{hourly / alone:>8.2f}{overhead:>8.3f} s")


def measure(songs: Sequence[Song], settings: Settings, pool, workers: int) -> tuple[float, float, float]:
    """Seconds until every worker had mixed its first song, less that song; songs an hour from then on; the overhead."""
    started = time.perf_counter()
    ends: list[float] = []
    outcomes: list[Outcome] = []
    for outcome in mix_catalogue(songs, Destination(settings.output), pool):
        assert outcome.state == "mixed", outcome.problem
        ends.append(time.perf_counter() - started)
        outcomes.append(outcome)
    span = ends[-1] - ends[workers - 1]
    mixing = sum(outcome.mixing_seconds for outcome in outcomes[workers:])
    rest = len(outcomes) - workers
    return ends[workers - 1] - outcomes[workers - 1].seconds, 3600 * rest / span, (workers * span - mixing) / rest


@contextmanager
def cluster(cores: int) -> Iterator[str]:
    """The address of a running Ray cluster of so many cores."""
    from ray.cluster_utils import Cluster

    running = Cluster(initialize_head=True, head_node_args={"num_cpus": cores, "include_dashboard": False})
    yield running.address
    running.shutdown()


if __name__ == "__main__":
    main()
