"""Memory and speed of a mix, over the length of the song.

    python benchmarks/mixing.py --minutes 5 --minutes 30 --tracks 60

Writes songs of noise, mixes each in a process of its own with all five models, and prints for each: peak memory, the
time of every stage over the length of the song (real-time factor: below 1 is faster than real time), and the
arithmetic rate of the models as a share of what this machine reaches in a matrix product, measured before and after.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import numpy as np
import soundfile
import torch
from machine import matmul_flops

from wavemix.data.groups import GROUPS
from wavemix.waveunet import WaveUNet
from wavemix.zoo import MODELS
from wavemix.zoo.untrained import save_untrained

RATE = 44_100
SOURCES = 6
CPU = torch.device("cpu")


@click.command()
@click.option("--minutes", type=float, multiple=True, default=(5.0, 30.0), show_default=True, help="Length of a song.")
@click.option("--tracks", default=60, show_default=True)
@click.option("--filters", default=24, show_default=True, help="Filters of the networks' first level; 24 is ours.")
@click.option("--block-seconds", default=5.0, show_default=True)
@click.option("--work", type=click.Path(path_type=Path), help="Folder for scratch files.  [default: the system's]")
def main(minutes: tuple[float, ...], tracks: int, filters: int, block_seconds: float, work: Path | None) -> None:
    with tempfile.TemporaryDirectory(dir=work) as scratch:
        weights = Path(scratch, "weights")
        for name in MODELS:
            save_untrained(name, weights / name, filters=filters)
        print(f"{tracks} tracks, networks of {filters} filters a level, blocks of {block_seconds:g} s")
        peaks = []
        for length in minutes:
            song = write_song(Path(scratch, f"{length:g}min"), length * 60, tracks)
            before = matmul_flops(CPU)
            report, peak_bytes = mix(song, Path(scratch, "out"), weights, block_seconds)
            machine = (before + matmul_flops(CPU)) / 2
            peaks.append(peak_bytes)
            tell(report, peak_bytes, machine, filters)
        if len(peaks) > 1:
            print(f"peak memory, longest song over shortest: {peaks[-1] / peaks[0]:.3f}")


def write_song(folder: Path, seconds: float, tracks: int) -> Path:
    """A song of noise: a few files, each under the names of many tracks of all four groups."""
    folder.mkdir()
    files = [folder / f".noise{source}.wav" for source in range(SOURCES)]
    for source, path in enumerate(files):
        generator = np.random.default_rng(source)
        with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16") as file:
            for start in range(0, round(seconds * RATE), RATE):
                file.write(0.02 * generator.standard_normal(min(RATE, round(seconds * RATE) - start)))
    for track in range(tracks):
        group = list(GROUPS)[track % len(GROUPS)]
        (folder / group).mkdir(exist_ok=True)
        (folder / group / f"{track:03}.wav").hardlink_to(files[track % SOURCES])
    return folder


def mix(song: Path, out: Path, weights: Path, block_seconds: float) -> tuple[dict, int]:
    """Mix in a new process; the report and the process's peak memory in bytes."""
    code = (
        "import resource, sys\n"
        "from wavemix.cli import main\n"
        "try:\n    main()\nexcept SystemExit as leave:\n    assert not leave.code, leave.code\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)"
    )
    arguments = ["mix", song, "-o", out, "--weights", weights, "--block-seconds", block_seconds, "--device", "cpu"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads((out / "report.json").read_text()), int(done.stdout.split()[-1])


def flops_per_second(inputs: int, filters: int) -> float:
    """Operations of the plain graph for a second of audio: two for each multiply-add of each convolution."""
    net = WaveUNet(inputs, filters=filters)
    per_sample = 2.0 * net.output.weight.numel()
    for level in range(net.levels):
        per_sample += 2 * (net.down[level].weight.numel() + net.up[level].weight.numel()) / 2**level
    return RATE * (per_sample + 2 * net.bottleneck.weight.numel() / 2**net.levels)


def tell(report: dict, peak_bytes: int, machine: float, filters: int) -> None:
    seconds = report["seconds"]
    taken = report["seconds_taken"]
    print(
        f"\n{seconds / 60:g} min: peak memory {peak_bytes / 2**20:,.0f} MiB; matrix product {machine / 1e9:.0f} GFLOP/s"
    )
    print(f"  {'stage':<10}{'seconds':>10}{'real-time factor':>20}{'share of matrix product':>26}")
    for stage, spent in taken.items():
        share = ""
        if stage in MODELS:
            share = f"{flops_per_second(MODELS[stage].inputs, filters) * seconds / spent / machine:.0%}"
        print(f"  {stage:<10}{spent:>10.1f}{spent / seconds:>20.3f}{share:>26}")


if __name__ == "__main__":
    main()
