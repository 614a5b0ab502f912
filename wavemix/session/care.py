"""What is done to a track before it is mixed: brought to the time of others, and lowered or freed of hum in places."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wavemix.documents.values import shown
from wavemix.dsp.levels import check_gain_db

KINDS = ("breath", "bump", "bleed", "hum")
FARTHEST_SAMPLES = 1_000_000
HUM_HZ = (45.0, 65.0)
ALIGN_KEYS = {"lag_samples", "polarity"}
PLACE_KEYS = {"start", "end", "kind", "db", "hz"}


@dataclass(frozen=True)
class Alignment:
    """Where a track lies against the one that it is brought to.

    Attributes:
        lag_samples: How late it is, at its file's rate; it is moved earlier by as much, later if that is below 0. Of a
            part of a sample it is interpolated.
        polarity: 1, or -1 where it is upside down and is turned over.

    Raises:
        ValueError: If there can be no such lag or polarity.
    """

    lag_samples: float = 0
    polarity: int = 1

    def __post_init__(self) -> None:
        if not abs(self.lag_samples) <= FARTHEST_SAMPLES:
            raise ValueError(f"a lag is at most {FARTHEST_SAMPLES:,} samples, got {self.lag_samples}")
        if self.polarity not in (1, -1):
            raise ValueError(f"a polarity is 1 or -1, got {self.polarity}")

    @property
    def moves(self) -> bool:
        """Whether it changes anything."""
        return self != Alignment()


@dataclass(frozen=True)
class Place:
    """A stretch of a track in which something is lowered.

    Attributes:
        start_seconds: Where it begins, from the start of the track's file.
        end_seconds: Where it ends.
        kind: `breath`, `bump` or `bleed`, where the track is lowered, or `hum`, where that alone is.
        gain_db: By how much, below 0.
        hz: The hum's fundamental; 0 of other kinds.

    Raises:
        ValueError: As `check_gain_db`, or if there can be no such place.
    """

    start_seconds: float
    end_seconds: float
    kind: str
    gain_db: float
    hz: float = 0.0

    def __post_init__(self) -> None:
        check_gain_db(self.gain_db)
        if not 0 <= self.start_seconds < self.end_seconds < math.inf:
            raise ValueError(f"a place begins before it ends, got {self.start_seconds} to {self.end_seconds} s")
        if self.kind not in KINDS:
            raise ValueError(f"there is no kind `{self.kind}` of place; choose from {', '.join(KINDS)}")
        if self.gain_db > 0:
            raise ValueError(f"a place is lowered, by a db of 0 or less, got {self.gain_db:g}")
        if self.kind == "hum" and not HUM_HZ[0] <= self.hz <= HUM_HZ[1]:
            raise ValueError(f"hum has an hz of {HUM_HZ[0]:g} to {HUM_HZ[1]:g}, got {self.hz:g}")


def alignment_row(alignment: Alignment) -> dict[str, float] | bool:
    """An alignment as `session.yaml` has it; false if it changes nothing."""
    if not alignment.moves:
        return False
    lag = alignment.lag_samples
    return {"lag_samples": int(lag) if lag == int(lag) else lag, "polarity": alignment.polarity}


def place_row(place: Place) -> dict[str, object]:
    """A place as `session.yaml` and the report have it."""
    row: dict[str, object] = {
        "start": round(place.start_seconds, 3),
        "end": round(place.end_seconds, 3),
        "kind": place.kind,
        "db": round(place.gain_db, 1),
    }
    return row | {"hz": round(place.hz, 3)} if place.kind == "hum" else row


def read_alignment(value: object) -> Alignment | None:
    """What `align` of a track says; None if nothing does.

    Raises:
        ValueError: If it is no alignment.
    """
    if value is None:
        return None
    if value is False:
        return Alignment()
    row = _row(value, ALIGN_KEYS, "`align` is false, or")
    polarity = row.get("polarity", 1)
    if isinstance(polarity, bool) or not isinstance(polarity, int):
        raise ValueError(f"`polarity` of `align` is 1 or -1, got {shown(polarity)}")
    return Alignment(_number(row, "lag_samples", "`align`"), polarity)


def read_places(value: object) -> tuple[Place, ...] | None:
    """What `clean` of a track says; None if nothing does, and no places if it is false.

    Raises:
        ValueError: If it is no list of places.
    """
    if value is None:
        return None
    if value is False:
        return ()
    if not isinstance(value, list):
        raise ValueError(f"`clean` is false or a list of places, got {shown(value)}")
    return tuple(_place(_row(item, PLACE_KEYS, "a place of `clean`")) for item in value)


def _place(row: Mapping[str, Any]) -> Place:
    kind = row.get("kind")
    if not isinstance(kind, str):
        raise ValueError(f"a place of `clean` needs a kind: {', '.join(KINDS)}")
    return Place(_number(row, "start"), _number(row, "end"), kind, _number(row, "db"), _number(row, "hz"))


def _row(value: object, keys: set[str], what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict) or (strange := [key for key in value if key not in keys]):
        got = shown(value if not isinstance(value, dict) else strange[0])
        raise ValueError(f"{what} has the keys {', '.join(sorted(keys))}, got {got}")
    return value


def _number(row: Mapping[str, Any], key: str, what: str = "a place") -> float:
    value = row.get(key, 0.0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"`{key}` of {what} is a number, got {shown(value)}")
    return float(value)
