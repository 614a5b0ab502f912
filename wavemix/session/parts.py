"""What of which file is one track: all of it, a side of a split stereo track, or a channel of a recorder's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from wavemix.session.found import Found
from wavemix.session.pairs import find_pairs
from wavemix.session.roles import Placement
from wavemix.session.session import Track


@dataclass(frozen=True)
class Part:
    """What is to be one track.

    Attributes:
        found: Its file, or that of its left side.
        name: The path by which it is placed.
        start_seconds: When it begins, from the start of the song.
        right: The file of its right side.
        channel: Which channel of its file it is, from 1.
    """

    found: Found
    name: PurePath
    start_seconds: float
    right: Found | None = None
    channel: int | None = None

    def track(self, placement: Placement) -> Track:
        """The track that it is, where it goes."""
        said = [placement.reason]
        if self.right:
            said.append("both sides of one stereo track")
        if self.channel and self.found.info:
            said.append(f"of {self.found.info.channels} channels without a layout, each a track")
        if self.start_seconds:
            said.append(f"begins at {self.start_seconds:.3f} s by its time stamp")
        return Track(
            self.found.file,
            placement.group,
            placement.role,
            "; ".join(said),
            placement.recognised,
            right=self.right.file if self.right else None,
            channel=self.channel,
            start_seconds=self.start_seconds,
            confidence=placement.confidence,
        )


def parts_of(files: Sequence[tuple[Found, float]]) -> tuple[list[Part], list[str]]:
    """The parts of a song's files, in their order, and what a person should know of them.

    Args:
        files: The files, and when each begins, in seconds from the start of the song.
    """
    pairs, mismatches = find_pairs([found for found, _ in files])
    by_left = {pair.left.file: pair for pair in pairs}
    rights = {pair.right.file for pair in pairs}
    parts = []
    for found, start in files:
        pair = by_left.get(found.file)
        if pair:
            parts.append(Part(found, pair.name, start, right=pair.right))
        elif found.info and found.is_multichannel:
            parts += [Part(found, found.name, start, channel=channel + 1) for channel in range(found.info.channels)]
        elif found.file not in rights:
            parts.append(Part(found, found.name, start))
    return parts, [
        f"{apart.left.file.as_posix()} and {apart.right.file.name}: not joined to one stereo track, for {apart.reason}"
        for apart in mismatches
    ]
