"""A kit on one track: many sessions come with the drums mixed down already."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

import numpy as np

from wavemix.data.roles import place
from wavemix.rendering.performance import DryTrack

NAME = "Drum Kit"

ROUGH_GAINS = {"kick": 0.7, "snare": 0.5, "hihat": 0.15, "toms": 0.5, "cymbals": 0.15, "overhead": 1.0, "room": 0.3}
"""Of each role's microphones in the rough mix."""


def bounced(tracks: Sequence[DryTrack]) -> list[DryTrack]:
    """The tracks of a performance with all of the kit's microphones on one; as they are, if no kit plays."""
    kit = [track for track in tracks if track.engine == "kit"]
    if not kit:
        return list(tracks)
    samples = np.sum([track.samples * np.float32(ROUGH_GAINS[track.role]) for track in kit], axis=0)
    role = place(PurePath("drums", NAME)).role
    return [
        replace(kit[0], name=NAME, role=role, samples=samples),
        *(track for track in tracks if track.engine != "kit"),
    ]
