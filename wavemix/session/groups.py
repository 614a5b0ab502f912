"""Table 1 of the paper as data: the four groups of tracks and the slots that each stem model reads.

A slot is one mono input of a model. Its home role says what it carries wherever a song has such a track, so
that a slot means the same in training and in use. `wavemix.session.slots` does the assigning.

Source: Koszewski et al. 2023, Table 1 (number of mono inputs for each model); the order of roles is ours.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """The tracks that one stem model mixes.

    Attributes:
        name: `drums`, `bass`, `vocals` or `other`.
        slots: Home role of each slot, in slot order. A role may have several slots.
        default_role: Role of a track of this group of which nothing more is known.
    """

    name: str
    slots: tuple[str, ...]
    default_role: str

    @property
    def roles(self) -> tuple[str, ...]:
        """The distinct roles, in slot order."""
        return tuple(dict.fromkeys(self.slots))


DRUMS = Group(
    "drums",
    ("kick", "snare", "hihat", "toms", "cymbals", "overhead", "overhead", "room", "percussion", "kit"),
    default_role="kit",
)
BASS = Group("bass", ("bass", "amp", "synth", "sub"), default_role="bass")
VOCALS = Group("vocals", ("lead", "double", "backing", "backing"), default_role="lead")
OTHER = Group(
    "other",
    ("electric-guitar", "acoustic-guitar", "keys", "synth", "strings", "winds", "effects", "misc"),
    default_role="misc",
)

MIX = "mix"
"""The model that mixes the four stems; the others have the names of their groups."""

STEREO = 2
"""Channels of a stem and of the mix."""

GROUPS: dict[str, Group] = {group.name: group for group in (DRUMS, BASS, VOCALS, OTHER)}
