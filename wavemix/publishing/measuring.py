"""All published models measured again, their cards and the README's table written anew."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wavemix.cards.card import read_metrics
from wavemix.cards.verdict import JUDGED, RIVALS, TEACHER, judge, number
from wavemix.documents.files import read_text
from wavemix.errors import WavemixError
from wavemix.evaluation.benchmark import run_benchmark
from wavemix.evaluation.files import write_benchmark
from wavemix.evaluation.mixes import OURS
from wavemix.pipeline import AutoMix
from wavemix.publishing.benchmark_tables import PIPELINE, update_cards
from wavemix.session.groups import MIX
from wavemix.staging import write_text
from wavemix.zoo.registry import CARDS, FAMILIES, entry_of

SPLITS = ("test", "valid")
"""Songs that no model learned from."""

README = CARDS.parent / "README.md"

BEGIN, END = "<!-- benchmark: wavemix zoo summary -->\n", "<!-- end of benchmark -->\n"
"""Between these lines of the README lies the table."""


def measure_again(
    corpus: Path, out: Path, cards: Path = CARDS, readme: Path = README, tell: Callable[[str], None] = print
) -> None:
    """Run all benchmarks, then write the cards and the README.

    Args:
        corpus: A folder with one of songs a split, in the plain layout.
        out: For the benchmarks' files.
        cards: The published models.
        readme: The file with the table.
        tell: Called with the family and the split, and with the name of each song, when its turn comes.

    Raises:
        WavemixError: As `run_benchmark`, `update_cards` and `write_summary`.
    """
    for family in FAMILIES:
        system = AutoMix.from_pretrained(cards, family=family)
        files = []
        for split in SPLITS:
            tell(f"{family}, {split}")
            place = out / f"{family}-{split}"
            write_benchmark(run_benchmark(corpus / split, system, tell), place)
            files.append(place / "benchmark.json")
        update_cards(files, cards)
    write_summary(readme, cards)


def summary(cards: Path = CARDS) -> str:
    """The whole systems' production distances beside the engineer's and the baselines', as a Markdown table.

    Families that were not measured by them yet are left out.

    Args:
        cards: The published models; those of the mix have the tables in their `metrics.json`.
    """
    tables = {
        (family, table["folder"]): table
        for family in FAMILIES
        for table in read_metrics(cards / entry_of(MIX, family).name).get(PIPELINE, [])
        if judge(table["rows"])
    }
    folders = dict.fromkeys(folder for _, folder in tables)
    lines = [line for folder in folders for line in _lines(folder, tables)]
    head = f"| songs | mix | {' | '.join(JUDGED.values())} |\n|{'---|' * (2 + len(JUDGED))}\n"
    return head + "".join(f"{line}\n" for line in lines)


def write_summary(readme: Path = README, cards: Path = CARDS) -> None:
    """Put the table of `summary` into a file, in place of the one that it has.

    Raises:
        WavemixError: If the file cannot be read or written, or lacks the lines between which the table lies.
    """
    before, begin, rest = read_text(readme, remedy="name the README").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise WavemixError(f"{readme}: lacks the lines {BEGIN.strip()} and {END.strip()}; put them around the table.")
    write_text(readme, f"{before}{BEGIN}\n{summary(cards)}\n{END}{after}")


def _lines(folder: str, tables: Mapping[tuple[str, str], Mapping[str, Any]]) -> Iterator[str]:
    """A folder's rows: ours, one a family, then those that are the same beside each."""
    of_folder = {family: table["rows"] for (family, where), table in tables.items() if where == folder}
    for family, rows in of_folder.items():
        yield _line(folder, f"**{OURS}, {family}**", rows, OURS)
    rows = next(iter(of_folder.values()))
    for mix in (TEACHER, *RIVALS):
        yield _line(folder, mix, rows, mix)


def _line(folder: str, title: str, rows: Sequence[Mapping[str, Any]], mix: str) -> str:
    row = next((row for row in rows if row["mix"] == mix), {})
    return f"| {folder} | {title} | {' | '.join(number(row.get(measure)) for measure in JUDGED)} |"
