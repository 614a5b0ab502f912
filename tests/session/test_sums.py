from pathlib import PurePath

import numpy as np
import pytest
from conftest import RATE, noise

from wavemix.audio.arrays import array_info
from wavemix.session.found import Found
from wavemix.session.sums import Listening

SECONDS = 4


def listening(tracks: dict[str, np.ndarray], starts: dict[str, float] | None = None) -> Listening:
    """Listen to arrays `(samples, channels)`."""
    files = [
        Found(PurePath(name), PurePath(name), array_info(name, samples.T.astype(np.float32), RATE))
        for name, samples in tracks.items()
    ]
    return Listening(files, [(starts or {}).get(name, 0.0) for name in tracks])


def sums(tracks: dict[str, np.ndarray], starts: dict[str, float] | None = None) -> dict[str, set[str]]:
    found = listening(tracks, starts).sums()
    return {str(one.found.file): {str(part.file) for part in one.parts} for one in found}


@pytest.fixture
def tracks() -> dict[str, np.ndarray]:
    return {name: noise(SECONDS, seed=seed) for seed, name in enumerate(["kick", "bass", "gtr", "vox"])}


def test_a_panned_mix_is_the_sum_of_its_tracks(tracks):
    gains = np.array([[0.7, 0.7], [0.5, 0.5], [0.2, 0.6], [0.9, 0.8]])
    mix = sum(track * gain for track, gain in zip(tracks.values(), gains, strict=True))
    assert sums(tracks | {"mix": mix}) == {"mix": set(tracks)}


def test_without_a_mix_there_is_no_sum(tracks):
    assert sums(tracks) == {}


def test_a_mix_that_was_distorted_a_little_is_still_told(tracks):
    mix = np.tanh(2 * sum(tracks.values())) / 2
    (found,) = listening(tracks | {"mix": mix}).sums()
    assert found.found.file == PurePath("mix")
    assert -60 < found.error_db < -17


def test_another_performance_is_no_sum(tracks):
    mix = sum(tracks.values()) + noise(SECONDS, seed=9)
    assert sums(tracks | {"mix": mix}) == {}


def test_a_bus_beside_its_tracks_and_the_mix_are_sums(tracks):
    bus = tracks["kick"] + tracks["bass"]
    found = sums(tracks | {"bus": bus, "mix": bus + tracks["gtr"] + tracks["vox"]})
    assert found.keys() == {"bus", "mix"}
    assert found["bus"] == {"kick", "bass"}


def test_a_copy_at_another_level_is_no_sum(tracks):
    assert sums(tracks | {"kick 2": 0.5 * tracks["kick"]}) == {}


def test_a_short_file_is_no_mix(tracks):
    assert sums(tracks | {"hook": sum(tracks.values())[: SECONDS * RATE // 2]}) == {}


def test_tracks_that_begin_later_are_heard_where_they_are(tracks):
    late = np.concatenate([np.zeros((RATE, 1)), tracks["vox"][RATE:]])
    mix = sum(tracks.values()) - tracks["vox"] + late
    stamped = tracks | {"vox": tracks["vox"][RATE:], "mix": mix}
    assert sums(stamped, {"vox": 1.0}).keys() == {"mix"}
    assert sums(stamped) == {}


def test_stereo_tracks_and_their_mix(tracks):
    keys = noise(SECONDS, channels=2, seed=8)
    mix = keys + sum(tracks.values())
    assert sums(tracks | {"keys": keys, "mix": mix}) == {"mix": {*tracks, "keys"}}


def test_same_samples_are_twins(tracks):
    (twins,) = listening(tracks | {"kick 2": tracks["kick"].copy()}).twins()
    assert {str(found.file) for found in twins} == {"kick", "kick 2"}


def test_silence_is_nobodys_twin():
    assert listening({"a": np.zeros((RATE, 1)), "b": np.zeros((RATE, 1)), "c": noise(1)}).twins() == []
