import math

import numpy as np
import pytest
from scipy import stats

from wavemix.statistics import pearson, shapiro

# The paper's Table 5: 20 listeners' years of experience against their ratings of four mixes.
TABLE_5 = [(-0.31, 0.184), (-0.52, 0.019), (0.38, 0.098), (0.69, 0.0008)]


def correlated(r: float, count: int = 20) -> tuple[np.ndarray, np.ndarray]:
    """Two lists that correlate by exactly r."""
    x, y = np.random.default_rng(0).standard_normal((2, count))
    x = (x - x.mean()) / x.std()
    y -= y.mean() + (x @ y) / count * x
    return x, r * x + math.sqrt(1 - r**2) * y / y.std()


@pytest.mark.parametrize(("r", "p"), TABLE_5)
def test_p_is_that_of_the_papers_table_5(r, p):
    correlation = pearson(*correlated(r))
    assert correlation.r == pytest.approx(r)
    assert correlation.count == 20
    # The paper rounds r to two digits, but has p from all of them.
    nearer, further = (pearson(*correlated(abs(r) + step)).p for step in (-0.005, 0.005))
    assert further <= p <= nearer


@pytest.mark.parametrize("values", [([1, 2], [2, 1]), ([1, 1, 1], [1, 2, 3]), ([1, 2, 3], [2, 2, 2]), ([], [])])
def test_a_correlation_that_does_not_exist_is_nan(values):
    correlation = pearson(*values)
    assert math.isnan(correlation.r) and math.isnan(correlation.p)


def test_lists_of_two_lengths_do_not_correlate():
    with pytest.raises(ValueError, match="one length"):
        pearson([1, 2, 3], [1, 2])


# Shapiro and Wilk 1965, section 4, example: weights of eleven men; W = 0.79, p about 0.01.
WEIGHTS_LB = [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236]


def test_normality_is_that_of_shapiro_and_wilks_own_example():
    normality = shapiro(WEIGHTS_LB)
    assert normality.w == pytest.approx(0.79, abs=0.005)
    assert normality.p == pytest.approx(0.01, abs=0.005)
    assert (normality.w, normality.p) == pytest.approx(tuple(stats.shapiro(WEIGHTS_LB)))


@pytest.mark.parametrize("values", [[], [1, 2], [3, 3, 3, 3]])
def test_normality_of_nothing_is_nan(values):
    assert math.isnan(shapiro(values).w)
