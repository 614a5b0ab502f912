"""A stereo sound whose sides are two mono ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wavemix.audio.files import AudioInfo, probe
from wavemix.errors import WavemixError


@dataclass(frozen=True)
class Sides(AudioInfo):
    """What the header of a stereo file would say.

    Attributes:
        sides: Left and right.
    """

    sides: tuple[AudioInfo, AudioInfo] = field(kw_only=True)


def join_sides(left: AudioInfo, right: AudioInfo) -> Sides:
    """Two mono sounds as one in stereo, called as the left one.

    Raises:
        WavemixError: If one of them is not mono, or they differ in length or rate.
    """
    if {left.channels, right.channels} != {1}:
        raise WavemixError(f"{left.path}: cannot be the left side of {right.path.name}; both must be mono.")
    if (left.rate, left.frames) != (right.rate, right.frames):
        raise WavemixError(
            f"{left.path}: cannot be the left side of {right.path.name}, which has another length or sample rate; list "
            "them as two tracks."
        )
    return Sides(left.path, left.rate, 2, left.frames, sides=(left, right))


def probe_track(paths: Sequence[Path]) -> AudioInfo:
    """The header of a track's file, or of the two files of its sides.

    Raises:
        WavemixError: As `probe` and `join_sides`.
    """
    infos = [probe(path) for path in paths]
    return join_sides(*infos) if len(infos) > 1 else infos[0]
