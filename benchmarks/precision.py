"""What bfloat16 changes in mixes of songs, and how much faster it is.

    python benchmarks/precision.py SONG...

Mixes each song in float32 and in bfloat16, in turn, and prints for the mix and for every stem that a network made: the
level of the difference below that of the output, and in full scale, root mean square and peak; then the times. For
comparison: the noise of 16 bits with triangular dither has -96.3 dBFS.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import soundfile

from wavemix.backends.backend import BFLOAT16, FLOAT32, PRECISIONS, ROUNDING
from wavemix.cli.console import print_table
from wavemix.dsp.levels import gain_to_db
from wavemix.pipeline import AutoMix, Delivery, Engine


@click.command()
@click.argument("songs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--family", default="full", show_default=True)
@click.option("--backend", default="torch", show_default=True, type=click.Choice(ROUNDING))
@click.option("--weights", type=click.Path(path_type=Path), help="A folder with weights of your own.")
def main(songs: tuple[Path, ...], family: str, backend: str, weights: Path | None) -> None:
    systems = {
        precision: AutoMix.from_pretrained(weights, engine=Engine("cpu", backend, precision), family=family)
        for precision in PRECISIONS
    }
    differences, times = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for number, song in enumerate(songs):
            outs = {precision: Path(scratch, str(number), precision) for precision in PRECISIONS}
            reports = {
                precision: system.mix(song, outs[precision], Delivery(bits="32f"))
                for precision, system in systems.items()
            }
            name, seconds = reports[FLOAT32].song, reports[FLOAT32].seconds
            differences += [(name, *row) for row in compare(outs[FLOAT32], outs[BFLOAT16])]
            taken = [reports[precision].seconds_taken["total"] / seconds for precision in PRECISIONS]
            times.append((name, f"{seconds:.1f}", *(f"{factor:.3f}" for factor in taken), f"{taken[0] / taken[1]:.2f}"))
    columns = ("song", "output", "below the output, dB", "RMS, dBFS", "peak, dBFS")
    print_table(f"difference, {family}, {backend}", columns, differences)
    print_table("real-time factor", ("song", "seconds", *PRECISIONS, "times faster"), times)


def compare(before: Path, after: Path) -> Iterator[tuple[str, str, str, str]]:
    """For every output that differs: the level of the difference below the output's own, and in full scale."""
    for path in sorted(before.rglob("*.wav")):
        first, second = (soundfile.read(folder / path.relative_to(before))[0] for folder in (before, after))
        change = second - first
        if change.any():
            rms, own = (np.sqrt(np.mean(signal**2)) for signal in (change, first))
            yield (
                path.stem,
                f"{gain_to_db(own) - gain_to_db(rms):.1f}",
                f"{gain_to_db(rms):.1f}",
                f"{gain_to_db(np.abs(change).max()):.1f}",
            )


if __name__ == "__main__":
    main()
