"""Speed and memory of mixing, files included, and how they grow.

    python benchmarks/mixing.py

Writes songs of noise, mixes them with all five models in processes of their own, and prints for every backend and
precision the real-time factor (time over the length of the song: below 1 is faster than real time), the arithmetic rate
as a share of what this machine keeps up in matrix products of float32, measured before and after, and the peak memory;
then the stages of the longest song, how time and memory grow with the song and with the number of songs, and the time
to start. On a CPU without bfloat16 say `--precision float32`.

The engines take turns, several rounds; of their shares the median is told, with the lowest and the highest. The share
counts the operations of the plain network, however few a backend needs.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product, starmap
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click
import numpy as np
import soundfile
import torch
from machine import matmul_flops
from networks import save_random

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.backends.backend import BACKENDS, FLOAT32, PRECISIONS, ROUNDING
from wavemix.cli.console import print_table
from wavemix.session.groups import GROUPS
from wavemix.waveunet import WaveUNet
from wavemix.zoo import TASKS
from wavemix.zoo.registry import model_of

SOURCES = 6
STARTS = 3
CPU = torch.device("cpu")

CHILD = (
    "import resource, sys\n"
    "from wavemix.cli import main\n"
    "try:\n    main()\nexcept SystemExit as leave:\n    assert not leave.code, leave.code\n"
    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)"
)


class Engine(NamedTuple):
    """What computes."""

    backend: str
    precision: str

    @property
    def options(self) -> list[str]:
        """Of the command line."""
        return ["--backend", self.backend, "--precision", self.precision]

    def __str__(self) -> str:
        return self.backend if self.precision == FLOAT32 else f"{self.backend}, {self.precision}"


@dataclass(frozen=True)
class Run:
    """What one process did.

    Attributes:
        song_seconds: Length of a song.
        songs: How many.
        taken: Seconds of every stage and in all, over the songs.
        peak_bytes: Of memory.
        machine_flops: Operations a second of a matrix product, before and after.
    """

    song_seconds: float
    songs: int
    taken: dict[str, float]
    peak_bytes: int
    machine_flops: float

    def factor(self, *stages: str) -> float:
        """Real-time factor of stages."""
        return sum(self.taken[stage] for stage in stages) / (self.song_seconds * self.songs)

    def share(self, *stages: str, filters: int) -> float:
        """Of the matrix product's rate, reached by all models in the time of the stages."""
        models = set(stages) & set(TASKS) or set(TASKS)
        needed = sum(flops_per_second(TASKS[name].inputs, filters) for name in models)
        return needed / self.factor(*stages) / self.machine_flops


@click.command()
@click.option("--minutes", type=float, multiple=True, default=(1.0, 4.0), show_default=True, help="Length of a song.")
@click.option("--rounds", default=5, show_default=True, help="Mixes of the longest song by every backend.")
@click.option("--songs", default=4, show_default=True, help="Of the shortest length, mixed by one process.")
@click.option("--tracks", default=26, show_default=True)
@click.option("--backend", "backends", multiple=True, type=click.Choice(BACKENDS), default=BACKENDS, show_default=True)
@click.option(
    "--precision", "precisions", multiple=True, type=click.Choice(PRECISIONS), default=PRECISIONS, show_default=True
)
@click.option("--filters", default=24, show_default=True, help="Filters of the networks' first level; 24 is ours.")
@click.option("--block-seconds", default=5.0, show_default=True)
@click.option("--work", type=click.Path(path_type=Path), help="Folder for scratch files.  [default: the system's]")
def main(
    minutes: tuple[float, ...],
    rounds: int,
    songs: int,
    tracks: int,
    backends: tuple[str, ...],
    precisions: tuple[str, ...],
    filters: int,
    block_seconds: float,
    work: Path | None,
) -> None:
    print(f"{tracks} tracks, blocks of {block_seconds:g} s, {torch.get_num_threads()} threads")
    with tempfile.TemporaryDirectory(dir=work) as scratch:
        weights = Path(scratch, "weights")
        save_random(weights, filters)
        lengths = sorted(60 * length for length in minutes)
        written = {length: write_song(Path(scratch, f"{length:g}s"), length, tracks) for length in lengths}
        second = write_song(Path(scratch, "second"), 1, tracks)

        def mix_with(engine: Engine, length: float, count: int = 1) -> Run:
            options = [*engine.options, "--block-seconds", block_seconds, "--weights", weights]
            options += ["--family", model_of("drums", filters).family.name]
            return mix([written[length]] * count, length, Path(scratch, "out"), options)

        asked = starmap(Engine, product(backends, precisions))
        engines = [engine for engine in asked if engine.precision == FLOAT32 or engine.backend in ROUNDING]
        runs: dict[Engine, list[Run]] = {engine: [] for engine in engines}
        for _ in range(rounds):
            for engine in engines:
                runs[engine].append(mix_with(engine, lengths[-1]))
        tell_engines(runs, filters)
        first = engines[0]
        typical = sorted(runs[first], key=lambda run: run.factor("total"))[rounds // 2]
        tell_stages(first, typical, filters)
        grown = [mix_with(first, lengths[0]), mix_with(first, lengths[0], songs)]
        tell_growth(first, [*grown, *(mix_with(first, length) for length in lengths[1:-1]), typical])
        tell_starts({engine: ["mix", second, "-o", Path(scratch, "1"), *engine.options] for engine in engines})


def write_song(folder: Path, seconds: float, tracks: int) -> Path:
    """A song of noise: a few files, each under the names of many tracks of all four groups."""
    folder.mkdir()
    files = [folder / f".noise{source}.wav" for source in range(SOURCES)]
    for source, path in enumerate(files):
        generator = np.random.default_rng(source)
        with soundfile.SoundFile(path, "w", SAMPLE_RATE, 1, "PCM_16") as file:
            for start in range(0, round(seconds * SAMPLE_RATE), SAMPLE_RATE):
                file.write(0.02 * generator.standard_normal(min(SAMPLE_RATE, round(seconds * SAMPLE_RATE) - start)))
    for track in range(tracks):
        group = list(GROUPS)[track % len(GROUPS)]
        (folder / group).mkdir(exist_ok=True)
        (folder / group / f"{track:03}.wav").hardlink_to(files[track % SOURCES])
    return folder


def mix(songs: list[Path], song_seconds: float, out: Path, options: list[object]) -> Run:
    """Mix in a new process."""
    before = matmul_flops(CPU)
    arguments = ["mix", *songs, "-o", out / str(len(songs)), "--device", "cpu", *options]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True
    )
    taken: dict[str, float] = {}
    for path in (out / str(len(songs))).rglob("report.json"):
        for stage, seconds in json.loads(path.read_text())["seconds_taken"].items():
            taken[stage] = taken.get(stage, 0) + seconds
    shutil.rmtree(out)
    machine = (before + matmul_flops(CPU)) / 2
    return Run(song_seconds, len(songs), taken, int(done.stdout.split()[-1]), machine)


def flops_per_second(inputs: int, filters: int) -> float:
    """Operations of the plain graph for a second of audio: two for each multiply-add of each convolution."""
    net = WaveUNet(inputs, filters=filters)
    per_sample = 2.0 * net.output.weight.numel()
    for level in range(net.levels):
        per_sample += 2 * (net.down[level].weight.numel() + net.up[level].weight.numel()) / 2**level
    return SAMPLE_RATE * (per_sample + 2 * net.bottleneck.weight.numel() / 2**net.levels)


def tell_engines(runs: dict[Engine, list[Run]], filters: int) -> None:
    rows = [
        (
            str(engine),
            f"{median(run.factor('total') for run in rounds):.3f}",
            spread(run.share("total", filters=filters) for run in rounds),
            spread(run.share(*TASKS, filters=filters) for run in rounds),
            f"{median(run.machine_flops for run in rounds) / 1e9:.0f}",
            f"{max(run.peak_bytes for run in rounds) / 2**20:,.0f}",
        )
        for engine, rounds in runs.items()
    ]
    columns = ("engine", "real-time factor", "share", "models alone", "matrix product, GFLOP/s", "peak memory, MiB")
    print_table(f"{next(iter(runs.values()))[0].song_seconds / 60:g} min", columns, rows)


def spread(shares: Iterable[float]) -> str:
    """The median, and the lowest and the highest."""
    ordered = sorted(shares)
    return f"{median(ordered):.0%} ({ordered[0]:.0%} to {ordered[-1]:.0%})"


def tell_stages(engine: Engine, run: Run, filters: int) -> None:
    rows = [
        (
            stage,
            f"{seconds:.1f}",
            f"{run.factor(stage):.3f}",
            f"{run.share(stage, filters=filters):.0%}" if stage in (*TASKS, "total") else "",
        )
        for stage, seconds in run.taken.items()
    ]
    print_table(f"stages, {engine}", ("stage", "seconds", "real-time factor", "share"), rows)


def tell_growth(engine: Engine, runs: list[Run]) -> None:
    rows = [
        (f"{run.song_seconds / 60:g}", str(run.songs), f"{run.factor('total'):.3f}", f"{run.peak_bytes / 2**20:,.0f}")
        for run in runs
    ]
    print_table(f"growth, {engine}", ("minutes", "songs", "real-time factor", "peak memory, MiB"), rows)
    print(f"peak memory, longest song over shortest: {runs[-1].peak_bytes / runs[0].peak_bytes:.3f}")


def tell_starts(commands: dict[Engine, list[object]]) -> None:
    """Process start to a mixed song of a second, with the weights that are here; and to the help."""
    rows = [(f"first mixed second, {engine}", f"{start(command):.2f}") for engine, command in commands.items()]
    print_table("start", ("", "seconds, best of 3"), [("wavemix --help", f"{start(['--help']):.2f}"), *rows])


def start(command: list[object]) -> float:
    """Seconds from the start of a process to what it prints, which is when its files are there; the best of a few."""
    seconds = []
    for _ in range(STARTS):
        began = time.perf_counter()
        with subprocess.Popen([sys.executable, "-m", "wavemix", *map(str, command)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline()
            seconds.append(time.perf_counter() - began)
            process.communicate()
    return min(seconds)


if __name__ == "__main__":
    main()
