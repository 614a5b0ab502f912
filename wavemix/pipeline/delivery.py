"""What the files that leave the pipeline are like, and the gain that brings them there."""

import math
from dataclasses import dataclass
from typing import Literal

from wavemix.audio.writing import Bits, Format, check_rate
from wavemix.dsp.levels import db_to_gain
from wavemix.dsp.loudness_targets import lufs_of

INTEGER_CEILING_DBTP = -0.001
"""Highest true peak that no integer format clips, its dither and rounding included."""

LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 384_000
LOWEST_LUFS = -70.0


@dataclass(frozen=True)
class Delivery:
    """The form of the output files.

    Attributes:
        format: `wav` or `flac`.
        bits: `16` (with dither), `24` or `32f` (floating point, WAV only).
        rate: Sample rate in Hz; `model` for the models' own, `source` for the one that most tracks have.
        loudness_lufs: Integrated loudness to bring the mix to: LUFS, or the name of a target such as `spotify`
            (`wavemix.dsp.loudness_targets`); None leaves its level.
        ceiling_dbtp: True peak that the mix must not pass; None asks only that nothing clips.
        stems: Whether to write the stems too.
        name_stems: `group` for `mix` and `drums`, `song` for `SONG_mix` and `SONG_drums`.

    Raises:
        ValueError: If a value is out of its range.
    """

    format: Format = "wav"
    bits: Bits = "24"
    rate: Literal["model", "source"] | int = "model"
    loudness_lufs: float | str | None = None
    ceiling_dbtp: float | None = None
    stems: bool = True
    name_stems: Literal["group", "song"] = "group"

    def __post_init__(self) -> None:
        if self.format == "flac" and self.bits == "32f":
            raise ValueError("FLAC has no floating-point samples; choose 24 bits, or WAV")
        if isinstance(self.rate, int) and not LOWEST_RATE_HZ <= self.rate <= HIGHEST_RATE_HZ:
            raise ValueError(f"rate must be {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz, got {self.rate}")
        if isinstance(self.rate, int):
            check_rate(self.format, self.rate)
        if self.target_lufs is not None and not LOWEST_LUFS < self.target_lufs <= 0:
            raise ValueError(f"loudness must be above {LOWEST_LUFS:g} and at most 0 LUFS, got {self.target_lufs:g}")
        if self.name_stems not in ("group", "song"):
            raise ValueError(f"stems are named by `group` or by `song`, not by {self.name_stems!r}")
        if self.ceiling_dbtp is not None and not LOWEST_LUFS < self.ceiling_dbtp <= 0:
            raise ValueError(f"ceiling must be at most 0 dBTP (above it the mix would clip), got {self.ceiling_dbtp:g}")

    @property
    def target_lufs(self) -> float | None:
        """Integrated loudness to bring the mix to, in LUFS; None leaves its level."""
        return None if self.loudness_lufs is None else lufs_of(self.loudness_lufs)

    @property
    def clip_dbtp(self) -> float:
        """True peak above which the chosen sample format would clip."""
        return math.inf if self.bits == "32f" else INTEGER_CEILING_DBTP


@dataclass(frozen=True)
class Gain:
    """A linear gain and why it was chosen.

    Attributes:
        db: In dB.
        reason: In words; empty if the level is left as it is.
    """

    db: float = 0.0
    reason: str = ""

    @property
    def factor(self) -> float:
        """The gain as a factor."""
        return db_to_gain(self.db)


def mix_gain(delivery: Delivery, loudness_lufs: float, true_peak_dbtp: float) -> Gain:
    """The gain for a mix of this loudness and true peak: to the target, and no higher than the ceiling.

    Examples:
        >>> mix_gain(Delivery(loudness_lufs=-14.0), -20.0, -10.0)
        Gain(db=6.0, reason='to -14 LUFS')
        >>> mix_gain(Delivery(loudness_lufs="ebu"), -20.0, -10.0).reason
        'to -23 LUFS (ebu)'
        >>> mix_gain(Delivery(loudness_lufs=-14.0, ceiling_dbtp=-1.0), -20.0, -5.0).reason
        'to -14 LUFS, but 2.0 dB less to stay under -1 dBTP'
    """
    gain = Gain()
    target_lufs = delivery.target_lufs
    if target_lufs is not None and math.isfinite(loudness_lufs):
        named = f" ({delivery.loudness_lufs})" if isinstance(delivery.loudness_lufs, str) else ""
        gain = Gain(target_lufs - loudness_lufs, f"to {target_lufs:g} LUFS{named}")
    ceiling = min(delivery.clip_dbtp, math.inf if delivery.ceiling_dbtp is None else delivery.ceiling_dbtp)
    surplus_db = true_peak_dbtp + gain.db - ceiling
    if surplus_db <= 0:
        return gain
    limit = f"to stay under {ceiling:g} dBTP"
    reason = f"{gain.reason}, but {surplus_db:.1f} dB less {limit}" if gain.reason else limit
    return Gain(gain.db - surplus_db, reason)


def stems_gain(delivery: Delivery, true_peaks_dbtp: list[float]) -> Gain:
    """One gain for all stems, so that they still add up: only what it takes for none to clip."""
    surplus_db = max(true_peaks_dbtp) - delivery.clip_dbtp
    if surplus_db <= 0:
        return Gain()
    return Gain(-surplus_db, f"all stems alike, to stay under {delivery.clip_dbtp:g} dBTP")
