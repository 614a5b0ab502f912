"""What an explanation says: a channel strip for each track and each group, and how near they come."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from wavemix.documents.json_text import dump_json
from wavemix.dsp.levels import gain_to_db
from wavemix.explanation.balance_law import fader_and_pan

METHOD = (
    "For each group, the faders and pans of its tracks that come nearest to its stem, and for the mix those of the "
    "stems: linear least squares over the whole song, each side from its own side of the tracks, no gain below zero. "
    "It is fitted to what the networks wrote, not found by taking tracks away: that needs no run of a network for each "
    "track, and its parts add up. The SNR is measured on the samples: power of the stem or mix over that of what the "
    "faders miss."
)

HIGHEST_SNR_DB = 200.0
"""More than numbers of 32 bits can tell."""


class Strip:
    """A channel strip: gains to left and right, as a fader and a pan by `wavemix.explanation.balance_law`."""

    left: float
    right: float

    @property
    def fader_db(self) -> float:
        """The fader in dB; -inf where nothing is left."""
        return gain_to_db(fader_and_pan(self.left, self.right)[0])

    @property
    def pan(self) -> float:
        """From -1, left, to 1, right."""
        return fader_and_pan(self.left, self.right)[1]


@dataclass(frozen=True)
class TrackStrip(Strip):
    """What became of one track on its way into the stem of its group.

    Attributes:
        track: The track.
        group: Its group.
        left: Gain from the track as recorded to the left of the stem.
        right: Gain to the right; of a stereo track each from its own side.
        level_db: What brought the track to the level that the network expects, in dB; part of the fader.
        wish_db: What a person wanted it louder by, in dB; part of the fader.
        part_db: Power of its part in the stem over that of the stem, in dB; None where that is silent.
        equaliser_db: For each band the gain in dB on top of the fader; empty where that does not bring the stem nearer.
        heard: Whether it goes anywhere; a silent or muted track does not.
    """

    track: str
    group: str
    left: float
    right: float
    level_db: float = 0.0
    wish_db: float = 0.0
    part_db: float | None = None
    equaliser_db: Mapping[str, float] = field(default_factory=dict)
    heard: bool = True

    @property
    def network_db(self) -> float:
        """How much of the fader is the network's own work, in dB."""
        return self.fader_db - self.level_db - self.wish_db


@dataclass(frozen=True)
class BusStrip(Strip):
    """What became of one stem on its way into the mix.

    Attributes:
        group: The group.
        left: Gain from the left of the stem to that of the mix, before the mix was brought to its last level.
        right: Gain from right to right.
        snr_db: How near the tracks' faders come to the stem; None if it is silent.
        equaliser_snr_db: How near they come with the equalisers, whose bands are steep and have no phase.
    """

    group: str
    left: float
    right: float
    snr_db: float | None
    equaliser_snr_db: float | None


@dataclass(frozen=True)
class Explanation:
    """A mix as faders and pans.

    Attributes:
        song: The song's name.
        rate: Sample rate at which it was fitted, in Hz.
        tracks: A strip for each track, in the session's order.
        buses: A strip for each group.
        snr_from_stems_db: How near faders on the stems come to the mix; None if it is silent.
        snr_db: How near all faders come to the mix, from the tracks as recorded.
        master_db: The last gain of the mix, in dB: to its loudness, or down from where it would clip.
        stems_db: The common gain of the stems as they were written, in dB.
    """

    song: str
    rate: int
    tracks: Sequence[TrackStrip]
    buses: Sequence[BusStrip]
    snr_from_stems_db: float | None
    snr_db: float | None
    master_db: float = 0.0
    stems_db: float = 0.0

    def dump(self) -> str:
        """The explanation as JSON text."""
        body = asdict(self)
        strips: list[TrackStrip | BusStrip] = [*self.tracks, *self.buses]
        for strip, row in zip(strips, [*body["tracks"], *body["buses"]], strict=True):
            row["fader_db"] = _rounded(strip.fader_db)
            row["pan"] = round(strip.pan, 4)
            if isinstance(strip, TrackStrip):
                row["network_db"] = _rounded(strip.network_db)
        return dump_json({"method": METHOD, **body})


def snr_db(power: float, error: float) -> float | None:
    """A ratio of powers in dB, at most `HIGHEST_SNR_DB`; None for the error of silence.

    >>> snr_db(100.0, 1.0), snr_db(0.0, 0.0)
    (20.0, None)
    """
    if power <= 0:
        return None
    if error <= 0:
        return HIGHEST_SNR_DB
    return min(HIGHEST_SNR_DB, round(10 * math.log10(power / error), 2))


def _rounded(value: float) -> float | None:
    return round(value, 2) if math.isfinite(value) else None
