"""`wavemix score`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.console import print_table
from wavemix.cli.family import family_option
from wavemix.cli.types import PLACE

if TYPE_CHECKING:
    from wavemix.zoo.mixer import Mixer


@click.command()
@click.argument("models", nargs=-1)
@click.option("--data", required=True, type=PLACE, help="Songs, as `wavemix prepare` writes them.")
@click.option("--split", default="valid", show_default=True, type=click.Choice(["valid", "test"]))
@family_option
@click.option("--weights", type=PLACE, help="A folder with weights of your own.")
@click.option(
    "--engineer",
    is_flag=True,
    help="Compare with the house engineer's mix instead of the songs' own, song by song too.",
)
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
    from wavemix.training.scores import score_model

    rows = score_model(mixer, data, split, teacher)
    lines = [(row.name, f"{row.loss:.4e}", f"{row.snr_db:.2f}") for row in rows]
    print_table(f"{mixer.config.name}, {split}", ("", "loss", "SNR, dB"), lines)


def _print_likeness(mixer: "Mixer", data: Path, split: str) -> None:
    from wavemix.cards.sections import means
    from wavemix.training.scores import likeness_to_engineer

    songs = {song: asdict(one) for song, one in likeness_to_engineer(mixer, data, split).items()}
    rows = [*songs.items(), ("mean", means(songs.values()))]
    lines = [(song, *("-" if value is None else f"{value:.2f}" for value in one.values())) for song, one in rows]
    titles = ("", "SNR, dB", "of side alone, dB", "above 10 kHz, dB")
    print_table(f"{mixer.config.name}, {split}, against the engineer", titles, lines)
