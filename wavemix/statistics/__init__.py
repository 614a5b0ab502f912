"""Statistics of mixes: their frames compared, and their ratings by listeners. NumPy and SciPy only."""

from wavemix.statistics.autocorrelated import compare_means_of_series
from wavemix.statistics.between import Comparison, Pair, compare_means
from wavemix.statistics.correlation import Correlation, pearson
from wavemix.statistics.letters import compact_letters
from wavemix.statistics.normality import Normality, shapiro
from wavemix.statistics.repeated import RepeatedMeasures, partial_eta_squared, repeated_measures, sidak_pairs

__all__ = [
    "Comparison",
    "Correlation",
    "Normality",
    "Pair",
    "RepeatedMeasures",
    "compact_letters",
    "compare_means",
    "compare_means_of_series",
    "partial_eta_squared",
    "pearson",
    "repeated_measures",
    "shapiro",
    "sidak_pairs",
]
