"""`wavemix score`."""

from pathlib import Path

import click

from wavemix.cli.family import family_option

FOLDER = click.Path(path_type=Path)


@click.command()
@click.argument("models", nargs=-1)
@click.option("--data", required=True, type=FOLDER, help="Songs, as `wavemix prepare` writes them.")
@click.option("--split", default="valid", show_default=True, type=click.Choice(["valid", "test"]))
@family_option
@click.option("--weights", type=FOLDER, help="A folder with weights of your own.")
def score(models: tuple[str, ...], data: Path, split: str, family: str, weights: Path | None) -> None:
    """Measure MODELS (the five of the family, if none is named) on the songs of a split, beside what they must beat.

    The loss is the mean squared error over all samples; `static gains` are those that fit the training songs best.
    """
    from wavemix.cli.console import print_table
    from wavemix.training.scores import score_model
    from wavemix.zoo.registry import TASKS, entry_of
    from wavemix.zoo.weights import load

    for name in [entry_of(model, family).name for model in models or TASKS]:
        rows = score_model(load(name, weights), data, split)
        print_table(
            f"{name}, {split}",
            ("", "loss", "SNR, dB"),
            [(row.name, f"{row.loss:.4e}", f"{row.snr_db:.2f}") for row in rows],
        )
