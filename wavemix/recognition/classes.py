"""What a track may be by its sound: a group, and a role in it that can be heard."""

from wavemix.session.groups import GROUPS

NOT_HEARD = frozenset((("bass", "amp"), ("vocals", "double"), ("other", "misc")))
"""Roles that a name can tell and a sound cannot: an amplifier from a direct line, a second take from a first."""

CLASSES: tuple[tuple[str, str], ...] = tuple(
    (group.name, role) for group in GROUPS.values() for role in group.roles if (group.name, role) not in NOT_HEARD
)
"""Group and role, in the order of the network's outputs."""

GROUP_OF = tuple(list(GROUPS).index(group) for group, _ in CLASSES)
"""For each class the place of its group."""
