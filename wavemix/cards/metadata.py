"""The machine-readable head of a model card, as the Hub's model card specification has it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wavemix.documents.yaml_text import dump_yaml
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import TASKS

LIBRARY = "wavemix"
PIPELINE_TAG = "audio-to-audio"
TAGS = ("audio", "music", "multitrack", "automatic-mixing", "wave-u-net")
DATASET_TYPE = "multitracks"

BENCHMARKS = ("benchmark", "pipeline")
"""Keys of `metrics.json` that hold a benchmark's tables, one a folder of songs: of the model by itself, and of the
whole system."""

MODEL_ROWS = ("model", "wavemix")
"""Names under which the tables of `metrics.json` hold the model itself."""

SCORES = {"loss": ("mse", "mean squared error"), "snr_db": ("snr", "SNR, dB")}
"""Measures of `metrics.json`: their names on the Hub, and in words."""


def front_matter(config: ModelConfig, metrics: Mapping[str, Any]) -> str:
    """The YAML between the two lines of dashes, those included."""
    licence = weights_licence(metrics)
    data: dict[str, Any] = {"license": licence}
    if licence == "other":
        data["license_name"] = "licences-of-the-training-songs"
    data |= {
        "library_name": LIBRARY,
        "pipeline_tag": PIPELINE_TAG,
        "tags": list(TAGS),
        "datasets": [_slug(song["title"]) for song in metrics.get("songs", {}).get("train", [])],
    }
    results = list(_results(config, metrics))
    if results:
        data["model-index"] = [{"name": f"wavemix-{config.name}", "results": results}]
    return f"---\n{dump_yaml(data)}---\n"


def weights_licence(metrics: Mapping[str, Any]) -> str:
    """The licence of weights, by the Hub's name, as the songs that they learned from ask for it."""
    licences = {song["licence"] for song in metrics.get("songs", {}).get("train", [])}
    if any("NC" in licence for licence in licences):
        return "cc-by-nc-sa-4.0"
    return "apache-2.0" if licences <= {"CC0-1.0"} else "other"


def benchmarks(metrics: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The tables of benchmarks that had songs for the model, each with its key in `metrics.json`."""
    return [(key, table) for key in BENCHMARKS for table in metrics.get(key, []) if table["rows"]]


def _results(config: ModelConfig, metrics: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The entries of `model-index`: one a table, with the model's own row."""
    for split, rows in metrics.get("scores", {}).items():
        songs = [song["title"] for song in metrics.get("songs", {}).get(split, [])]
        names = {key: SCORES[key] for key in SCORES if key in _own(rows, "name")}
        yield _result(config, {"split": split}, songs, names, _own(rows, "name"))
    for key, table in benchmarks(metrics):
        row = _own(table["rows"], "mix")
        names = {measure: (measure, measure.replace("_", " ")) for measure in row if measure != "mix"}
        yield _result(config, {"split": table["folder"], "config": key}, table["songs"], names, row)


def _result(
    config: ModelConfig,
    place: Mapping[str, str],
    songs: Sequence[str],
    names: Mapping[str, tuple[str, str]],
    row: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "task": {"type": PIPELINE_TAG, "name": TASKS[config.model].summary},
        "dataset": {"type": DATASET_TYPE, "name": ", ".join(songs) or f"the {place['split']} songs", **place},
        "metrics": [
            {"type": kind, "name": name, "value": row[key]}
            for key, (kind, name) in names.items()
            if row[key] is not None
        ],
    }


def _own(rows: Sequence[Mapping[str, Any]], column: str) -> Mapping[str, Any]:
    """The row of the model itself."""
    return next(row for row in rows if row[column] in MODEL_ROWS)


def _slug(title: str) -> str:
    """A title as the Hub spells names.

    Examples:
        >>> _slug("Everything is ... Caesium")
        'everything-is-caesium'
    """
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
