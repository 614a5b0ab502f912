"""The dataset layouts that `wavemix prepare` reads, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wavemix.data.layouts import cambridge, folder, medleydb, musdb18hq
from wavemix.data.layouts.source import Found
from wavemix.errors import WavemixError


@dataclass(frozen=True)
class Layout:
    """A dataset layout.

    Attributes:
        name: What the user calls it.
        reader: Finds the songs in a folder; a second argument is the folder of the targets, if it needs one.
        needs_targets: Whether the stems and mixes lie in a folder of their own.
    """

    name: str
    reader: Callable[..., Found]
    needs_targets: bool = False

    def find(self, source: Path, targets: Path | None = None) -> Found:
        """Find the songs in a folder.

        Raises:
            WavemixError: If targets are missing or not wanted, or the folder is not in this layout.
        """
        if self.needs_targets and targets is None:
            raise WavemixError(f"{source}: has no stems; name MUSDB18-HQ's folder, which has them, as --targets.")
        if targets is not None and not self.needs_targets:
            raise WavemixError(f"{targets}: the layout {self.name} holds its own targets; leave --targets out.")
        return self.reader(source) if targets is None else self.reader(source, targets)


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("musdb18hq", musdb18hq.find),
        Layout("cambridge", cambridge.find, needs_targets=True),
        Layout("medleydb", medleydb.find),
        Layout("folder", folder.find),
    )
}
