"""What a person wants of a mix: how loud each group, and how much of what the networks do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wavemix.dsp.levels import check_gain_db, db_to_gain
from wavemix.session.groups import GROUPS

ALL = 100.0
"""The whole of the networks' work."""


@dataclass(frozen=True)
class Balance:
    """The word of the user, which the networks do not have back.

    Attributes:
        gains_db: For groups, what their stems are raised by on their way into the mix.
        amount: From the plain sum of the balanced tracks, 0, in a straight line to what the networks make of them, 100.

    Raises:
        ValueError: If there is no such group, or a value is out of its range.

    >>> Balance({"vocals": 6.0}).factor("vocals")
    1.9952623149688795
    """

    gains_db: Mapping[str, float] = field(default_factory=dict)
    amount: float = ALL

    def __post_init__(self) -> None:
        for group, gain_db in self.gains_db.items():
            if group not in GROUPS:
                raise ValueError(f"there is no group {group!r}; choose from {', '.join(GROUPS)}")
            check_gain_db(gain_db)
        if not 0 <= self.amount <= ALL:
            raise ValueError(f"amount must be 0 to {ALL:g}, got {self.amount:g}")

    def factor(self, group: str) -> float:
        """The gain of a group's stem."""
        return db_to_gain(self.gains_db.get(group, 0.0))

    @property
    def processed(self) -> float:
        """The share of what the networks make, 0 to 1."""
        return self.amount / ALL

    @property
    def plain(self) -> float:
        """The share of the plain sum, 0 to 1."""
        return 1 - self.processed
