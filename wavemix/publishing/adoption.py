"""A trained model in place of the published one, if it is better; scores of published models, measured again."""

import math
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from wavemix.cards.card import METRICS, read_metrics, write_metrics
from wavemix.cards.credits import CREDITS, learned_from_rendered
from wavemix.cards.sections import ENGINEER
from wavemix.errors import WavemixError
from wavemix.models.base import L2, Loss
from wavemix.staging import staged_folder
from wavemix.training.baselines import validation_loss
from wavemix.training.losses import choosing_loss
from wavemix.training.recipe import recorded_recipe
from wavemix.training.scores import likeness_to_engineer, score_model, songs_of
from wavemix.training.songs import SongRow, song_rows
from wavemix.zoo.config import CONFIG, WEIGHTS, read_config
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.registry import CARDS, FAMILIES, PINS, TASKS, Pin, family_of, pin
from wavemix.zoo.weights import load


def trained_in(runs: Path) -> list[str]:
    """The tasks of which a folder has a trained model.

    Args:
        runs: Where `wavemix train` wrote them: the folder around the models'.

    Raises:
        WavemixError: If it has none.
    """
    found = [task for task in TASKS if (runs / task / CONFIG).is_file()]
    if not found:
        raise WavemixError(f"{runs}: holds no trained model; name the folder that `wavemix train --out` was given.")
    return found


def adopt(
    task: str,
    runs: Path,
    data: Path,
    cards: Path = CARDS,
    pins: Path = PINS,
    tell: Callable[[str], None] = print,
    credits: str | None = None,
) -> bool:
    """Publish a trained model in place of the one before, if its validation loss is lower, or its teacher another.

    Writes weights, config, `metrics.json` with the scores on both splits and the songs that were learned from, and
    the card; then pins the new hash. If it is not lower, the weights stay, and their card gets their scores and
    says that this training did not help.

    Args:
        task: What the model does; the number of its filters says in which family it competes.
        runs: Where `wavemix train` wrote it: the folder around the model's.
        data: The prepared songs that it was validated on.
        cards: The published models.
        pins: The file of their hashes.
        tell: Called with a sentence that says what was decided.
        credits: Who made the sounds of the rendered training songs, as text; None for what the published card says.

    Returns:
        Whether it was published.

    Raises:
        WavemixError: If a model or the songs cannot be read, or no family has the model's width.
    """
    source = runs / task
    if not (source / CONFIG).is_file():
        raise WavemixError(f"{runs}: holds no trained `{task}`; train it first.")
    config = read_config(source / CONFIG)
    if family_of(config.filters) is None:
        widths = " or ".join(f"filters={family.filters} ({family.name})" for family in FAMILIES.values())
        raise WavemixError(f"{source}: has {config.filters} filters a level, as no family has; train with {widths}.")
    name = config.name
    trained, published = load(name, source), load(name, cards)
    training = read_metrics(source)
    teacher, before = _teacher(training), _teacher(read_metrics(cards / name))
    songs, loss = songs_of(trained, data, teacher), _chosen_by(training, source)
    new = validation_loss(songs, trained.net, loss)
    # Losses against different teachers say nothing of each other.
    old = validation_loss(songs, published.net, loss) if teacher == before else math.inf
    if not new < old:
        attempt = {key: training[key] for key in ("step", "seconds", "device")} | {"valid_loss": new}
        metrics = read_metrics(cards / name) | {"attempt": attempt}
        _write_card(cards / name, published, data, metrics)
        tell(f"{name}: validation loss {new:.4e}, not below the published {old:.4e}; kept that")
        return False
    metrics = training | {"songs": training["songs"] | _measured_on(trained, data, teacher)}
    credits = credits or read_metrics(cards / name).get(CREDITS)
    if credits and learned_from_rendered(metrics):
        metrics[CREDITS] = credits
    _write_card(cards / name, trained, data, metrics, source)
    pin({name: Pin(trained.config.sha256)}, pins)
    was = f"was {old:.4e}" if teacher == before else f"the first that the {teacher} taught"
    tell(f"{name}: validation loss {new:.4e}, {was}; published")
    return True


def score_again(name: str, data: Path, cards: Path = CARDS) -> None:
    """Write a published model's scores, and its card, again; what it learned from stays.

    Args:
        name: The model.
        data: The prepared songs.
        cards: The published models.

    Raises:
        WavemixError: If the model or the songs cannot be read.
    """
    published, metrics = load(name, cards), read_metrics(cards / name)
    if "songs" in metrics:
        metrics["songs"] |= _measured_on(published, data, _teacher(metrics))
    _write_card(cards / name, published, data, metrics)


def _write_card(
    folder: Path,
    mixer: Mixer,
    data: Path,
    metrics: Mapping[str, Any],
    source: Path | None = None,
) -> None:
    """Write `metrics.json`, with the scores on both splits, and the card; weights and config too, from `source`."""
    teacher = _teacher(metrics)
    scores = {split: score_model(mixer, data, split, teacher) for split in ("valid", "test")}
    metrics = {**metrics, "scores": {split: [asdict(row) for row in rows] for split, rows in scores.items()}}
    if teacher == ENGINEER:
        like = {split: likeness_to_engineer(mixer, data, split) for split in scores}
        metrics[ENGINEER] = {split: {song: asdict(one) for song, one in songs.items()} for split, songs in like.items()}
    with staged_folder(folder) as stage:
        if source is not None:
            for file in (CONFIG, WEIGHTS):
                shutil.copyfile(source / file, stage / file)
        write_metrics(stage, mixer.config, metrics)


def _teacher(metrics: Mapping[str, Any]) -> str:
    """Who gave the targets of a training, by its `metrics.json`."""
    return str(metrics.get("recipe", {}).get("teacher", "songs"))


def _measured_on(mixer: Mixer, data: Path, teacher: str) -> dict[str, list[SongRow]]:
    """The songs of the splits on which a model is measured."""
    return {split: song_rows(songs_of(mixer, data, teacher), split) for split in ("valid", "test")}


def _chosen_by(training: Mapping[str, Any], source: Path) -> Loss:
    """The loss that chose a training's weights, by its `metrics.json`."""
    recipe = recorded_recipe(training, f"{source / METRICS}: recipe")
    return (choosing_loss(recipe) if recipe else None) or L2
