"""Linear correlation."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


@dataclass(frozen=True)
class Correlation:
    """How two quantities go together.

    Attributes:
        r: Pearson's correlation coefficient, -1 to 1.
        p: Probability of one at least as far from 0 where they are independent, by the t distribution with
            count - 2 degrees of freedom.
        count: Number of pairs of values.
    """

    r: float
    p: float
    count: int


def pearson(first: ArrayLike, second: ArrayLike) -> Correlation:
    """Pearson's correlation; NaN where there are fewer than three pairs or one quantity is constant.

    Raises:
        ValueError: If the two differ in length.

    >>> correlation = pearson([1, 2, 3, 4], [1, 3, 2, 4])
    >>> round(correlation.r, 3), round(correlation.p, 3)
    (0.8, 0.2)
    """
    x, y = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(f"a correlation needs two lists of one length, not {x.shape} and {y.shape}")
    if x.size < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Correlation(math.nan, math.nan, x.size)
    result = stats.pearsonr(x, y)
    return Correlation(float(result.statistic), float(result.pvalue), x.size)
