"""`wavemix benchmark`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.family import family_option

if TYPE_CHECKING:
    from wavemix.evaluation.benchmark import Benchmark

FOLDER = click.Path(path_type=Path)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("-o", "--output", type=FOLDER, help="Folder for benchmark.json and benchmark.csv.")
@family_option
@click.option("--weights", type=FOLDER, help="A folder with weights of your own.")
@click.option("--device", default="auto", show_default=True, type=click.Choice(["auto", "cpu", "cuda"]))
def benchmark(folder: Path, output: Path | None, family: str, weights: Path | None, device: str) -> None:
    """Measure the models on the songs in FOLDER beside plain sum, equal loudness and oracle gains.

    Six tasks: each group's raw tracks to its stem, the true stems to the mix, and all raw tracks to the mix.
    Numbers are means over songs, of mixes brought to the target's lag, polarity and loudness.
    """
    from wavemix.evaluation.extra import check_extra

    check_extra()
    from wavemix.cli.console import print_table, spinner
    from wavemix.evaluation.benchmark import MEASURES, run_benchmark
    from wavemix.evaluation.files import write_benchmark
    from wavemix.evaluation.mixes import OURS
    from wavemix.pipeline import AutoMix
    from wavemix.zoo.verdict import RIVALS

    system = AutoMix.from_pretrained(weights, device, family=family)
    with spinner("measuring") as tell:
        found = run_benchmark(folder, system, tell)
    if output is not None:
        write_benchmark(found, output)
    columns = ("task", "songs", "mix", *(measure.title for measure in MEASURES))
    print_table(f"Mixes of the songs in {found.folder}, means", columns, _rows(found))
    verdicts = ("task", "measure", OURS, *RIVALS, "better than both?")
    print_table(f"Is {OURS} better than {' and '.join(RIVALS)}?", verdicts, _verdicts(found))
    for task in found.tasks:
        for song, why in task.skipped.items():
            click.echo(f"{task.name}: without {song} ({why})")
    if output is not None:
        click.echo(f"wrote {output / 'benchmark.json'} and benchmark.csv")


def _rows(found: "Benchmark") -> list[tuple[str, ...]]:
    """A row a mix; the task is named in its first. Numbers are those of the model cards, digit for digit."""
    from wavemix.evaluation.benchmark import MEASURES
    from wavemix.zoo.verdict import number

    return [
        (
            *((task.name, str(len(task.songs))) if index == 0 else ("", "")),
            row.mix,
            *(number(row.measures[measure.name]) if measure.name in row.measures else "" for measure in MEASURES),
        )
        for task in found.tasks
        for index, row in enumerate(task.rows)
    ]


def _verdicts(found: "Benchmark") -> list[tuple[str, ...]]:
    """A row a measure that decides; the task is named in its first."""
    from wavemix.evaluation.benchmark import MEASURES
    from wavemix.zoo.verdict import judge

    titles = {measure.name: measure.title for measure in MEASURES}
    return [
        (task.name if index == 0 else "", titles[verdict.measure], *verdict.values, verdict.answer)
        for task in found.tasks
        for index, verdict in enumerate(judge([{"mix": row.mix, **row.measures} for row in task.rows]))
    ]
