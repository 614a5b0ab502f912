"""`wavemix models`."""

from pathlib import Path

import click

from wavemix.cli.console import print_table, say
from wavemix.cli.types import PLACE

MODEL = click.argument("name", metavar="MODEL")
WEIGHTS = click.option("--weights", type=PLACE, help="A folder with weights of your own.")


@click.group(invoke_without_command=True)
@WEIGHTS
@click.pass_context
def models(context: click.Context, weights: Path | None) -> None:
    """The models: what they read, and which weights are here; without a command, `list`."""
    if context.invoked_subcommand is None:
        context.invoke(list_models, weights=weights)
    elif weights is not None:
        raise click.UsageError("--weights goes after the command.")


@models.command("list")
@WEIGHTS
def list_models(weights: Path | None) -> None:
    """List the five models of each family, and the recogniser; downloads nothing."""
    from wavemix.errors import WavemixError
    from wavemix.zoo.places import find, find_here
    from wavemix.zoo.registry import MODELS
    from wavemix.zoo.weights import read_weights

    rows = []
    failures = []
    for name, entry in MODELS.items():
        try:
            place = find_here(name, weights)
            if place is None and entry.pin.revision is not None:
                hub = f"{entry.repository}@{entry.pin.revision}"
                rows.append((name, entry.task.summary, "", "to be downloaded", entry.sha256[:12], hub))
                continue
            mixer = read_weights(name, place or find(name))
        except WavemixError as error:
            failures.append(str(error))
            rows.append((name, entry.task.summary, "", "", "not usable", ""))
            continue
        parameters = sum(parameter.numel() for parameter in mixer.net.parameters())
        rows.append(
            (name, entry.task.summary, f"{parameters:,}", mixer.config.status, mixer.config.sha256[:12], mixer.origin)
        )
    rows.append(_recogniser())
    print_table("Models", ("model", "what it mixes", "parameters", "status", "sha256", "weights"), rows)
    if failures:
        raise WavemixError(failures[0])


def _recogniser() -> tuple[str, str, str, str, str, str]:
    """The recogniser's row of the table."""
    from wavemix.zoo.places import find_here
    from wavemix.zoo.recogniser import read_recogniser
    from wavemix.zoo.registry import RECOGNISER

    summary = "nothing: what a raw track is, by its sound"
    place = find_here(RECOGNISER.name)
    if place is None:
        return (RECOGNISER.name, summary, "", "to be downloaded", RECOGNISER.sha256[:12], RECOGNISER.repository)
    found = read_recogniser(place)
    parameters = sum(parameter.numel() for parameter in found.net.parameters())
    return (RECOGNISER.name, summary, f"{parameters:,}", "trained", found.config.sha256[:12], found.origin)


@models.command()
@MODEL
def info(name: str) -> None:
    """What there is to know of MODEL, without downloading it."""
    from wavemix.cards.card import CARD
    from wavemix.zoo.config import CONFIG, read_config
    from wavemix.zoo.places import find_here
    from wavemix.zoo.registry import RECOGNISER, entry_of

    if name == RECOGNISER.name:
        _tell_recogniser()
        return
    entry = entry_of(name)
    place = find_here(name)
    rows = [
        ("what it mixes", entry.task.summary),
        ("family", f"{entry.family.name}: {entry.family.summary}"),
        ("inputs", ", ".join(entry.task.slots)),
        ("on the Hub", entry.repository),
        ("revision", entry.pin.revision or "none is published"),
        ("sha256", entry.sha256),
        ("weights", place.origin if place else f"not here; get them with: wavemix models download {name}"),
    ]
    if place:
        config = read_config(place.folder / CONFIG)
        rows += [
            ("status", config.status),
            ("network", f"{config.levels} levels, {config.filters} filters, {config.sample_rate} Hz"),
            ("card", str(place.folder / CARD)),
        ]
    print_table(f"wavemix-{name}", ("", ""), rows)


def _tell_recogniser() -> None:
    """What there is to know of the recogniser."""
    from wavemix.cards.card import CARD
    from wavemix.recognition.config import class_names
    from wavemix.zoo.places import find_here
    from wavemix.zoo.registry import RECOGNISER

    place = find_here(RECOGNISER.name)
    rows = [
        ("what it tells", "group and role of a raw track, by its sound"),
        ("classes", ", ".join(class_names())),
        ("on the Hub", RECOGNISER.repository),
        ("revision", RECOGNISER.pin.revision or "none is published"),
        ("sha256", RECOGNISER.sha256),
        ("weights", place.origin if place else f"not here; get them with: wavemix models download {RECOGNISER.name}"),
    ]
    if place:
        rows.append(("card", str(place.folder / CARD)))
    print_table(f"wavemix-{RECOGNISER.name}", ("", ""), rows)


@models.command()
@click.argument("name", metavar="MODEL|all|all-lite", default="all")
@click.option("--from", "source", metavar="ORG[/NAME]", help="Another organisation or repository than ours.")
@click.option("--revision", help="Commit, tag or branch.  [default: the published one]")
def download(name: str, source: str | None, revision: str | None) -> None:
    """Fetch MODEL from the Hub, check it, and print its folder, which other commands take as --weights.

    `all` is the full family, `all-lite` the lite one; `recognise`, which tells tracks by their sound, is of neither.
    """
    from wavemix.zoo.places import find
    from wavemix.zoo.recogniser import read_recogniser
    from wavemix.zoo.registry import RECOGNISER, models_named
    from wavemix.zoo.weights import read_weights

    for one in models_named(name):
        place = find(one, source, revision)
        if one == RECOGNISER.name:
            read_recogniser(place)
        else:
            read_weights(one, place)
        say(place.folder)
