"""`wavemix train` and `wavemix finetune`."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from wavemix.cli.console import say
from wavemix.cli.family import family_option
from wavemix.cli.types import PLACE, Number


def training_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every command that trains has."""
    options = (
        click.option("--data", required=True, type=PLACE, help="Songs, as `wavemix prepare` writes them."),
        click.option(
            "--train",
            multiple=True,
            type=PLACE,
            help="Learn from the songs of this folder's split `train`, in place of those of --data; repeatable.",
        ),
        click.option(
            "--out",
            default=Path("runs"),
            show_default=True,
            type=PLACE,
            help="Folder to write weights and the training's state to.",
        ),
        click.option(
            "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change a setting of the recipe; repeatable."
        ),
        click.option("--resume", is_flag=True, help="Go on with a training that was stopped or killed."),
        click.option(
            "--max-minutes",
            type=Number(min=0),
            help="Stop training in time to write the best weights within so many minutes.",
        ),
        click.option(
            "--devices",
            default=1,
            show_default=True,
            type=click.IntRange(min=1),
            help="How many devices a machine trains on.",
        ),
        click.option(
            "--nodes",
            default=1,
            show_default=True,
            type=click.IntRange(min=1),
            help="How many machines train together.",
        ),
        click.option("--strategy", default="auto", show_default=True, help="Lightning's strategy, such as ddp."),
        click.option("--accelerator", default="auto", show_default=True, type=click.Choice(["auto", "cpu", "gpu"])),
        click.option("--wandb", default="offline", show_default=True, type=click.Choice(["offline", "online", "off"])),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@click.argument("recipe", type=PLACE)
@training_options
@click.option("--weights", type=PLACE, help="Weights to start from, if the recipe starts from weights.")
@click.option("--students", type=PLACE, help="Folder of stem models; the mix model learns from their stems too.")
def train(recipe: Path, settings: tuple[str, ...], **where: Any) -> None:
    """Train a model as RECIPE says: a YAML file, or the name of one that wavemix comes with, such as drums."""
    _train(recipe, settings, **where)


@click.command()
@click.argument("model")
@training_options
@family_option
@click.option("--weights", type=PLACE, help="Weights of your own to start from.  [default: the published ones]")
@click.option("--freeze-encoder", is_flag=True, help="Keep the encoder as it is and train only the decoder.")
def finetune(model: str, settings: tuple[str, ...], freeze_encoder: bool, family: str, **where: Any) -> None:
    """Train MODEL further on your own songs, from its published weights."""
    from wavemix.training.recipe import RECIPES
    from wavemix.zoo.config import CONFIG, read_config
    from wavemix.zoo.places import find
    from wavemix.zoo.registry import entry_of

    entry = entry_of(model, family)
    levels = asdict(read_config(find(entry.name, where["weights"]).folder / CONFIG).input_levels)
    fixed = (
        f"model={entry.task.name}",
        f"filters={entry.family.filters}",
        f"freeze_encoder={str(freeze_encoder).lower()}",
        *(f"input_{key}={json.dumps(value)}" for key, value in levels.items()),
    )
    _train(RECIPES / "finetune.yaml", (*fixed, *settings), **where)


def _train(recipe: Path, settings: tuple[str, ...], **where: Any) -> None:
    from wavemix.training.recipe import read_recipe

    what = read_recipe(recipe, settings)  # a mistake in it is told before Lightning is loaded, which takes seconds
    from lightning.pytorch.utilities import rank_zero_only

    from wavemix.training.train import Run
    from wavemix.training.train import train as run_training
    from wavemix.zoo.registry import model_of

    tell = rank_zero_only(say)
    folder = run_training(what, Run(**where), tell)
    option = model_of(what.model, what.filters).family.option
    tell(f"wrote {folder}; mix with it: wavemix mix SONG --weights {folder.parent} -o OUT{option}")
