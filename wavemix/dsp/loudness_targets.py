"""Loudness by name: what platforms, broadcasters and cinemas ask for, and what platforms do to other mixes.

Platforms change their rules without notice; each row says where its number was read, in 2026.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One place where mixes are heard.

    Attributes:
        lufs: Integrated loudness that it asks for or plays at, in LUFS.
        source: Where that was read.
        normalises: Whether it brings every song to that loudness itself, as streaming platforms do.
        raises_to_dbtp: True peak up to which it raises what is quieter; None where it only turns down, or is not known
            to do more.
    """

    lufs: float
    source: str
    normalises: bool = True
    raises_to_dbtp: float | None = None


_PRODUCTION_EXPERT = (
    "https://www.production-expert.com/production-expert-1/apple-choose-16lufs-loudness-level-for-apple-music-heres-why"
)

TARGETS: Mapping[str, Target] = {
    "spotify": Target(
        -14.0, "https://support.spotify.com/us/artists/article/loudness-normalization", raises_to_dbtp=-1.0
    ),
    "apple": Target(-16.0, _PRODUCTION_EXPERT, raises_to_dbtp=0.0),
    "youtube": Target(-14.0, "https://www.smoothtonemastering.com/streaming-specs"),
    "amazon": Target(-14.0, "https://www.smoothtonemastering.com/streaming-specs"),
    "tidal": Target(-14.0, "https://www.meterplugs.com/blog/2016/10/07/tidal-adds-loudness-normalization.html"),
    "deezer": Target(-15.0, _PRODUCTION_EXPERT),
    "aes": Target(-16.0, "AES TD1008, music by track", normalises=False),
    "ebu": Target(-23.0, "EBU R 128", normalises=False),
    "atsc": Target(-24.0, "ATSC A/85", normalises=False),
    "cinema": Target(
        -27.0,
        "usual dialogue loudness of theatrical mixes, which no cinema corrects: "
        "https://knuterikevensen.com/2022/01/08/loudness-levels-on-dcps",
        normalises=False,
    ),
}
"""The targets by name."""


def lufs_of(target: float | str) -> float:
    """A loudness in LUFS: a number, or that of a target by its name.

    Raises:
        ValueError: If there is no such target.

    >>> lufs_of("spotify"), lufs_of(-18.5)
    (-14.0, -18.5)
    """
    if not isinstance(target, str):
        return target
    if target not in TARGETS:
        raise ValueError(f"there is no loudness target {target!r}; give LUFS, or one of {', '.join(TARGETS)}")
    return TARGETS[target].lufs


def platform_gains(loudness_lufs: float, true_peak_dbtp: float) -> dict[str, float]:
    """The gain in dB that each platform applies to a mix of this loudness and true peak; none to silence.

    >>> gains = platform_gains(-20.0, -5.0)
    >>> gains["spotify"], gains["youtube"], platform_gains(-9.0, 0.0)["apple"]
    (4.0, 0.0, -7.0)
    """
    platforms = {name: target for name, target in TARGETS.items() if target.normalises}
    if not math.isfinite(loudness_lufs):
        return dict.fromkeys(platforms, 0.0)
    return {name: _gain(target, loudness_lufs, true_peak_dbtp) for name, target in platforms.items()}


def _gain(target: Target, loudness_lufs: float, true_peak_dbtp: float) -> float:
    missing = target.lufs - loudness_lufs
    if missing <= 0:
        return missing
    if target.raises_to_dbtp is None:
        return 0.0
    return max(0.0, min(missing, target.raises_to_dbtp - true_peak_dbtp))
