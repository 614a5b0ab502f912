"""Results as files: JSON and CSV."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wavemix.documents.csv_text import dump_rows
from wavemix.documents.json_text import dump_json
from wavemix.evaluation.benchmark import Benchmark
from wavemix.evaluation.courses import course_png
from wavemix.evaluation.report import write_report
from wavemix.evaluation.results import MixResult, SongResult, rows
from wavemix.metrics.measure import BENCHMARKED
from wavemix.staging import staged_folder

_FRAME_DIGITS = 6


def write_results(songs: Sequence[SongResult], folder: Path) -> None:
    """Write `report.html`, `results.json`, the tidy `results.csv` and `SONG/course.png`, all or none of them.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    table = ((song, mix, measure.name, f"{value:.6g}", measure.unit) for song, mix, measure, value in rows(songs))
    with staged_folder(folder) as stage:
        (stage / "results.json").write_text(_dump({"songs": [_song(song) for song in songs]}), "utf-8")
        (stage / "results.csv").write_text(dump_rows(("song", "mix", "measure", "value", "unit"), table), "utf-8")
        write_report(songs, stage / "report.html")
        for song in songs:
            (stage / song.name).mkdir()
            (stage / song.name / "course.png").write_bytes(course_png(song))


def write_benchmark(found: Benchmark, folder: Path) -> None:
    """Write `benchmark.json` and the tidy `benchmark.csv`, both or none.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    table = (
        (task.name, song, row.mix, measure.name, f"{values[measure.name]:.6g}", measure.unit)
        for task in found.tasks
        for row in task.rows
        for song, values in zip(task.songs, row.by_song, strict=True)
        for measure in BENCHMARKED
        if measure.name in values
    )
    with staged_folder(folder) as stage:
        (stage / "benchmark.json").write_text(_dump(found), "utf-8")
        (stage / "benchmark.csv").write_text(
            dump_rows(("task", "song", "mix", "measure", "value", "unit"), table), "utf-8"
        )


def _dump(value: Any) -> str:
    """Any of our results as JSON; null where a number is not finite, which JSON cannot say."""
    return dump_json(_plain(value), indent=1)


def _song(song: SongResult) -> dict[str, Any]:
    return {
        "song": song.name,
        "computed_by": song.computed_by,
        "rate": song.rate,
        "seconds": song.seconds,
        "window": song.window,
        "excerpt_lufs": song.excerpt_lufs,
        "mixes": [_mix(mix) for mix in song.mixes],
        "comparisons": {
            name: {"frames_as_independent": paper, "frames_as_series": series}
            for name, (paper, series) in song.comparisons.items()
        },
    }


def _mix(mix: MixResult) -> dict[str, Any]:
    kept = (field.name for field in fields(mix) if field.name not in ("self_similarity", "excerpt", "course"))
    return {name: getattr(mix, name) for name in kept}


def _plain(value: Any) -> Any:
    """Made of what JSON has."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain({field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return [_plain(float(f"{item:.{_FRAME_DIGITS}g}")) for item in value.tolist()]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value
