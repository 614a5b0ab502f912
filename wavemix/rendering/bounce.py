"""What of a kit a session gets: all of it on one track, or the microphones that have a drum of their own."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

import numpy as np

from wavemix.dsp.levels import db_to_gain
from wavemix.rendering.performance import DryTrack
from wavemix.rendering.sounds import peak_of
from wavemix.session.roles import place

NAME = "Drum Kit"

ROUGH_GAINS = {"kick": 0.7, "snare": 0.5, "hihat": 0.15, "toms": 0.5, "cymbals": 0.15, "overhead": 1.0, "room": 0.3}
"""Gain of each role's microphones in the rough mix."""

DISTANT = ("overhead", "room")
"""Roles of the microphones that hear the whole kit."""

BLEED_DB = -18.0
"""Peak, beside the kit's loudest, below which any other microphone hears nothing of its own. Where a drum was played,
its microphone's lies within 9 dB; where none was, 25 dB and more below."""


def bounced(tracks: Sequence[DryTrack]) -> list[DryTrack]:
    """The tracks of a performance with all of the kit's microphones on one; as they are, if no kit plays.

    Many sessions come with the drums mixed down already.
    """
    kit = [track for track in tracks if track.engine == "kit"]
    if not kit:
        return list(tracks)
    samples = np.sum([track.samples * np.float32(ROUGH_GAINS[track.role]) for track in kit], axis=0)
    role = place(PurePath("drums", NAME)).role
    return [
        replace(kit[0], name=NAME, role=role, samples=samples),
        *(track for track in tracks if track.engine != "kit"),
    ]


def without_bleed(tracks: Sequence[DryTrack]) -> list[DryTrack]:
    """The tracks of a performance without the kit's close microphones that hear other drums only.

    An engineer who hears a slot and not the session cannot know that he is to mute it, and would raise it.
    """
    loudest = max((peak_of(track.samples) for track in tracks if track.engine == "kit"), default=0.0)
    bleed = loudest * db_to_gain(BLEED_DB)
    return [
        track for track in tracks if track.engine != "kit" or track.role in DISTANT or peak_of(track.samples) >= bleed
    ]
