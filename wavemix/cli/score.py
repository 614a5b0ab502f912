"""`wavemix score`."""

from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

import click

from wavemix.cli.family import family_option

if TYPE_CHECKING:
    from wavemix.zoo.mixer import Mixer

FOLDER = click.Path(path_type=Path)


@click.command()
@click.argument("models", nargs=-1)
@click.option("--data", required=True, type=FOLDER, help="Songs, as `wavemix prepare` writes them.")
@click.option("--split", default="valid", show_default=True, type=click.Choice(["valid", "test"]))
@family_option
@click.option("--weights", type=FOLDER, help="A folder with weights of your own.")
@click.option("--engineer", is_flag=True, help="Against the house engineer, and song by song.")
def score(models: tuple[str, ...], data: Path, split: str, family: str, weights: Path | None, engineer: bool) -> None:
    """Measure MODELS (the five of the family, if none is named) on the songs of a split, beside what they must beat.

    The loss is the mean squared error over all samples; `static gains` are those that fit the training songs best.
    With --engineer the house engineer's mix of the raw tracks is the target, and a second table has the SNR by song.
    """
    from wavemix.zoo.registry import TASKS, entry_of
    from wavemix.zoo.weights import load

    for name in [entry_of(model, family).name for model in models or TASKS]:
        mixer = load(name, weights)
        _print_scores(mixer, data, split, "engineer" if engineer else "songs")
        if engineer:
            _print_likeness(mixer, data, split)


def _print_scores(mixer: "Mixer", data: Path, split: str, teacher: str) -> None:
    from wavemix.cli.console import print_table
    from wavemix.training.scores import score_model

    rows = score_model(mixer, data, split, teacher)
    lines = [(row.name, f"{row.loss:.4e}", f"{row.snr_db:.2f}") for row in rows]
    print_table(f"{mixer.config.name}, {split}", ("", "loss", "SNR, dB"), lines)


def _print_likeness(mixer: "Mixer", data: Path, split: str) -> None:
    from wavemix.cli.console import print_table
    from wavemix.training.scores import likeness_to_engineer

    songs = likeness_to_engineer(mixer, data, split)
    sides = [one.side_snr_db for one in songs.values() if one.side_snr_db is not None]
    rows = [(song, one.snr_db, one.side_snr_db) for song, one in songs.items()]
    rows.append(("mean", mean(one.snr_db for one in songs.values()), mean(sides) if sides else None))
    lines = [(song, f"{snr:.2f}", "mono" if side is None else f"{side:.2f}") for song, snr, side in rows]
    print_table(f"{mixer.config.name}, {split}, against the engineer", ("", "SNR, dB", "of side alone, dB"), lines)
