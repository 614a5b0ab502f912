"""Whether values may come from a normal distribution."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class Normality:
    """The Shapiro-Wilk test.

    Attributes:
        w: The statistic, 1 for values that lie as normal ones should.
        p: Probability of one at least as low where they are normal.
    """

    w: float
    p: float


def shapiro(values: ArrayLike) -> Normality:
    """The Shapiro-Wilk test; NaN where there are fewer than three values or all are equal.

    >>> shapiro([1, 1, 1]).w
    nan
    """
    array = np.asarray(values, np.float64).ravel()
    if array.size < 3 or np.ptp(array) == 0:
        return Normality(math.nan, math.nan)
    result = stats.shapiro(array)
    return Normality(float(result.statistic), float(result.pvalue))
