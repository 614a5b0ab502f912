"""The measures of a mix against its reference by name: for columns of tables, keys of files and the text of cards."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Measure:
    """One number that a mix has.

    Attributes:
        name: As the files of results have it.
        label: What people read, in a few letters.
        unit: Such as `dB`; empty for plain numbers.
        decimals: How many of them people read.
        full_label: The label in words; empty where it has no abbreviations.
    """

    name: str
    label: str
    unit: str
    decimals: int = 3
    full_label: str = ""

    @property
    def title(self) -> str:
        """Label and unit, as over a column."""
        return self._with_unit(self.label)

    @property
    def full_title(self) -> str:
        """The label in words, and the unit."""
        return self._with_unit(self.full_label or self.label)

    def text(self, value: float | None) -> str:
        """A value as people read it, without its unit; empty if there is none."""
        return "" if value is None else f"{value:.{self.decimals}f}"

    def _with_unit(self, label: str) -> str:
        return f"{label}, {self.unit}" if self.unit else label


PRODUCTION = (
    Measure("log_spectral_db", "log-spectral", "dB", 2),
    Measure("ltas_mid_db", "LTAS mid", "dB", 2, "long-time spectrum of mid"),
    Measure("ltas_side_db", "LTAS side", "dB", 2, "long-time spectrum of side"),
    Measure("crest_db", "crest", "dB", 2),
    Measure("width", "width", ""),
    Measure("imbalance", "imbalance", ""),
)
"""Fields of `ProductionDistances`, the one first that decides verdicts."""

AGAINST_REFERENCE = (
    Measure("si_sdr_db", "SI-SDR", "dB", 2),
    Measure("stft_left_right", "MR-STFT L/R", "", full_label="MR-STFT, left/right"),
    Measure("stft_mid_side", "MR-STFT M/S", "", full_label="MR-STFT, mid/side"),
    Measure("width_error", "width error", ""),
    Measure("imbalance_error", "imbalance error", ""),
    Measure("bark_mse", "Bark distance", ""),
)
"""Fields of `AgainstReference` that are distances."""

SIMILARITY = (
    Measure("rmse", "SSM RMSE", "", 2, "self-similarity, RMSE"),
    Measure("ssim", "SSM SSIM", "", full_label="self-similarity, SSIM"),
    Measure("vif", "SSM VIF", "", full_label="self-similarity, VIF"),
)
"""Fields of `Similarity`: how self-similarity matrices (SSM) compare."""

BENCHMARKED_PRODUCTION = tuple(replace(one, name=f"production_{one.name}") for one in PRODUCTION)
"""Production distances as a benchmark names them: what its summary shows first, and what verdicts are about."""

BENCHMARKED_WAVEFORMS = (
    *AGAINST_REFERENCE,
    Measure("treble_db", "above 10 kHz", "dB", 2, "energy above 10 kHz over the reference's (0 is best)"),
    Measure("loudness_error_lu", "loudness error", "LU", 2),
    *(replace(one, name=f"ssm_{one.name}") for one in SIMILARITY),
)
"""What a benchmark shows next; the self-similarity is the whole system's only."""

BENCHMARKED = (*BENCHMARKED_PRODUCTION, *BENCHMARKED_WAVEFORMS)
"""All that a benchmark measures."""
