"""A benchmark's tables into the model cards.

    python -m wavemix.evaluation.cards BENCHMARK.json

gives every model its task's table, and the mix model the whole system's too, and renders the cards again.
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
from wavemix.zoo.registry import CARDS, MODELS

BENCHMARK = "benchmark"
PIPELINE = "pipeline"


def update_cards(benchmark: Path, cards: Path = CARDS) -> None:
    """Write a benchmark's tables into `metrics.json` and README of every model.

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
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WavemixError(
            f"{benchmark}: is not a benchmark; make it with `wavemix benchmark FOLDER -o OUT`."
        ) from error
    configs = {name: read_config(cards / name / CONFIG) for name in MODELS}
    for name, config in configs.items():
        if hashes.get(name) != config.sha256:
            raise WavemixError(
                f"{benchmark}: was made with other weights of `{name}` than {cards / name} has; run it again."
            )
    for name, config in configs.items():
        metrics = read_metrics(cards / name) | {BENCHMARK: tables[name]}
        if name == MIX:
            metrics |= {PIPELINE: tables[AUTOMIX]}
        write_metrics(cards / name, config, metrics)


def _table(folder: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says of a task."""
    rows = [{"mix": row["mix"], **row["measures"]} for row in task["rows"]]
    return {"folder": folder, "songs": task["songs"], "rows": rows}


if __name__ == "__main__":
    import sys

    update_cards(Path(sys.argv[1]))
