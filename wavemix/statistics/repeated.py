"""Repeated measures: every subject (a listener) gives a value to every condition (a mix)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from wavemix.statistics.between import Pair, ratio

_ROUNDING = 1e-12  # of the largest score: subjects who agree must not differ by rounding


@dataclass(frozen=True)
class RepeatedMeasures:
    """A one-way repeated-measures analysis of variance. NaN is what cannot be computed.

    Attributes:
        f: F statistic of the hypothesis that all conditions have one mean.
        df_effect: Degrees of freedom of its numerator, conditions - 1.
        df_error: Degrees of freedom of its denominator, (conditions - 1) (subjects - 1).
        p: Probability of an F at least as large where the hypothesis and sphericity hold.
        mauchly_w: Mauchly's W, 1 where the differences between all conditions have one variance (sphericity).
        mauchly_p: Probability of one at least as low where they have.
        epsilon_gg: Greenhouse and Geisser's epsilon, 1 at sphericity.
        epsilon_hf: Huynh and Feldt's, at most 1.
        p_gg: p with degrees of freedom multiplied by `epsilon_gg`: the one to believe, whatever Mauchly says.
        p_hf: Probability of the same corrected by `epsilon_hf`.
        partial_eta_squared: The effect's share of the variance that subjects do not explain.
    """

    f: float
    df_effect: int
    df_error: int
    p: float
    mauchly_w: float
    mauchly_p: float
    epsilon_gg: float
    epsilon_hf: float
    p_gg: float
    p_hf: float
    partial_eta_squared: float


def repeated_measures(scores: ArrayLike) -> RepeatedMeasures:
    """Analyse one value for each subject and condition.

    Args:
        scores: Shape `(subjects, conditions)`.

    Returns:
        The analysis. With one subject everything is NaN; with no more subjects than conditions - 1, Mauchly's
        test is.

    Raises:
        ValueError: If the scores have another shape, fewer than two conditions, or gaps.

    Sources: Greenhouse and Geisser 1959, Huynh and Feldt 1976 (Equation 8); Mauchly 1940.

    >>> result = repeated_measures([[8, 7, 1, 6], [9, 5, 2, 5], [6, 2, 3, 8], [5, 3, 1, 9], [8, 4, 5, 8]])
    >>> round(result.f, 3), result.df_effect, result.df_error, round(result.epsilon_gg, 3)
    (8.394, 3, 12, 0.55)
    """
    table = _table(scores)
    subjects, conditions = table.shape
    df_effect, df_error = conditions - 1, (conditions - 1) * (subjects - 1)
    if subjects < 2:
        return RepeatedMeasures(math.nan, df_effect, df_error, *[math.nan] * 8)
    means = table.mean(axis=0)
    residuals = table - means - table.mean(axis=1, keepdims=True) + table.mean()
    residuals[np.abs(residuals) < _ROUNDING * np.abs(table).max()] = 0
    effect = subjects * float(np.square(means - table.mean()).sum())
    f = ratio(effect / df_effect, float(np.square(residuals).sum()) / df_error)
    covariance = residuals.T @ residuals / (subjects - 1)
    gg = greenhouse_geisser(covariance)
    hf = min(1.0, _huynh_feldt(gg, subjects, df_effect))
    p, p_gg, p_hf = (float(stats.f.sf(f, df_effect * epsilon, df_error * epsilon)) for epsilon in (1.0, gg, hf))
    eta = partial_eta_squared(f, df_effect, df_error)
    return RepeatedMeasures(f, df_effect, df_error, p, *mauchly(covariance, subjects), gg, hf, p_gg, p_hf, eta)


def partial_eta_squared(f: float, df_effect: float, df_error: float) -> float:
    """Effect size: SS_effect / (SS_effect + SS_error) = F df_effect / (F df_effect + df_error).

    Of listeners who each rate four mixes, 20 make 3 and 57 degrees of freedom, as in the paper's Table 4:

    >>> round(partial_eta_squared(39.09, 3, 57), 3)
    0.673
    """
    return 1 - df_error / (f * df_effect + df_error)  # so that an infinite F gives 1


def greenhouse_geisser(covariance: NDArray[np.float64]) -> float:
    """Greenhouse and Geisser's epsilon of a covariance matrix of conditions; 1 where they do not differ at all."""
    centred = _double_centred(covariance)
    square = float(np.square(centred).sum())
    return float(np.trace(centred)) ** 2 / ((len(covariance) - 1) * square) if square else 1.0


def mauchly(covariance: NDArray[np.float64], subjects: int) -> tuple[float, float]:
    """Mauchly's W and its p, by the chi-squared expansion to second order (Anderson 2003, section 10.7).

    Two conditions have only one difference, so W and p are 1.
    """
    d = len(covariance) - 1
    if d == 1:
        return 1.0, 1.0
    # The eigenvalues of the double-centred matrix are those of orthonormal contrasts, and one that is 0.
    variances = np.linalg.eigvalsh(_double_centred(covariance))[1:]
    if subjects <= d or variances.mean() <= 0:
        return math.nan, math.nan
    w = float(np.prod(np.clip(variances, 0, None) / variances.mean()))
    freedom = subjects - 1
    rho = 1 - (2 * d**2 + d + 2) / (6 * d * freedom)
    chi_squared = -freedom * rho * math.log(w) if w > 0 else math.inf
    df = d * (d + 1) / 2 - 1
    second_order = (d + 2) * (d - 1) * (d - 2) * (2 * d**3 + 6 * d**2 + 3 * d + 2) / (288 * (freedom * d * rho) ** 2)
    first, second = stats.chi2.sf(chi_squared, [df, df + 4])
    return w, min(1.0, max(0.0, float(first + second_order * (second - first))))


def sidak_pairs(scores: ArrayLike, names: Sequence[str], confidence: float = 0.95) -> tuple[Pair, ...]:
    """Each pair of conditions by a paired t test, with p and interval adjusted for the m pairs after Šidák.

    p = 1 - (1 - p_t)^m, and each interval has the confidence `confidence`^(1/m).

    Args:
        scores: Shape `(subjects, conditions)`.
        names: The conditions.
        confidence: Confidence of the intervals of all pairs at once.

    Raises:
        ValueError: As `repeated_measures`, or if there are not as many names as conditions.
    """
    table = _table(scores)
    subjects, conditions = table.shape
    if len(names) != conditions:
        raise ValueError(f"{conditions} conditions cannot have {len(names)} names")
    count = math.comb(conditions, 2)
    margin = float(stats.t.ppf((1 + confidence ** (1 / count)) / 2, subjects - 1))
    pairs = []
    for first, second in combinations(range(conditions), 2):
        differences = table[:, first] - table[:, second]
        difference = float(differences.mean())
        error = float(differences.std(ddof=1)) / math.sqrt(subjects) if subjects > 1 else math.nan
        single = 2 * float(stats.t.sf(ratio(abs(difference), error), subjects - 1))
        p = -math.expm1(count * float(special.log1p(-single)))
        pairs.append(
            Pair(names[first], names[second], difference, difference - margin * error, difference + margin * error, p)
        )
    return tuple(pairs)


def _huynh_feldt(gg: float, subjects: int, df_effect: int) -> float:
    denominator = df_effect * (subjects - 1 - df_effect * gg)
    return (subjects * df_effect * gg - 2) / denominator if denominator > 0 else 1.0


def _double_centred(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is left of a covariance matrix when each subject's mean is taken away."""
    centred = covariance - covariance.mean(axis=0)
    return np.asarray(centred - centred.mean(axis=1, keepdims=True))


def _table(scores: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(scores, np.float64)
    if table.ndim != 2 or table.shape[0] < 1 or table.shape[1] < 2:
        raise ValueError(f"repeated measures need (subjects, conditions >= 2), not {table.shape}")
    if not np.isfinite(table).all():
        raise ValueError("repeated measures need a finite value for each subject and condition")
    return table
