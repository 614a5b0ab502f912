"""Benchmarks' tables into the model cards.

    python -m wavemix.evaluation.cards BENCHMARK.json ...

gives every model of the benchmarks' family its task's table of each, and the mix model the whole system's too, in place
of those that they had, and renders their cards again.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wavemix.data.groups import MIX
from wavemix.errors import WavemixError
from wavemix.evaluation.benchmark import AUTOMIX, TASKS
from wavemix.zoo.card import read_metrics, write_metrics
from wavemix.zoo.config import CONFIG, ModelConfig, read_config
from wavemix.zoo.registry import CARDS, entry_of
from wavemix.zoo.registry import TASKS as MIXED

BENCHMARK = "benchmark"
PIPELINE = "pipeline"


def update_cards(benchmarks: Sequence[Path], cards: Path = CARDS) -> None:
    """Write benchmarks' tables into `metrics.json` and README of every model of their family, in place of earlier ones.

    Args:
        benchmarks: Files that `wavemix benchmark -o` writes, each of another folder of songs.
        cards: The published models.

    Raises:
        WavemixError: If a file is none, or was made with other weights than lie there, two are of folders of one
            name, or a card cannot be written.
    """
    folders: dict[str, Path] = {}
    configs: dict[str, ModelConfig] = {}
    names: dict[str, str] = {}
    found: dict[str, list[dict[str, Any]]] = {task: [] for task in TASKS}
    for file in benchmarks:
        tables, hashes, names = _read(file)
        measured = {task: read_config(cards / name / CONFIG) for task, name in names.items()}
        for task, config in measured.items():
            if hashes.get(task) != config.sha256:
                name = names[task]
                raise WavemixError(
                    f"{file}: was made with other weights of `{name}` than {cards / name} has; run it again."
                )
        if configs and configs != measured:
            raise WavemixError(f"{file}: is of another family than {benchmarks[0]}; give one family at a time.")
        configs, folder = measured, tables[AUTOMIX]["folder"]
        if folder in folders:
            raise WavemixError(f"{file}: is of the songs in {folder}, and so is {folders[folder]}; leave one out.")
        folders[folder] = file
        for task, table in tables.items():
            found[task].append(table)
    for task, config in configs.items():
        metrics = read_metrics(cards / names[task]) | {BENCHMARK: found[task]}
        if task == MIX:
            metrics |= {PIPELINE: found[AUTOMIX]}
        write_metrics(cards / names[task], config, metrics)


def _read(benchmark: Path) -> tuple[dict[str, dict[str, Any]], dict[str, str], dict[str, str]]:
    """A benchmark's table of each task, the hash of each of its models, and what they are called."""
    try:
        found = json.loads(benchmark.read_text(encoding="utf-8"))
        tables = {task["name"]: _table(found["folder"], task) for task in found["tasks"]}
        names = {task: entry_of(task, found["family"]).name for task in MIXED}
        return {task: tables[task] for task in TASKS}, dict(found["models"]), names
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WavemixError(
            f"{benchmark}: is not a benchmark; make it with `wavemix benchmark FOLDER -o OUT`."
        ) from error


def _table(folder: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says of a task."""
    rows = [{"mix": row["mix"], **row["measures"]} for row in task["rows"]]
    return {"folder": folder, "songs": task["songs"], "rows": rows}


if __name__ == "__main__":
    import sys

    try:
        update_cards([Path(place) for place in sys.argv[1:]])
    except WavemixError as error:
        sys.exit(f"wavemix: {error}")
