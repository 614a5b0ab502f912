"""`wavemix excerpt`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.console import say, spinner
from wavemix.cli.evaluate import mix_options, songs_and_files

if TYPE_CHECKING:
    from wavemix.pipeline import Engine


@click.command()
@mix_options
@click.option("--overwrite", is_flag=True, help="Replace excerpts that are there already.")
def excerpt(
    songs: tuple[Path, ...],
    output: Path,
    mixes: tuple[tuple[str, Path], ...],
    family: str,
    weights: Path | None,
    engine: "Engine",
    overwrite: bool,
) -> None:
    """Write the 15 busiest seconds of all mixes of SONGS, equally loud: OUTPUT/SONG/MIX.wav.

    The mixes are those of `wavemix evaluate`: the reference, ours, the baselines and your own. The excerpt is where
    most raw tracks play and, among such places, the loudest. All mixes of a song get -14 LUFS by gain alone, or
    less, if one would pass -1 dBTP. `wavemix listen export OUTPUT` makes a listening test of them.
    """
    from wavemix.evaluation.excerpts import check_excerpts, make_excerpts, write_excerpts
    from wavemix.pipeline import AutoMix

    found = songs_and_files(songs, mixes)
    check_excerpts(found, output, overwrite)
    system = AutoMix.from_pretrained(weights, engine=engine, family=family)
    made = {}
    with spinner("mixing") as tell:
        for song, files in found:
            tell(song.name)
            made[song.name] = make_excerpts(song, system, files)
    write_excerpts(made, system.sample_rate, output)
    for name, excerpts in made.items():
        window = excerpts.window
        say(
            f"{output / name}: {window.seconds:.1f} s from {window.start_seconds:.1f} s, where "
            f"{window.active_tracks:.1f} of {len(excerpts.raw)} tracks are active; {excerpts.lufs:.1f} LUFS"
        )
