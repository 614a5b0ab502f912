"""The house engineer at a rendered session: from the raw tracks as they are written to four stems and a mix.

Tracks go to slots and to levels by the code that training and inference use, so a network that reads the song reads
what the engineer read.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wavemix.audio.writing import FULL_SCALE
from wavemix.data.inputs import engineer_mix, engineer_stems
from wavemix.data.plain import PlainTrack, Samples
from wavemix.engineer.engineer import rules
from wavemix.errors import WavemixError
from wavemix.session.groups import MIX


@dataclass(frozen=True)
class MixedDown:
    """What the engineer made.

    Attributes:
        stems: By group, `(2, samples)`, of the groups that have tracks.
        mix: `(2, samples)`.
    """

    stems: Mapping[str, Samples]
    mix: Samples


def mix_down(tracks: Sequence[PlainTrack], blocks: Sequence[Samples], rate: int) -> MixedDown:
    """Mix a session.

    Args:
        tracks: One or more.
        blocks: The samples of each, `(channels, samples)`, all of one length.
        rate: In Hz.

    Raises:
        WavemixError: If a stem or the mix does not fit a file.
    """
    stems = engineer_stems(tracks, blocks, rate)
    mix = engineer_mix(stems, rate)
    for name, block in {**stems, MIX: mix}.items():
        # A lower gain would be another target than the network's inputs ask for.
        if np.abs(block).max(initial=0) > FULL_SCALE:
            raise WavemixError(f"the {name} would clip: too many tracks share a slot; leave the composition out.")
    return MixedDown(stems, mix)


def practice_hash() -> str:
    """A hash of all that the engineer goes by, SHA-256 in hexadecimal: with other rules a song is another song."""
    return hashlib.sha256(rules(MIX).encode()).hexdigest()
