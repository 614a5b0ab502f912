"""At which lag a track lies against another, and which way up, or that nothing says so clearly.

A peak is believed if nothing rivals it and if the sections of the song, each for itself, would choose it too.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wavemix.takes.evidence import Evidence

Curve = NDArray[np.float64]
"""`(lags,)`, lag 0 in the middle."""

FINE_SECONDS = 0.001
SOLE_HEIGHT = 0.05
SOLE_RIVAL = 0.5
"""A peak of what a track alone has heard is believed without arrivals if no other has this part of its height."""

SURE_ARRIVALS = 0.3
"""Drums of other songs, played on the same beat, meet less than that."""

SECTION_RIVAL = 0.5
"""A section would choose a peak too if it has this part of the height of its highest."""

WAVE_RIVAL = 0.9
"""What is upside down, or further away than a millisecond, must have less than this part of a waveform's peak."""

VOTES = 2 / 3
"""The part of the sections in which a track sounds that must agree."""

_SLACK = 2  # samples between the peaks of sections that agree


@dataclass(frozen=True)
class Peak:
    """Where a track lies.

    Attributes:
        lag: In samples, above 0 if it is late.
        polarity: 1, or -1 if it is upside down.
        sole: Whether it is the one peak of what the track alone has heard, which needs no other proof.
        heard: Whether it is a peak of that.
    """

    lag: int
    polarity: int
    sole: bool
    heard: bool


def find_peak(evidence: Evidence, rate: int) -> Peak | None:
    """Where a track lies; None where that is not clear."""
    fine, zero = round(FINE_SECONDS * rate), evidence.waves.shape[-1] // 2
    height = np.abs(evidence.own[0])
    sole = int(np.argmax(height))
    rest = np.concatenate([height[: max(0, sole - fine // 2)], height[sole + fine // 2 + 1 :]])
    if height[sole] >= SOLE_HEIGHT and rest.max(initial=0.0) <= SOLE_RIVAL * height[sole]:
        polarity = _sign(evidence.own[0, sole])
        agree = [_is_highest(polarity * section, np.abs(section), sole, SOLE_RIVAL) for section in evidence.own[1:]]
        if _elected(agree, evidence):
            return Peak(sole - zero, polarity, sole=True, heard=True)
    near = _near_arrivals(evidence, fine)
    if near is None:
        return None
    place, polarity = near
    if height[sole] < SOLE_HEIGHT:
        return Peak(place - zero, polarity, sole=False, heard=False)
    # It is heard, if not at one lag alone; then it must be heard here.
    here = slice(max(0, place - fine // 2), place + fine // 2 + 1)
    heard = polarity * evidence.own[0, here]
    if heard.max() < SOLE_RIVAL * height[sole]:
        return None
    return Peak(here.start + int(np.argmax(heard)) - zero, polarity, sole=False, heard=True)


def has_met(evidence: Evidence) -> bool:
    """Whether sounds arrive in both tracks so often at one lag that they must have heard the same source."""
    return evidence.arrival is not None and bool(evidence.arrivals[0, evidence.arrival] >= SURE_ARRIVALS)


def _near_arrivals(evidence: Evidence, fine: int) -> tuple[int, int] | None:
    """Where the waveforms agree best within two milliseconds of where sounds arrive."""
    arrival, arrivals = evidence.arrival, evidence.arrivals
    if arrival is None:
        return None
    met = [section[arrival] >= SECTION_RIVAL * section.max() for section in arrivals[1:]]
    away = np.abs(np.arange(len(arrivals[0])) - arrival)
    near = evidence.shared * np.maximum(0.0, 1 - away / (2 * fine))
    peak = int(np.argmax(np.abs(near[0])))
    polarity, height = _sign(near[0, peak]), abs(near[0, peak])
    turned = np.max(-polarity * near[0])
    apart_of_it = np.abs(np.arange(len(away)) - peak) > fine
    rival = max(turned, np.max(polarity * near[0, apart_of_it], initial=0.0))
    if rival > WAVE_RIVAL * height:
        return None
    agree = [
        heard and _is_highest(polarity * section, np.abs(section), peak, SECTION_RIVAL)
        for heard, section in zip(met, near[1:], strict=True)
    ]
    return (peak, polarity) if _elected(agree, evidence) else None


def _is_highest(turned: Curve, height: Curve, peak: int, part: float) -> bool:
    """Whether a curve, by itself, has that peak, or one at least `part` as high as its highest."""
    here = float(turned[max(0, peak - _SLACK) : peak + _SLACK + 1].max())
    return here > 0 and here >= part * float(height.max())


def _elected(agree: list[bool], evidence: Evidence) -> bool:
    votes = [vote for vote, sounds in zip(agree, evidence.sounding, strict=True) if sounds]
    return sum(votes) >= max(1, math.ceil(VOTES * len(votes)))


def _sign(value: float) -> int:
    return -1 if value < 0 else 1
