"""How changes of the house engineer's rules move its distance to human mixes.

    python benchmarks/engineer.py SONGS [--change GROUP.SLOT.FIELD=VALUE ...]

mixes the songs of a folder in the plain layout by the engineer alone, as the rules are and with the changes, and prints
the production distances. `+` in front of a value adds it to what is there:

    python benchmarks/engineer.py ../shared/corpus/valid --change drums.0.width_db=+-6 --change drums.1.gain_db=-4
"""

from dataclasses import astuple, fields, replace
from pathlib import Path

import click
import numpy as np

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.data.inputs import engineer_mix
from wavemix.data.plain import PlainSong
from wavemix.data.song_audio import SongAudio
from wavemix.engineer.practice import CHANNELS
from wavemix.evaluation.mixes import house_stems
from wavemix.evaluation.songs import read_aligned, songs_in
from wavemix.metrics.matching import match
from wavemix.metrics.production import ProductionDistances, production_distances

Material = list[tuple[PlainSong, SongAudio]]


def distances(songs: Material) -> tuple[tuple[float, ...], dict[str, tuple[float, ...]]]:
    """Means over the songs, and those of each, in the order of `ProductionDistances`."""
    found = {}
    for song, audio in songs:
        mix = engineer_mix(house_stems(song, audio, SAMPLE_RATE), SAMPLE_RATE)
        matched, _ = match(mix, audio.mix, SAMPLE_RATE, 0.0)
        found[song.name] = astuple(production_distances(matched, audio.mix))
    return tuple(np.mean(list(found.values()), axis=0)), found


def change(text: str) -> None:
    """Apply one `GROUP.SLOT.FIELD=VALUE` to the engineer's table, in place."""
    place, value = text.split("=")
    group, slot, field = place.split(".")
    channels, index = list(CHANNELS[group]), int(slot)
    old = getattr(channels[index], field)
    new = old + float(value[1:]) if value.startswith("+") else float(value)
    channels[index] = replace(channels[index], **{field: new})
    CHANNELS[group] = tuple(channels)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--change", "changes", multiple=True, metavar="GROUP.SLOT.FIELD=VALUE")
def main(folder: Path, changes: tuple[str, ...]) -> None:
    """Print the engineer's distances to the mixes of songs, before and after changes of its rules."""
    songs = [read_aligned(song, SAMPLE_RATE) for song in songs_in([folder])]
    names = [field.name for field in fields(ProductionDistances)]
    click.echo(f"{'':28}" + "".join(f"{name:>18}" for name in names))
    rounds = {"as it is": ()} | ({"changed": changes} if changes else {})
    for title, round_ in rounds.items():
        for text in round_:
            change(text)
        mean, each = distances(songs)
        for name, values in (each | {title: mean}).items():
            click.echo(f"{name:28}" + "".join(f"{value:18.3f}" for value in values))


if __name__ == "__main__":
    main()
