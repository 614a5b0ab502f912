"""`wavemix benchmark`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.console import print_table, say, spinner
from wavemix.cli.engine import engine_options
from wavemix.cli.family import family_option
from wavemix.cli.types import PLACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wavemix.evaluation.benchmark import Benchmark
    from wavemix.metrics.measure import Measure
    from wavemix.pipeline import Engine


@click.command()
@click.argument("folder", type=PLACE)
@click.option("-o", "--output", type=PLACE, help="Folder for benchmark.json and benchmark.csv.")
@family_option
@click.option("--weights", type=PLACE, help="A folder with weights of your own.")
@engine_options
def benchmark(folder: Path, output: Path | None, family: str, weights: Path | None, engine: "Engine") -> None:
    """Measure the models on the songs in FOLDER beside house engineer, plain sum, equal loudness and oracle gains.

    Six tasks: each group's raw tracks to its stem, the true stems to the mix, and all raw tracks to the mix.
    Numbers are means over songs, of whole mixes brought to the target's lag, polarity and loudness: first the
    production distances, then those of the waveforms. Lines that begin with `mean` have the former for grep.
    """
    from wavemix.evaluation.extra import check_extra

    check_extra()
    from wavemix.cards.verdict import RIVALS, TEACHER
    from wavemix.evaluation.benchmark import run_benchmark
    from wavemix.evaluation.files import write_benchmark
    from wavemix.evaluation.mixes import OURS
    from wavemix.metrics.measure import BENCHMARKED_PRODUCTION, BENCHMARKED_WAVEFORMS
    from wavemix.pipeline import AutoMix

    system = AutoMix.from_pretrained(weights, engine=engine, family=family)
    with spinner("measuring") as tell:
        found = run_benchmark(folder, system, tell)
    if output is not None:
        write_benchmark(found, output)
    tables = {"Production distances": BENCHMARKED_PRODUCTION, "Waveforms and self-similarity": BENCHMARKED_WAVEFORMS}
    for title, measures in tables.items():
        columns = ("task", "songs", "mix", *(measure.title for measure in measures))
        print_table(f"{title}: mixes of the songs in {found.folder}, means", columns, _rows(found, measures))
    verdicts = ("task", OURS, TEACHER, *RIVALS, "better than both?", "of all distances")
    rivals = " and ".join(RIVALS)
    distance = BENCHMARKED_PRODUCTION[0].label
    print_table(f"Is {OURS} better than {rivals}, by {distance} distance in dB?", verdicts, _verdicts(found))
    for line in _means(found):
        say(line)
    for task in found.tasks:
        for song, why in task.skipped.items():
            say(f"{task.name}: without {song} ({why})")
    if output is not None:
        say(f"wrote {output / 'benchmark.json'} and benchmark.csv")


def _rows(found: "Benchmark", measures: "Sequence[Measure]") -> list[tuple[str, ...]]:
    """A row a mix; the task is named in its first. Numbers are those of the model cards, digit for digit."""
    from wavemix.cards.verdict import number

    return [
        (
            *((task.name, str(len(task.songs))) if index == 0 else ("", "")),
            row.mix,
            *(number(row.measures[measure.name]) if measure.name in row.measures else "" for measure in measures),
        )
        for task in found.tasks
        for index, row in enumerate(task.rows)
    ]


def _verdicts(found: "Benchmark") -> list[tuple[str, ...]]:
    """A row a task: the distance that decides, and in how many of all of them the model is better."""
    from wavemix.cards.verdict import judge

    judged = [(task.name, judge([{"mix": row.mix, **row.measures} for row in task.rows])) for task in found.tasks]
    return [
        (task, *verdict.deciding.values, verdict.deciding.answer, verdict.count) for task, verdict in judged if verdict
    ]


def _means(found: "Benchmark") -> list[str]:
    """A line a mix of each task, `key=value` throughout, with its production distances."""
    from wavemix.cards.verdict import number
    from wavemix.metrics.measure import BENCHMARKED_PRODUCTION

    lines = []
    for task in found.tasks:
        for row in task.rows:
            place = f"mean folder={found.folder} family={found.family} task={task.name} mix={row.mix.replace(' ', '-')}"
            values = (
                f"{measure.name.removeprefix('production_')}={number(row.measures[measure.name])}"
                for measure in BENCHMARKED_PRODUCTION
            )
            lines.append(" ".join((place, f"songs={len(task.songs)}", *values)))
    return lines
