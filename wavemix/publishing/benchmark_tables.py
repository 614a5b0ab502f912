"""What benchmarks measured, as tables of the model cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wavemix.cards.card import read_metrics, write_metrics
from wavemix.documents.json_text import read_json
from wavemix.errors import WavemixError
from wavemix.evaluation.benchmark import AUTOMIX, BENCHMARK_TASKS
from wavemix.session.groups import MIX
from wavemix.zoo.config import CONFIG, ModelConfig, read_config
from wavemix.zoo.registry import CARDS, TASKS, entry_of

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
    measured = [_read(file) for file in benchmarks]
    configs = [benchmark.configs(cards) for benchmark in measured]
    folders: dict[str, Path] = {}
    for benchmark, its_configs in zip(measured, configs, strict=True):
        if its_configs != configs[0]:
            raise WavemixError(
                f"{benchmark.file}: is of another family than {benchmarks[0]}; give one family at a time."
            )
        folder = benchmark.tables[AUTOMIX]["folder"]
        if folder in folders:
            raise WavemixError(
                f"{benchmark.file}: is of the songs in {folder}, and so is {folders[folder]}; leave one out."
            )
        folders[folder] = benchmark.file
    for task, config in configs[0].items() if configs else ():
        card = cards / measured[0].names[task]
        metrics = read_metrics(card) | {BENCHMARK: [benchmark.tables[task] for benchmark in measured]}
        if task == MIX:
            metrics |= {PIPELINE: [benchmark.tables[AUTOMIX] for benchmark in measured]}
        write_metrics(card, config, metrics)


@dataclass(frozen=True)
class _Benchmark:
    """What a file of `wavemix benchmark` says.

    Attributes:
        file: The file.
        tables: The table of each task, as a card has it.
        hashes: The hash of each model's weights, by task.
        names: What the models are called, by task.
    """

    file: Path
    tables: Mapping[str, dict[str, Any]]
    hashes: Mapping[str, str]
    names: Mapping[str, str]

    def configs(self, cards: Path) -> dict[str, ModelConfig]:
        """The configs of the published models, by task.

        Raises:
            WavemixError: If their weights are not those that were measured.
        """
        configs = {task: read_config(cards / name / CONFIG) for task, name in self.names.items()}
        for task, config in configs.items():
            if self.hashes.get(task) != config.sha256:
                name = self.names[task]
                raise WavemixError(
                    f"{self.file}: was made with other weights of `{name}` than {cards / name} has; run it again."
                )
        return configs


def _read(file: Path) -> _Benchmark:
    try:
        found: Any = read_json(file)
        tables = {task["name"]: _table(found["folder"], task) for task in found["tasks"]}
        names = {task: entry_of(task, found["family"]).name for task in TASKS}
        return _Benchmark(file, {task: tables[task] for task in BENCHMARK_TASKS}, dict(found["models"]), names)
    except (WavemixError, KeyError, TypeError, AttributeError) as error:
        raise WavemixError(f"{file}: is not a benchmark; make it with `wavemix benchmark FOLDER -o OUT`.") from error


def _table(folder: str, task: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says of a task."""
    rows = [{"mix": row["mix"], **row["measures"]} for row in task["rows"]]
    return {"folder": folder, "songs": task["songs"], "rows": rows}
