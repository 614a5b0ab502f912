"""A benchmark's tables into the model cards.

    python -m wavemix.evaluation.cards BENCHMARK.json

gives every model of the benchmark's family its task's table, and the mix model the whole system's too, and renders
their cards again.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wavemix.data.groups import MIX
from wavemix.errors import WavemixError
from wavemix.evaluation.benchmark import AUTOMIX
from wavemix.zoo.card import read_metrics, write_metrics
from wavemix.zoo.config import CONFIG, read_config
from wavemix.zoo.registry import CARDS, TASKS, entry_of

BENCHMARK = "benchmark"
PIPELINE = "pipeline"


def update_cards(benchmark: Path, cards: Path = CARDS) -> None:
    """Write a benchmark's tables into `metrics.json` and README of every model of its family.

    Args:
        benchmark: The file that `wavemix benchmark -o` writes.
        cards: The published models.

    Raises:
        WavemixError: If the file is none, it was made with other weights than lie there, or a card cannot be written.
    """
    try:
        found = json.loads(benchmark.read_text(encoding="utf-8"))
        tables = {task["name"]: _table(found["folder"], task) for task in found["tasks"]}
        hashes = dict(found["models"])
        names = {task: entry_of(task, found["family"]).name for task in TASKS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WavemixError(
            f"{benchmark}: is not a benchmark; make it with `wavemix benchmark FOLDER -o OUT`."
        ) from error
    configs = {task: read_config(cards / name / CONFIG) for task, name in names.items()}
    for task, config in configs.items():
        if hashes.get(task) != config.sha256:
            folder = cards / names[task]
            raise WavemixError(
                f"{benchmark}: was made with other weights of `{names[task]}` than {folder} has; run it again."
            )
    for task, config in configs.items():
        folder = cards / names[task]
        metrics = read_metrics(folder) | {BENCHMARK: tables[task]}
        if task == MIX:
            metrics |= {PIPELINE: tables[AUTOMIX]}
        write_metrics(folder, config, metrics)


def _table(folder: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says of a task."""
    rows = [{"mix": row["mix"], **row["measures"]} for row in task["rows"]]
    return {"folder": folder, "songs": task["songs"], "rows": rows}


if __name__ == "__main__":
    import sys

    update_cards(Path(sys.argv[1]))
