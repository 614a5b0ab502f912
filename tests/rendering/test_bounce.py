"""What of a kit a session gets: one track, or the microphones that have a drum of their own."""

import numpy as np
import pytest

from wavemix.rendering.bounce import BLEED_DB, NAME, ROUGH_GAINS, bounced, without_bleed
from wavemix.rendering.performance import DryTrack


def dry(name: str, role: str, value: float, engine: str = "kit") -> DryTrack:
    return DryTrack(name, "drums", role, 0, np.full(10, value, np.float32), engine)


CLAPS = dry("Percussion", "percussion", 0.001, "soundfont")


def test_a_bounced_kit_is_one_track_and_the_others_stay() -> None:
    found = bounced([dry("Kick R", "kick", 0.1), dry("OH L", "overhead", 0.2), CLAPS])
    assert [(track.name, track.role) for track in found] == [(NAME, "kit"), ("Percussion", "percussion")]
    assert np.allclose(found[0].samples, 0.1 * ROUGH_GAINS["kick"] + 0.2 * ROUGH_GAINS["overhead"])
    assert bounced([CLAPS]) == [CLAPS]


@pytest.mark.parametrize(("below_db", "kept"), [(BLEED_DB + 1, True), (BLEED_DB - 1, False)])
def test_a_close_microphone_that_hears_other_drums_only_is_left_out(below_db: float, kept: bool) -> None:
    tom = dry("Tom 1", "toms", -0.5 * 10 ** (below_db / 20))
    found = without_bleed([dry("Kick R", "kick", 0.5), tom, CLAPS])
    assert [track.name for track in found] == ["Kick R", *["Tom 1"] * kept, "Percussion"]


def test_distant_microphones_stay_however_faint() -> None:
    tracks = [dry("Kick R", "kick", 0.5), dry("OH L", "overhead", 0.001), dry("Room L", "room", 0.001)]
    assert without_bleed(tracks) == tracks
    assert without_bleed([CLAPS]) == [CLAPS]
