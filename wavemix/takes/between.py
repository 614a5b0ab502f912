"""What is to be lowered between the phrases of a voice, or between the strokes of a tom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from wavemix.session.care import Place
from wavemix.takes.frames import FRAME_SECONDS, Frames
from wavemix.takes.phrases import LevelCounts, Mask, Shape, closed_runs, loudness_of_phrases, phrases

VOICE, TOM, OTHER = "voice", "tom", "other"
"""How phrases are found: of a voice, of a tom, or of an instrument of which only hum is looked for."""

BREATH_DB = (-12.0, -6.0)
FLOOR_DB = (-24.0, -10.0)
"""Most and least that bumps and bleed are lowered on their way to the floor; bleed that needs less is left."""

FLOOR_BELOW_DB = 60.0
"""How far below the phrases the floor is. What a track has of its own is left where it is lower, or hardly higher."""

BREATH_BELOW_DB = 45.0
"""Breaths are lowered towards so much below the phrases."""

SHORTEST_GAP_SECONDS = 0.12
SHORTEST_BLEED_SECONDS = 0.5
LEAST_BLEED_DB = 8.0
BUMP_OVER_DB = 6.0
"""No voice is so much stronger below 150 Hz than above."""

LONGEST_BUMP_SECONDS = 0.6
BUMP_RISE_DB = 15.0
"""A bump begins at once: the bass rises by so much within 0.1 s. What a low voice leaves at its end does not."""

STROKE = Shape(bridged=0.05, shortest=0.01, lead=0.02, tail=1.2, margin=0.02)


@dataclass(frozen=True)
class Measured:
    """A track's own levels, in dBFS.

    Attributes:
        loud: How loud its phrases are, from 150 Hz on.
        floor: How loud it is between them, from 150 Hz on.
        bass_loud: How loud its loudest moments are below 150 Hz.
        bass_floor: How loud it is between the phrases below 150 Hz.
    """

    loud: float
    floor: float
    bass_loud: float
    bass_floor: float


class Levels:
    """Measures a track, frame by frame."""

    def __init__(self) -> None:
        self._body, self._bass = LevelCounts(), LevelCounts()

    def update(self, frames: Frames) -> None:
        """Take more frames."""
        self._body.update(frames.body)
        self._bass.update(frames.bass)

    def measured(self) -> Measured:
        """What was measured."""
        return Measured(
            loudness_of_phrases(self._body),
            self._body.quantile(0.1),
            self._bass.quantile(0.999),
            self._bass.quantile(0.1),
        )


def phrase_finder(kind: str, own: Measured) -> Callable[[Frames], Mask]:
    """What finds the phrases of a track among its frames.

    Args:
        kind: `VOICE`, `TOM` or `OTHER`.
        own: The track's levels.
    """
    if kind == TOM:
        return lambda frames: phrases(
            frames.bass > own.bass_loud - 14, frames.bass > max(own.bass_loud - 40, own.bass_floor + 6), STROKE
        )
    if kind == OTHER:
        return lambda frames: phrases(frames.body > own.loud - 35, frames.body > own.loud - 50, Shape())
    return lambda frames: phrases(
        ((frames.body > own.loud - 10) | ((frames.body > own.loud - 32) & (frames.pitch > 0.6)))
        & (frames.body > frames.bass - BUMP_OVER_DB),
        frames.body > max(own.loud - 50, own.floor + 6),
        Shape(),
    )


def places_in(kind: str, first: int, frames: Frames, own: Measured) -> Iterator[Place]:
    """What is to be lowered in a piece between two phrases.

    Args:
        kind: `VOICE` or `TOM`.
        first: The number of its first frame.
        frames: Its frames.
        own: The track's levels.
    """
    if len(frames) * FRAME_SECONDS < SHORTEST_GAP_SECONDS:
        return
    found = _rest_of_tom(frames, own) if kind == TOM else _rest_of_voice(frames, own)
    yield from (_later(place, first) for place in found)


def _rest_of_tom(frames: Frames, own: Measured) -> Iterator[Place]:
    """All of it, if other drums are heard there."""
    above = float(np.percentile(frames.body, 95)) - (own.bass_loud - FLOOR_BELOW_DB)
    if above > -FLOOR_DB[1]:
        yield _place(0, len(frames), "bleed", max(FLOOR_DB[0], -above))


def _rest_of_voice(frames: Frames, own: Measured) -> Iterator[Place]:
    """Bumps and breaths, and what is heard else."""
    floor = own.loud - FLOOR_BELOW_DB
    left = frames.body > floor + LEAST_BLEED_DB
    for place in _events(frames, own, floor):
        left[round(place.start_seconds / FRAME_SECONDS) : round(place.end_seconds / FRAME_SECONDS)] = False
        yield place
    for low, high in closed_runs(left, 0.1):
        if (high - low) * FRAME_SECONDS >= SHORTEST_BLEED_SECONDS:
            level = float(np.percentile(frames.body[low:high], 60))
            yield _place(low, high, "bleed", _towards(floor, level))


def _events(frames: Frames, own: Measured, floor: float) -> Iterator[Place]:
    """Bumps and breaths, timed from the first frame."""
    bass_floor = min(float(np.percentile(frames.bass, 20)), own.loud - 40)
    bump = (frames.bass > max(bass_floor + 10, own.loud - 42)) & (frames.bass > frames.body + 3)
    taken = np.zeros(len(frames), bool)
    for low, high in closed_runs(bump, 0.04):
        before = float(frames.bass[max(0, low - 4) : low + 1].min())
        rise = float(frames.bass[low : low + 6].max()) - before
        if 0.03 <= (high - low) * FRAME_SECONDS <= LONGEST_BUMP_SECONDS and rise > BUMP_RISE_DB:
            low, high = max(0, low - 2), min(len(frames), high + 3)
            taken[low:high] = True
            yield _place(low, high, "bump", _towards(floor, float(frames.bass[low:high].max())))
    air_floor = min(float(np.percentile(frames.air, 20)), own.loud - 48)
    airy = (frames.air > max(air_floor + 8, own.loud - 52)) & (frames.pitch < 0.6) & ~taken
    for low, high in closed_runs(airy, 0.05):
        if 0.08 <= (high - low) * FRAME_SECONDS <= 1.3:
            low, high = max(0, low - 2), min(len(frames), high + 2)
            level = float(np.percentile(frames.body[low:high], 80))
            yield _place(low, high, "breath", min(BREATH_DB[1], max(BREATH_DB[0], own.loud - BREATH_BELOW_DB - level)))


def _towards(floor: float, level: float) -> float:
    """The gain in dB that brings a level to the floor, or as near as is allowed."""
    return min(FLOOR_DB[1], max(FLOOR_DB[0], floor - level))


def _place(low: int, high: int, kind: str, gain_db: float) -> Place:
    return Place(round(low * FRAME_SECONDS, 3), round(high * FRAME_SECONDS, 3), kind, round(gain_db, 1))


def _later(place: Place, frames: int) -> Place:
    """A place so many frames later."""
    seconds = frames * FRAME_SECONDS
    return replace(
        place,
        start_seconds=round(place.start_seconds + seconds, 3),
        end_seconds=round(place.end_seconds + seconds, 3),
    )
