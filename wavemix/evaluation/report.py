"""The report: one HTML file with the tables, the figures and the sounds of an evaluation."""

import base64
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray

from wavemix.evaluation import courses, figures
from wavemix.evaluation.courses import draw_course
from wavemix.evaluation.results import REFERENCE, SongResult, measures_of
from wavemix.metrics import artefacts, course, descriptors, excerpt, matching, production, reference, similarity, stft
from wavemix.metrics.measure import Measure
from wavemix.staging import write_text
from wavemix.statistics.between import Comparison, Pair

PARTS = {
    "levels": "Levels of the whole mix, as it came",
    "match": "What matched it to the reference",
    "production": "Production of the whole mix against the reference's, whatever the waveform",
    "against": "The whole mix against the reference, once matched",
    "artefacts": "Artefacts of the whole mix, once matched",
    "similarity": "Self-similarity of the excerpt against the reference's",
}
"""Headings of a table of measures, by the part of a result that they come from."""

BETTER: Mapping[str, Callable[[Sequence[float]], float]] = {
    "production.log_spectral_db": min,
    "production.ltas_mid_db": min,
    "production.ltas_side_db": min,
    "production.crest_db": min,
    "production.width": min,
    "production.imbalance": min,
    "against.si_sdr_db": max,
    "against.stft_left_right": min,
    "against.stft_mid_side": min,
    "against.width_error": min,
    "against.imbalance_error": min,
    "against.bark_mse": min,
    "similarity.rmse": min,
    "similarity.ssim": max,
    "similarity.vif": max,
}
"""Which of several values is the nearest to the reference."""

SIGNIFICANT = 0.05
"""Pairs of mixes with a smaller p are said to differ."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Row:
    """A line of a table of measures: its label, a cell a mix, and the places of the best ones."""

    label: str
    cells: tuple[str, ...]
    best: frozenset[int] = frozenset()


Table = Mapping[str, Sequence[Row]]
"""Lines under headings."""


def write_report(songs: Sequence[SongResult], path: Path) -> None:
    """Write what was found as one HTML file, which needs no other.

    Raises:
        WavemixError: If it cannot be written.
    """
    write_text(path, render_report(songs))


def render_report(songs: Sequence[SongResult]) -> str:
    """The report's HTML. The same results give the same text."""
    mixes = list(dict.fromkeys(mix.name for song in songs for mix in song.mixes))
    colour = figures.colours(mixes)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "probability": probability, "f_test": f_test, "interval": interval}
    return environment.get_template("report.html").render(
        songs=songs,
        mixes=mixes,
        colour=colour,
        means=table_of_means(songs, mixes),
        table=table_of_song,
        levels=Markup(figures.draw_levels(songs, colour)),
        descriptor_tracks=lambda song: Markup(figures.draw_descriptors(song, colour)),
        course=lambda song: Markup(draw_course(song, colour)),
        raw_tracks=lambda song: Markup(figures.draw_raw_tracks(song)),
        self_similarities=lambda song: Markup(figures.draw_self_similarities(song)),
        titles={track.field: track.title for track in figures.DESCRIPTOR_TRACKS},
        verdict=verdict,
        significant=SIGNIFICANT,
        sound=sound,
        zip=zip,
        figures=figures,
        courses=courses,
        metrics={
            module.__name__.rpartition(".")[2]: module
            for module in (artefacts, course, descriptors, excerpt, matching, production, reference, similarity, stft)
        },
    )


def table_of_song(song: SongResult) -> Table:
    """Every measure of a song's mixes."""
    mixes = {mix.name: mix for mix in song.mixes}
    return _table(measures_of([song]), list(mixes), lambda name, measure: mixes[name].value(measure))


def table_of_means(songs: Sequence[SongResult], mixes: Sequence[str]) -> Table:
    """Means over the songs. What matched a song's mixes has no meaning beyond it and is left out."""

    def mean(name: str, measure: Measure) -> float | None:
        values = [mix.value(measure) for song in songs for mix in song.mixes if mix.name == name]
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known else None

    counts = [sum(mix.name == name for song in songs for mix in song.mixes) for name in mixes]
    measures = [measure for measure in measures_of(songs) if not measure.name.startswith("match.")]
    return {"": [Row("songs", tuple(map(str, counts)))], **_table(measures, mixes, mean)}


def number(value: float | None, form: str = "#.3g") -> str:
    """A number as it is printed; a dash where there is none.

    >>> number(-0.1), number(1.25e-5), number(float("inf"), ".2f"), number(None)
    ('−0.100', '1.25·10⁻⁵', '∞', '–')
    """
    if value is None or math.isnan(value):
        return "–"
    digits, _, exponent = format(value, f"z{form}").replace("inf", "∞").partition("e")
    digits = digits.rstrip(".").replace("-", "−")
    return f"{digits}·10{str(int(exponent)).translate(SUPERSCRIPTS)}" if exponent else digits


def probability(p: float) -> str:
    """A probability as it is printed.

    >>> probability(1e-9), probability(0.0312)
    ('< 0.001', '0.031')
    """
    return "< 0.001" if p < 0.001 else number(p, ".3f")


def f_test(form: Comparison) -> str:
    """The statistic of all mixes together, with its degrees of freedom."""
    if math.isnan(form.f):
        return number(None)
    return f"F({number(form.df_between, '.4g')}, {number(form.df_within, '.4g')}) = {number(form.f, '.2f')}"


def interval(pair: Pair) -> str:
    """The confidence interval of a difference."""
    return number(None) if math.isnan(pair.low) else f"{number(pair.low)} to {number(pair.high)}"


def verdict(paper: Comparison, believed: Comparison) -> str:
    """What two forms of a comparison say, in words."""
    claimed, found = (sum(pair.p < SIGNIFICANT for pair in form.pairs) for form in (paper, believed))
    words = f"Of {len(paper.pairs)} pairs {claimed} differ in the paper's form (p < {SIGNIFICANT})"
    if math.isnan(believed.f):
        return f"{words}. There are too few frames in which all mixes have a value to say more: do not believe it."
    return (
        f"{words}, {found} once the frames' dependence is counted: "
        f"they tell as much as {believed.counts[0]:.0f} independent ones."
    )


def sound(audio: NDArray[np.float32], rate: int) -> str:
    """A sound `(channels, samples)` as the address of its own data: 16-bit FLAC, which every browser plays."""
    data = io.BytesIO()
    soundfile.write(data, audio.T, rate, format="FLAC", subtype="PCM_16")
    return f"data:audio/flac;base64,{base64.b64encode(data.getvalue()).decode()}"


def _table(
    measures: Sequence[Measure], names: Sequence[str], value: Callable[[str, Measure], float | None]
) -> dict[str, list[Row]]:
    """A line a measure, a column a mix."""
    table: dict[str, list[Row]] = {}
    for measure in measures:
        values = [value(name, measure) for name in names]
        rows = table.setdefault(PARTS[measure.name.partition(".")[0]], [])
        rows.append(Row(measure.title, tuple(number(x, _form(measure)) for x in values), _best(measure, names, values)))
    return table


def _best(measure: Measure, names: Sequence[str], values: Sequence[float | None]) -> frozenset[int]:
    """Places of the mixes that come nearest to the reference, itself aside; none where all are as near."""
    rivals = {i: x for i, x in enumerate(values) if x is not None and names[i] != REFERENCE}
    if measure.name not in BETTER or not rivals:
        return frozenset()
    best = BETTER[measure.name](list(rivals.values()))
    nearest = frozenset(i for i, x in rivals.items() if x == best)
    return nearest if len(nearest) < len(rivals) else frozenset()


def _form(measure: Measure) -> str:
    """How many digits a measure is worth."""
    if measure.name in ("match.lag_samples", "match.polarity"):
        return ".0f"
    return ".2f" if measure.unit else "#.3g"
