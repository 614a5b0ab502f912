"""What tracks are by their sound, where names do not tell; and where names tell otherwise.

Whoever listens is given: this package knows names, and neither networks nor their weights.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from wavemix.audio.files import AudioInfo
from wavemix.session.groups import OTHER
from wavemix.session.roles import Placement

Identify = Literal["names", "sound", "both"]
"""What tells a track's group and role: its name; its sound; or its name where that tells, and else its sound."""

LEAST_CONFIDENCE = 0.5
"""A group that is less likely than this is not believed."""

CONTRADICTS = 0.95
"""A sound that is so surely of another group than the name's is told, and the name is believed."""


@dataclass(frozen=True)
class Heard:
    """What a sound seems to be.

    Attributes:
        group: The most likely group.
        role: The most likely role in it.
        confidence: Probability of the group, 0 to 1.
        role_confidence: Probability of the role, if the group is right.
    """

    group: str
    role: str
    confidence: float
    role_confidence: float

    @property
    def words(self) -> str:
        """The finding in words: `drums/kick (98 %)`."""
        return f"{self.group}/{self.role} ({self.confidence:.0%})".replace("%", " %")


Listen = Callable[[AudioInfo, int | None], Heard | None]
"""Hears a file, or one channel of it, from 1; None where it is too short or too quiet to tell."""


@dataclass(frozen=True)
class Ear:
    """Who listens to a session's tracks, and to which of them.

    Attributes:
        identify: `sound` for all that counts, `both` for what names do not tell.
        listen: Whoever listens.
    """

    identify: Identify
    listen: Listen


def by_sound(
    placements: Sequence[Placement], sounds: Sequence[tuple[AudioInfo | None, int | None]], ear: Ear | None
) -> list[Placement]:
    """Place tracks by their sound where their names do not tell, or where names do not count.

    Args:
        placements: Where their names place them.
        sounds: Each one's file, None where it cannot be read, and the channel that it is, from 1; None for all of them.
        ear: Who listens; None where only names count.
    """
    if ear is None or ear.identify == "names":
        return list(placements)
    return [
        _placed(placement, ear.listen(info, channel) if info else None, ear.identify)
        for placement, (info, channel) in zip(placements, sounds, strict=True)
    ]


def _placed(named: Placement, heard: Heard | None, identify: Identify) -> Placement:
    if identify == "both" and named.recognised:
        if heard is None or heard.group == named.group or heard.confidence < CONTRADICTS:
            return named
        return replace(named, reason=f"{named.reason}; sounds like {heard.words}, but the name counts")
    told = named.reason.removesuffix(": goes to other") if identify == "both" else "by its sound alone"
    if heard is None:
        reason = f"{told}; too short or quiet to be told by its sound: goes to other"
        return Placement(OTHER.name, OTHER.default_role, reason, recognised=False)
    if heard.confidence < LEAST_CONFIDENCE:
        reason = f"{told}; might be {heard.words} by its sound, too unsure: goes to other"
        return Placement(OTHER.name, OTHER.default_role, reason, recognised=False)
    return Placement(
        heard.group,
        heard.role,
        f"{told}; sounds like {heard.words}",
        recognised=True,
        confidence=round(heard.confidence, 3),
    )
