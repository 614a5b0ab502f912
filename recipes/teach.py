"""Teach all five models of a family side by side, on one GPU or on a few cores.

    python recipes/teach.py --data songs --train songs --train rendered --out runs --epochs 20 --jobs 5 --workers 3

The arrays that the models learn from, targets included, are made first, a process a core. Then each model is trained by
`wavemix train` in a process of its own, which keeps its best weights in `OUT/training` as it goes and exports them to
`OUT/MODEL`. Started again, it goes on where it was. What follows `--` is passed on to every training.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import click

from wavemix.cli.family import family_option
from wavemix.data.datamodule import MixDataModule
from wavemix.session.groups import MIX
from wavemix.training.recipe import Recipe, read_recipe
from wavemix.waveunet.network import WaveUNet
from wavemix.zoo.registry import FAMILIES, TASKS

RECIPES = Path(__file__).parent
FOLDER = click.Path(path_type=Path)


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--data", required=True, type=FOLDER, help="Songs; validation is on those of the split `valid`.")
@click.option("--train", multiple=True, type=FOLDER, help="Folders to learn from; as often as one another.")
@click.option("--out", required=True, type=FOLDER, help="Gets weights and state, a folder a model.")
@click.option("--minutes", type=float, help="Of all trainings; the arrays come on top.")
@click.option("--epochs", default=10, show_default=True, help="Until the rate has fallen to nothing.")
@click.option("--rate", default=0.001, show_default=True, help="Highest learning rate.")
@click.option("--jobs", default=len(TASKS), show_default=True, help="Trainings side by side.")
@click.option("--workers", default=0, show_default=True, help="Processes that cut crops, a training.")
@click.option("--accelerator", default="auto", show_default=True)
@click.option("--models", default=",".join(TASKS), show_default=True, help="Which, with commas.")
@family_option
@click.argument("further", nargs=-1, type=click.UNPROCESSED)
def main(
    data: Path,
    train: tuple[Path, ...],
    out: Path,
    minutes: float | None,
    epochs: int,
    rate: float,
    jobs: int,
    workers: int,
    accelerator: str,
    models: str,
    family: str,
    further: tuple[str, ...],
) -> None:
    """Teach the models of a family by the house engineer."""
    phases = f"phases=[{{learning_rate: {rate}, max_epochs: {epochs}, schedule: cosine, patience: {epochs}}}]"
    settings = (phases, f"filters={FAMILIES[family].filters}", f"workers={workers}")
    options = [f"--data={data}", *(f"--train={folder}" for folder in train), f"--out={out}", "--resume", "--wandb=off"]
    options += [f"--accelerator={accelerator}", *([] if minutes is None else [f"--max-minutes={minutes}"])]
    wanted = models.split(",")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_make_arrays, wanted, [settings] * len(wanted), [data] * len(wanted), [train] * len(wanted)))
    out.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(jobs) as threads:
        statuses = threads.map(lambda model: _teach(model, out, settings, (*options, *further)), wanted)
        failed = [model for model, status in zip(wanted, statuses, strict=True) if status]
    if failed:
        sys.exit(f"teach: {', '.join(failed)} failed; see {out}/MODEL.log")


def _recipe(model: str) -> Path:
    return RECIPES / ("mix_engineer.yaml" if model == MIX else "engineer.yaml")


def _make_arrays(model: str, settings: Sequence[str], data: Path, train: tuple[Path, ...]) -> None:
    """Fill the cache of songs for a model."""
    recipe: Recipe = read_recipe(_recipe(model), (f"model={model}", *settings))
    net = WaveUNet(TASKS[model].inputs, levels=1, filters=1)  # the arrays do not depend on the network
    songs = MixDataModule(data, model, net=net, input_levels=recipe.input_levels, taught=True, train=train)
    songs.prepare_data()


def _teach(model: str, out: Path, settings: Sequence[str], options: Sequence[str]) -> int:
    """Run one training to its end; its exit status."""
    command = [sys.executable, "-m", "wavemix", "train", str(_recipe(model)), *options]
    for setting in (f"model={model}", *settings):
        command += ["--set", setting]
    click.echo(f"{model}: started, tells of itself in {out / model}.log")
    with (out / f"{model}.log").open("a", encoding="utf-8") as log:
        return subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode


if __name__ == "__main__":
    main()
