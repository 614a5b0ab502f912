"""What a card tells of a checkpoint: its songs, the course of its training, its scores."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from statistics import mean
from typing import Any

from wavemix.cards.credits import credits_sentence
from wavemix.cards.looked_at import listening_section
from wavemix.cards.metadata import MODEL_ROWS, benchmarks
from wavemix.cards.verdict import JUDGED, TEACHER, number
from wavemix.metrics.measure import BENCHMARKED
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import entry_of

ENGINEER = "engineer"
"""The teacher, as recipes name it; its key in `metrics.json` tells how near a student comes to it."""

TITLES = {measure.name: measure.full_title for measure in BENCHMARKED}
"""What a benchmark measures, in words."""

SAME = 1e-6
"""Relative difference of losses that is no more than rounding."""

SMALL = 5e-4
"""Relative difference of losses that would print as 0.0 %."""

START = {
    "sum": ", starting at the plain sum",
    "static": ", starting at the static gains that fit the training songs best, alike on both sides",
    "published": ", starting at weights that were trained before, whose songs are among those above",
}
"""Where a training started, by the recipe's word for it; a random start goes without saying."""


def sections(config: ModelConfig, metrics: Mapping[str, Any]) -> Iterator[str]:
    """What is known of the checkpoint: its songs, the course of its training, its scores."""
    yield _data_section(metrics)
    if "valid_loss" in metrics:
        yield _training_section(metrics)
    if ENGINEER in metrics:
        yield _engineer_section(config.name, metrics[ENGINEER])
    for split, rows in metrics.get("scores", {}).items():
        yield _score_section(config.name, split, rows, taught=ENGINEER in metrics)
    for key, table in benchmarks(metrics):
        yield _benchmark_section(key, table, entry_of(config.name).family.option)
    yield from listening_section(metrics, config)
    if "attempt" in metrics:
        yield _attempt_section(metrics["attempt"], metrics["scores"]["valid"])


def _data_section(metrics: Mapping[str, Any]) -> str:
    if "songs" not in metrics:
        return "## Data and licences\n\nIt learned from no songs. The weights have the code's licence, Apache-2.0."
    learned = metrics["songs"]["train"]
    minutes = sum(song["seconds"] for song in learned) / 60
    credits = credits_sentence(metrics)
    lists = "\n".join(f"- {split}: {', '.join(_songs(songs))}" for split, songs in metrics["songs"].items())
    return (
        f"## Data and licences\n\nIt learned from {len(learned)} songs, {minutes:.1f} minutes in all. The validation "
        "songs chose the checkpoint, the test songs nothing. The licence of the weights, above, follows from those of "
        f"the training songs.{' ' if credits else ''}{credits}\n\n{lists}"
    )


def _songs(songs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The songs by title; those that `wavemix render` made by their number."""
    made: dict[str, list[float]] = {}
    for song in songs:
        licence = song["licence"] or "licence not stated"
        if song.get("rendered"):
            made.setdefault(licence, []).append(song["seconds"])
        else:
            yield f"{song['title']} ({licence})"
    for licence, seconds in made.items():
        yield f"{len(seconds)} songs that `wavemix render` made, {sum(seconds) / 60:.1f} minutes ({licence})"


def _device(about: Mapping[str, Any]) -> str:
    return str(about["device"]).replace(", 1 threads", ", 1 thread")


def _training_section(metrics: Mapping[str, Any]) -> str:
    start = START.get(metrics.get("recipe", {}).get("start"), "")
    kept = (
        "" if metrics["step"] else "No step came nearer to the validation songs: these are the weights of the start. "
    )
    chosen_by = metrics.get("recipe", {}).get("chosen_by")
    loss = "the training loss, with its weights" if chosen_by == "training_loss" else "mean squared error"
    return (
        f"## Training\n\nValidation loss ({loss}) {metrics['valid_loss']:.4e}, after {metrics['step']} steps "
        f"of phase {metrics['phase']}; {metrics['seconds']} s of training on {_device(metrics)}{start}. "
        f"{kept}`metrics.json` holds the recipe."
    )


LIKENESS = ("snr_db", "side_snr_db", "treble_db")
"""Measures of a model's likeness to the engineer, as `wavemix.training.baselines.Likeness` has them."""


def _engineer_section(name: str, engineer: Mapping[str, Mapping[str, Mapping[str, float | None]]]) -> str:
    """Who taught the model, and how well it learned, song by song: SNR of the whole and of side alone, treble."""
    rows = "\n".join(
        f"| {split} | {song} | {' | '.join(number(one.get(key)) for key in LIKENESS)} |"
        for split, songs in engineer.items()
        for song, one in [*songs.items(), ("mean", means(songs.values()))]
    )
    return (
        f"## Teacher\n\nIt learned from a rule-based engineer, wavemix's {TEACHER}, on rendered and real raw tracks, "
        "not from human mixes. This is how near it comes to what that engineer makes of songs that it never read. Side "
        "is L - R; the last column is the energy above 10 kHz over the engineer's, below 0 where the model is duller. "
        f"`wavemix score {name} --data DIR --engineer` prints the numbers.\n\n"
        f"| songs | song | SNR, dB | of side alone, dB | above 10 kHz, dB |\n|---|---|---|---|---|\n{rows}"
    )


def means(songs: Collection[Mapping[str, float | None]]) -> dict[str, float | None]:
    """The mean of each measure over the songs that have it."""
    values = {key: [one.get(key) for one in songs] for key in LIKENESS}
    known = {key: [value for value in row if value is not None] for key, row in values.items()}
    return {key: mean(row) if row else None for key, row in known.items()}


def _score_section(name: str, split: str, rows: Sequence[Mapping[str, Any]], taught: bool) -> str:
    table = "\n".join(f"| {row['name']} | {row['loss']:.4e} | {row['snr_db']:.2f} |" for row in rows)
    losses = {row["name"]: row["loss"] for row in rows}
    verdict = " ".join(
        f"The model's loss is {_compare(losses['model'], losses[way])} that of the {way}."
        for way in ("plain sum", "static gains")
    )
    return (
        f"## Scores on the {split} songs\n\n| | loss | SNR, dB |\n|---|---|---|\n{table}\n\n{verdict}\n\n"
        f"Loss is the mean squared error over all samples{f' against the {TEACHER}' if taught else ''}; static gains "
        f"are those that fit the training songs best. `wavemix score {name} --data DIR --split {split}"
        f"{' --engineer' if taught else ''}` prints this table from the prepared songs."
    )


def _benchmark_section(key: str, table: Mapping[str, Any], family_option: str) -> str:
    """What `wavemix benchmark` measured: production distances in a table, the other measures in another."""
    measures = [measure for measure in table["rows"][0] if measure != "mix"]
    kinds = {
        "Production distances, 0 is best:": [measure for measure in measures if measure in JUDGED],
        "Waveforms and self-similarity:": [measure for measure in measures if measure not in JUDGED],
    }
    tables = "\n\n".join(
        f"{kind}\n\n{_benchmark_table(table['rows'], names)}" for kind, names in kinds.items() if names
    )
    title = f"Benchmark{' of the whole system' if key == 'pipeline' else ''} on the {table['folder']} songs"
    task = "Raw tracks to the mix, all five models." if key == "pipeline" else "This model, by itself."
    return (
        f"## {title}\n\n{task} Means over {', '.join(table['songs'])}; oracle gains are fitted to each song's own "
        f"reference.\n\n{tables}\n\n"
        f"`wavemix benchmark {table['folder']}{family_option}` prints these numbers; wavemix's documentation defines "
        "the measures."
    )


def _benchmark_table(rows: Sequence[Mapping[str, Any]], measures: Sequence[str]) -> str:
    """A row a mix, the model's in bold, a column a measure."""
    head = " | ".join(TITLES.get(name, name.replace("_", " ")) for name in measures)
    lines = "\n".join(
        f"| {_bold(row['mix'])} | {' | '.join(number(row[measure]) for measure in measures)} |" for row in rows
    )
    return f"| | {head} |\n|{'---|' * (1 + len(measures))}\n{lines}"


def _bold(mix: str) -> str:
    return f"**{mix}**" if mix in MODEL_ROWS else mix


def _compare(loss: float, other: float) -> str:
    """A loss against another, in words.

    Examples:
        >>> _compare(0.9, 1.0), _compare(1.0001, 1.0), _compare(1.0, 1.0)
        ('10.0% below', 'less than 0.1% ABOVE', 'equal to')
    """
    difference = abs(loss - other)
    if difference < SAME * other:
        return "equal to"
    amount = f"{difference / other:.1%}" if difference >= SMALL * other else "less than 0.1%"
    return f"{amount} {'below' if loss < other else 'ABOVE'}"


def _attempt_section(attempt: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    """A training that did not give better weights, and why."""
    losses = {row["name"]: row["loss"] for row in rows}
    outcome = "found no epoch whose validation loss was below that of its start"
    if attempt["step"]:
        outcome = f"ended with a validation loss of {attempt['valid_loss']:.4e}, not below that of these weights"
    reason = ""
    if losses["static gains"] > losses["plain sum"]:
        reason = (
            " The training songs ask for other balances than the validation songs: even the static gains that fit them "
            f"best have a loss {_compare(losses['static gains'], losses['plain sum'])} that of the plain sum there."
        )
    return (
        f"## Last attempt\n\nA training of {attempt['seconds']} s on {_device(attempt)} {outcome}; these were kept."
        f"{reason}"
    )
