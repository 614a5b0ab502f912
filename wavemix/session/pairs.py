"""Stereo tracks that a program wrote as two mono files: `Piano.L.wav` and `Piano.R.wav`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from wavemix.session.found import Found
from wavemix.session.roles import names_instrument

_APART = re.compile(r"^(?P<base>.*[^\W_])[\W_]+(?P<side>l|r|left|right)[)\]}]?$", re.IGNORECASE)
_CAMEL_CASE = re.compile(r"^(?P<base>.*[a-z\d])(?P<side>L|R|Left|Right)$")
_RUN_TOGETHER = re.compile(r"^(?P<base>.+)(?P<side>l|r)$", re.IGNORECASE)
"""`OHL`: only what is left names an instrument."""


@dataclass(frozen=True)
class Pair:
    """The two sides of one stereo track."""

    left: Found
    right: Found

    @property
    def name(self) -> PurePath:
        """The path by which the track is placed."""
        base, _ = _side_of(self.left.name)
        return base


@dataclass(frozen=True)
class Mismatch:
    """Two files that are called like the sides of a stereo track, and why they are not."""

    left: Found
    right: Found
    reason: str


def find_pairs(files: Sequence[Found]) -> tuple[list[Pair], list[Mismatch]]:
    """The files that are the sides of stereo tracks, in the order of their left sides.

    They are called alike but for `L` and `R`, lie in one folder, are mono, and begin and end together.
    """
    by_name: dict[tuple[PurePath, str], list[Found]] = {}
    for found in files:
        base, side = _side_of(found.name)
        if side and found.info is not None:
            key = base.with_name(base.name.casefold()), side
            by_name.setdefault(key, []).append(found)
    pairs, mismatches = [], []
    for (base, side), lefts in by_name.items():
        rights = by_name.get((base, "r"), [])
        if side != "l" or len(lefts) != 1 or len(rights) != 1:
            continue
        reason = _why_apart(lefts[0], rights[0])
        if reason:
            mismatches.append(Mismatch(lefts[0], rights[0], reason))
        elif {channels(lefts[0]), channels(rights[0])} == {1}:
            pairs.append(Pair(lefts[0], rights[0]))
    return pairs, mismatches


def channels(found: Found) -> int:
    """Number of channels; 0 where the header cannot be read."""
    return found.info.channels if found.info else 0


def _why_apart(left: Found, right: Found) -> str:
    """Why two mono files are no stereo track; empty if they may be one, or are not both mono."""
    assert left.info is not None and right.info is not None  # else they have no key
    if {left.info.channels, right.info.channels} != {1}:
        return ""
    if left.info.rate != right.info.rate:
        return f"their sample rates differ ({left.info.rate} and {right.info.rate} Hz)"
    if left.info.frames != right.info.frames:
        return f"their lengths differ ({left.info.frames:,} and {right.info.frames:,} samples)"
    if left.label.start_samples != right.label.start_samples:
        return "their recordings did not begin together"
    return ""


def _side_of(file: PurePath) -> tuple[PurePath, str]:
    """A file's path without its side, and the side: `l`, `r`, or nothing if it names none."""
    found = _APART.match(file.stem) or _CAMEL_CASE.match(file.stem)
    if found is None:
        found = _RUN_TOGETHER.match(file.stem)
        if found is None or not names_instrument(found["base"]):
            return file, ""
    return file.with_name(found["base"] + file.suffix), found["side"][0].casefold()
