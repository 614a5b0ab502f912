"""What a listening test says: the paper's Tables 4 and 5 from the ratings of its listeners."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wavemix.errors import WavemixError
from wavemix.listening.ratings import YEARS, Ratings, read_ratings
from wavemix.statistics import (
    Correlation,
    Normality,
    Pair,
    RepeatedMeasures,
    compact_letters,
    pearson,
    repeated_measures,
    shapiro,
    sidak_pairs,
)

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Table:
    """A table to print: a title, columns, a row of cells for each line, and what to know when reading it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


@dataclass(frozen=True)
class MixRating:
    """How one mix was rated in one dimension. A listener counts once, with the mean of the songs.

    Attributes:
        mix: Its name.
        mean: Over the listeners, on five points.
        std: Standard deviation of the listeners (n - 1).
        normality: Whether the listeners' means may be normal.
        letters: Mixes that share a letter were not told apart; empty where no test was possible.
    """

    mix: str
    mean: float
    std: float
    normality: Normality
    letters: str


@dataclass(frozen=True)
class Dimension:
    """One dimension of the rating.

    Attributes:
        name: As the ratings have it.
        ratings: Each mix, the best first.
        test: The repeated-measures analysis across the mixes.
        pairs: Each pair of mixes, after Šidák.
    """

    name: str
    ratings: tuple[MixRating, ...]
    test: RepeatedMeasures
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Analysis:
    """A listening test, analysed.

    Attributes:
        listeners: How many there are.
        songs: The songs.
        dimensions: Each dimension.
        experience: For each mix, how its ratings (a listener's mean of all songs and dimensions) go with the
            years of experience of the listeners who told them.
    """

    listeners: int
    songs: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    experience: tuple[tuple[str, Correlation], ...]

    def tables(self) -> tuple[Table, ...]:
        """The analysis as tables to print: ratings, their tests, their pairs, experience."""
        return (self._ratings(), self._tests(), self._pairs(), self._experience())

    def _ratings(self) -> Table:
        rows = [
            (dimension.name, rating.mix, _number(rating.mean, 2), _number(rating.std, 2))
            + (_number(rating.normality.w, 3), _p(rating.normality.p), rating.letters or "–")
            for dimension in self.dimensions
            for rating in dimension.ratings
        ]
        return Table(
            f"Ratings by {_count(self.listeners, 'listener')} of {_count(len(self.songs), 'song')}",
            ("dimension", "mix", "mean", "sd", "Shapiro-Wilk W", "p", "group"),
            tuple(rows),
            f"Mixes that share a letter were not told apart (Šidák, {1 - CONFIDENCE:.2f}). A listener counts once, "
            "with the mean of the songs.",
        )

    def _tests(self) -> Table:
        rows = []
        for dimension in self.dimensions:
            test = dimension.test
            rows.append(
                (dimension.name, _number(test.f, 2), f"{test.df_effect}, {test.df_error}", _p(test.p))
                + (_number(test.mauchly_w, 3), _p(test.mauchly_p))
                + (_number(test.epsilon_gg, 3), _p(test.p_gg), _number(test.epsilon_hf, 3), _p(test.p_hf))
                + (_number(test.partial_eta_squared, 2),)
            )
        return Table(
            "Repeated-measures analysis of variance across mixes",
            ("dimension", "F", "df", "p", "Mauchly W", "p", "ε GG", "p GG", "ε HF", "p HF", "partial η²"),
            tuple(rows),
            "p GG and p HF hold without sphericity (Greenhouse-Geisser, the safer one, and Huynh-Feldt).",
        )

    def _pairs(self) -> Table:
        rows = [
            (dimension.name, pair.first, pair.second, _number(pair.difference, 2))
            + (f"{_number(pair.low, 2)} to {_number(pair.high, 2)}", _p(pair.p))
            for dimension in self.dimensions
            for pair in dimension.pairs
        ]
        return Table(
            "Pairs of mixes",
            ("dimension", "mix", "against", "difference", f"{CONFIDENCE:.0%} interval", "p (Šidák)"),
            tuple(rows),
            "Paired t tests; p and interval hold for all pairs of a dimension at once.",
        )

    def _experience(self) -> Table:
        rows = [(mix, _number(found.r, 2), _p(found.p), str(found.count)) for mix, found in self.experience]
        return Table(
            "Ratings and years of experience",
            ("mix", "Pearson r", "p", "listeners"),
            tuple(rows),
            "A listener's mean of all songs and dimensions, against the years of experience. p is of each mix alone.",
        )


def analyse(paths: Sequence[Path]) -> Analysis:
    """Analyse the ratings of a listening test.

    Args:
        paths: CSV files as the page writes them, the export's `key.json`, or folders of both.

    Returns:
        The analysis; what too few listeners cannot tell is NaN.

    Raises:
        WavemixError: As `read_ratings`, or if there is only one mix.
    """
    ratings = read_ratings(paths)
    if len(ratings.mixes) < 2:
        raise WavemixError(f"only {ratings.mixes[0]} was rated; a test compares at least two mixes.")
    return Analysis(
        len(ratings.listeners),
        ratings.songs,
        tuple(_dimension(name, ratings) for name in ratings.dimensions),
        _experience(ratings),
    )


def _dimension(name: str, ratings: Ratings) -> Dimension:
    scores = _scores(ratings, [name])
    order = np.argsort(-scores.mean(axis=0), kind="stable")
    scores, mixes = scores[:, order], [ratings.mixes[place] for place in order]
    pairs = sidak_pairs(scores, mixes, CONFIDENCE)
    different = [(pair.first, pair.second) for pair in pairs if pair.p < 1 - CONFIDENCE]
    letters = {} if math.isnan(pairs[0].p) else compact_letters(mixes, different)
    described = tuple(
        MixRating(mix, float(column.mean()), _std(column), shapiro(column), letters.get(mix, ""))
        for mix, column in zip(mixes, scores.T, strict=True)
    )
    return Dimension(name, described, repeated_measures(scores), pairs)


def _experience(ratings: Ratings) -> tuple[tuple[str, Correlation], ...]:
    years = np.array([float(ratings.answers.get(name, {}).get(YEARS, math.nan)) for name in ratings.listeners])
    told = np.isfinite(years)
    scores = _scores(ratings, ratings.dimensions)
    return tuple((mix, pearson(years[told], column[told])) for mix, column in zip(ratings.mixes, scores.T, strict=True))


def _scores(ratings: Ratings, dimensions: Sequence[str]) -> NDArray[np.float64]:
    """Each listener's mean rating of each mix over the songs that they rated, `(listeners, mixes)`."""
    rows, columns = ratings.listeners, ratings.mixes
    sums = np.zeros((len(rows), len(columns)), np.int64)  # sums of integers are equal where ratings are
    counts = np.zeros_like(sums)
    for rated, value in ratings.values.items():
        if rated.dimension in dimensions:
            place = rows.index(rated.listener), columns.index(rated.mix)
            sums[place] += value
            counts[place] += 1
    return sums / counts


def _std(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) if values.size > 1 else math.nan


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _number(value: float, digits: int) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else _number(value, 3)
