"""Differences between the means of groups: one-way analysis of variance and Tukey-Kramer pairs."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats


@dataclass(frozen=True)
class Pair:
    """Two groups compared.

    Attributes:
        first: Name of a group.
        second: Name of another.
        difference: Mean of the first less mean of the second, in the unit of the values.
        low: Lower end of the difference's confidence interval, which holds for all pairs at once.
        high: Its upper end.
        p: Probability of a difference at least as large where the means are equal, adjusted for the number of
            pairs.
    """

    first: str
    second: str
    difference: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Comparison:
    """Several groups compared: all together, and each pair. NaN is what cannot be computed.

    Attributes:
        names: The groups.
        counts: Number of values of each: what the tests reckon with, so an effective number where values are
            autocorrelated.
        means: Mean of each.
        stds: Standard deviation of each (n - 1).
        f: F statistic of the hypothesis that all means are equal.
        p: Probability of an F at least as large where they are.
        df_between: Degrees of freedom of its numerator.
        df_within: Degrees of freedom of its denominator.
        pairs: Each pair of groups, in their order.
    """

    names: tuple[str, ...]
    counts: tuple[float, ...]
    means: tuple[float, ...]
    stds: tuple[float, ...]
    f: float
    p: float
    df_between: float
    df_within: float
    pairs: tuple[Pair, ...]


def compare_means(groups: Mapping[str, ArrayLike], confidence: float = 0.95) -> Comparison:
    """One-way analysis of variance with Tukey-Kramer pairs: the form of the paper's Table 3.

    It takes values as independent. Frames of music are not: where four identical processes of 600 frames each
    have an autocorrelation of 0.9 from one frame to the next, it calls their means different more than nine times
    in ten. Believe `compare_means_of_series` there.

    Args:
        groups: The values of each group; the groups may differ in size. Values that are not finite are dropped.
        confidence: Confidence of the intervals of all pairs at once.

    Returns:
        The comparison; its tests are NaN where a group has fewer than two values.

    Raises:
        ValueError: If there are fewer than two groups.

    >>> comparison = compare_means({"a": [6, 8, 4, 5, 3, 4], "b": [8, 12, 9, 11, 6, 8], "c": [13, 9, 11, 8, 7, 12]})
    >>> round(comparison.f, 2), round(comparison.p, 4)
    (9.26, 0.0024)
    """
    names = several(groups)
    values = [_finite(groups[name]) for name in names]
    counts = np.array([group.size for group in values])
    means = np.array([group.mean() if group.size else math.nan for group in values])
    variances = np.array([_variance(group) for group in values])
    df_between, df_within = len(names) - 1, int(counts.sum()) - len(names)
    within = ratio(float((counts - 1) @ variances), df_within)
    grand_mean = ratio(float(counts @ means), float(counts.sum()))
    between = float(counts @ np.square(means - grand_mean)) / df_between
    f = ratio(between, within)

    def variance(first: int, second: int) -> float:
        return within * (1 / counts[first] + 1 / counts[second]) if counts[[first, second]].all() else math.nan

    return Comparison(
        names,
        tuple(counts.tolist()),
        tuple(means.tolist()),
        tuple(np.sqrt(variances).tolist()),
        f,
        float(stats.f.sf(f, df_between, df_within)),
        df_between,
        df_within,
        tukey_pairs(names, means, variance, df_within, confidence),
    )


def tukey_pairs(
    names: Sequence[str],
    means: NDArray[np.float64],
    variance: Callable[[int, int], float],
    df: float,
    confidence: float,
) -> tuple[Pair, ...]:
    """Each pair of means by the studentised range (Tukey 1953, Kramer 1956).

    Args:
        names: The groups.
        means: Mean of each.
        variance: The variance of the difference between the means of two groups, given by their indices.
        df: Degrees of freedom of that variance.
        confidence: Confidence of the intervals of all pairs at once.
    """
    known = df > 0 and bool(np.isfinite(means).all())
    margin = float(stats.studentized_range.ppf(confidence, len(names), df)) if known else math.nan
    pairs = []
    for first, second in combinations(range(len(names)), 2):
        difference = float(means[first] - means[second])
        scale = math.sqrt(variance(first, second) / 2) if known else math.nan  # q = sqrt(2) t
        p = _range_tail(ratio(abs(difference), scale), len(names), df)
        low, high = difference - margin * scale, difference + margin * scale
        pairs.append(Pair(names[first], names[second], difference, low, high, p))
    return tuple(pairs)


def several(groups: Mapping[str, ArrayLike]) -> tuple[str, ...]:
    """The names of the groups.

    Raises:
        ValueError: If there are fewer than two.
    """
    if len(groups) < 2:
        raise ValueError(f"a comparison needs at least two groups, not {len(groups)}")
    return tuple(groups)


def ratio(value: float, scale: float) -> float:
    """A statistic in units of its scale; of a scale that is 0 it is infinite, or 0 if the value is 0 as well."""
    if value == 0 and not math.isnan(scale):
        return 0.0
    return value / scale if scale else math.inf


def _range_tail(q: float, groups: int, df: float) -> float:
    """Probability of a studentised range above q. SciPy integrates, so it cannot take infinity and may leave [0, 1]."""
    if not math.isfinite(q):
        return 0.0 if q > 0 else math.nan
    return float(np.clip(stats.studentized_range.sf(q, groups, df), 0, 1))


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, np.float64).ravel()
    return array[np.isfinite(array)]


def _variance(values: NDArray[np.float64]) -> float:
    """Sample variance; exactly 0 where all values are equal, which the rounded mean would hide."""
    if values.size < 2:
        return math.nan
    return float(values.var(ddof=1)) if np.ptp(values) else 0.0
