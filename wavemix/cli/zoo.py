"""`wavemix zoo`: what the published models' maintainers do, from the first weights to the cards."""

from dataclasses import dataclass
from pathlib import Path

import click

from wavemix.cli.console import say, spinner
from wavemix.cli.types import PLACE


@dataclass(frozen=True)
class Zoo:
    """Where the published models lie.

    Attributes:
        cards: The folder with a model's folder each.
        pins: The file with the hash of each model's weights.
    """

    cards: Path
    pins: Path


@click.group()
@click.option("--cards", type=PLACE, help="Folder of the published models.  [default: model_cards/]")
@click.option("--pins", type=PLACE, help="File with the hashes of their weights.  [default: wavemix/zoo/pins.json]")
@click.pass_context
def zoo(context: click.Context, cards: Path | None, pins: Path | None) -> None:
    """Look after the published models: their weights, their scores and their cards.

    For a release, in this order: `adopt` what was trained, `measure` all models, write down what you heard with
    `cards --listening`. docs/publishing.md has the whole of it.
    """
    from wavemix.zoo.registry import CARDS, PINS

    context.obj = Zoo(cards or CARDS, pins or PINS)


@zoo.command()
@click.pass_obj
def untrained(place: Zoo) -> None:
    """Write an untrained checkpoint, a plain sum, with its card, for every model that has no weights yet."""
    from wavemix.publishing.untrained import write_missing

    for name in write_missing(place.cards, place.pins):
        say(f"{name}: wrote the plain sum to {place.cards / name}")


@zoo.command()
@click.argument("runs", metavar="RUNS", nargs=-1, required=True, type=PLACE)
@click.option("--data", required=True, type=PLACE, help="Prepared songs that the models are validated and tested on.")
@click.option("--credits", "file", type=PLACE, help="Text: whose sounds the rendered training songs are made of.")
@click.pass_obj
def adopt(place: Zoo, runs: tuple[Path, ...], data: Path, file: Path | None) -> None:
    """Publish the models that `wavemix train --out RUNS` wrote, where they are better than the published ones.

    A model takes the place of the published one of its task and width if its validation loss is lower, or if another
    teacher taught it. Its card gets scores, songs and licences, its hash is pinned. If it is not better, the card says
    that this training did not help.
    """
    from wavemix.cards.credits import read_credits
    from wavemix.publishing.adoption import adopt as adopt_model
    from wavemix.publishing.adoption import trained_in

    words = read_credits(file) if file else None
    for folder in runs:
        for task in trained_in(folder):
            adopt_model(task, folder, data, place.cards, place.pins, say, words)


@zoo.command()
@click.argument("names", metavar="[MODEL]...", nargs=-1)
@click.option("--data", required=True, type=PLACE, help="Prepared songs that the models are validated and tested on.")
@click.pass_obj
def score(place: Zoo, names: tuple[str, ...], data: Path) -> None:
    """Score published models again on prepared songs and write their cards; all models, or those that are named."""
    from wavemix.publishing.adoption import score_again
    from wavemix.zoo.registry import MODELS, entry_of

    for name in [entry_of(name).name for name in names] or MODELS:
        say(f"scoring {name}")
        score_again(name, data, place.cards)


@zoo.command()
@click.argument("corpus", metavar="CORPUS", type=PLACE)
@click.option(
    "-o",
    "--output",
    type=PLACE,
    default=Path("runs/benchmark"),
    show_default=True,
    help="Folder for what is measured, by family and split.",
)
@click.option("--readme", type=PLACE, help="File whose table is written too.  [default: the README]")
@click.pass_obj
def measure(place: Zoo, corpus: Path, output: Path, readme: Path | None) -> None:
    """Benchmark both families on CORPUS/test and CORPUS/valid; write the cards and the README's table."""
    from wavemix.publishing.measuring import README, measure_again

    with spinner("measuring") as tell:
        measure_again(corpus, output, place.cards, readme or README, tell)


@zoo.command()
@click.argument("benchmarks", metavar="BENCHMARK.json...", nargs=-1, required=True, type=PLACE)
@click.pass_obj
def tables(place: Zoo, benchmarks: tuple[Path, ...]) -> None:
    """Put what `wavemix benchmark FOLDER -o OUT` measured into the cards of the models that were measured.

    Give all folders of one family at once: the tables take the place of those that the cards had.
    """
    from wavemix.publishing.benchmark_tables import update_cards

    update_cards(benchmarks, place.cards)


@zoo.command()
@click.argument("folders", metavar="[FOLDER]...", nargs=-1, type=PLACE)
@click.option("--listening", "file", type=PLACE, help="Text: what a person saw and heard of the models in FOLDERs.")
@click.pass_obj
def cards(place: Zoo, folders: tuple[Path, ...], file: Path | None) -> None:
    """Write the cards of models again, from their config.json and metrics.json; of all, or of those in FOLDERs."""
    from wavemix.cards.card import add_listening, write_card
    from wavemix.cards.recogniser_card import rewrite_recogniser_card
    from wavemix.recognition.config import is_recogniser
    from wavemix.zoo.config import CONFIG
    from wavemix.zoo.registry import MODELS, RECOGNISER

    if file and not folders:
        raise click.UsageError("--listening needs the FOLDERs of the models that it tells of.")
    own = place.cards / RECOGNISER.name
    for folder in folders or (*(place.cards / name for name in MODELS), *((own,) if own.is_dir() else ())):
        if file:
            add_listening(file, folder)
        elif is_recogniser(folder / CONFIG):
            rewrite_recogniser_card(folder)
        else:
            write_card(folder)


@zoo.command()
@click.option("--readme", type=PLACE, help="File whose table is written.  [default: the README]")
@click.pass_obj
def summary(place: Zoo, readme: Path | None) -> None:
    """Write the README's table of the whole systems' distances again, from the cards."""
    from wavemix.publishing.measuring import README, write_summary

    write_summary(readme or README, place.cards)
