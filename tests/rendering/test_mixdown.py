"""The house engineer hears a rendered session as the networks read it."""

from dataclasses import replace
from pathlib import PurePath

import numpy as np
import pytest

from wavemix.data.inputs import Inputs
from wavemix.data.plain import PlainTrack
from wavemix.dsp.input_levels import InputLevels
from wavemix.engineer import mix_of, practice, stem_of
from wavemix.engineer.practice import STEM_LEVELS, TRACK_LEVELS
from wavemix.errors import WavemixError
from wavemix.rendering.mixdown import mix_down, practice_hash

RATE = 44_100
TRACKS = [
    PlainTrack(PurePath("raw/drums/01_Kick.flac"), "drums", "kick"),
    PlainTrack(PurePath("raw/other/02_Piano.flac"), "other", "keys"),
    PlainTrack(PurePath("raw/other/03_Organ.flac"), "other", "keys"),
]


def noises(*gains: float) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [(gain * rng.standard_normal((1, 2 * RATE))).astype(np.float32) for gain in gains]


def test_stems_and_mix_are_made_of_what_the_networks_read() -> None:
    blocks = noises(0.1, 0.02, 0.2)
    found = mix_down(TRACKS, blocks, RATE)
    placed = Inputs("other", RATE, TRACK_LEVELS).place_tracks(TRACKS[1:], blocks[1:])
    assert list(found.stems) == ["drums", "other"]
    assert np.array_equal(found.stems["other"], stem_of("other", placed, RATE))
    stems = Inputs("mix", RATE, STEM_LEVELS).place_stems(found.stems)
    assert np.array_equal(found.mix, mix_of(stems[0], RATE))


def test_levels_of_the_recording_are_not_heard() -> None:
    blocks = noises(0.1, 0.02, 0.05)
    found = [mix_down(TRACKS, [blocks[0] * np.float32(gain), *blocks[1:]], RATE) for gain in (1, 0.25)]
    assert np.allclose(found[0].mix, found[1].mix, atol=1e-5)


def test_what_would_clip_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the engineer's levels nothing does, unless very many tracks share a slot."""
    monkeypatch.setattr("wavemix.data.inputs.TRACK_LEVELS", InputLevels(loudness_lufs=40.0))
    with pytest.raises(WavemixError, match="would clip: too many tracks share a slot"):
        mix_down(TRACKS, noises(0.1, 0.1, 0.1), RATE)


def test_other_rules_make_other_songs(monkeypatch: pytest.MonkeyPatch) -> None:
    before = practice_hash()
    assert practice_hash() == before
    louder = replace(practice.CHANNELS["bass"][0], gain_db=-3.0)
    monkeypatch.setitem(practice.CHANNELS, "bass", (louder, *practice.CHANNELS["bass"][1:]))
    assert practice_hash() != before
