import numpy as np
import pytest
import soundfile
from conftest import RATE, noise

from wavemix.audio.arrays import array_info
from wavemix.audio.excerpts import read_places
from wavemix.audio.files import probe
from wavemix.recognition import liveliest as module
from wavemix.recognition.liveliest import liveliest

LOW = 4000  # Hz: long tracks are small then


def long_track(seconds=120, at=(40, 100)):
    """Silence but for two bursts of ten seconds."""
    track = np.zeros((1, seconds * LOW), np.float32)
    for start in at:
        track[:, start * LOW : (start + 10) * LOW] = noise(10, rate=LOW, seed=start).T
    return track


def test_it_hears_where_something_is_played():
    found = liveliest(array_info("x", long_track(), LOW))
    assert len(found) == module.SEGMENTS
    assert sum(bool(segment.any()) for segment in found) >= 5


def test_an_effect_that_sounds_once_is_found():
    track = np.zeros((1, 110 * LOW), np.float32)
    track[:, 61 * LOW : round(61.6 * LOW)] = noise(0.6, rate=LOW).T
    assert any(segment.any() for segment in liveliest(array_info("x", track, LOW)))


@pytest.mark.parametrize("level", [0.1, 0.0])
def test_it_reads_at_most_thirty_seconds(monkeypatch, level):
    read = 0

    def counting(info, starts, samples):
        nonlocal read
        read += len(starts) * samples
        return read_places(info, starts, samples)

    monkeypatch.setattr(module, "read_places", counting)
    liveliest(array_info("x", noise(400, rate=LOW, level=level).T.astype(np.float32), LOW))
    assert 0 < read <= 30 * LOW


def test_a_short_track_is_heard_whole(tmp_path):
    sound = noise(4.0, channels=2).astype(np.float32)
    soundfile.write(tmp_path / "x.wav", sound, RATE, subtype="FLOAT")
    heard = np.concatenate(liveliest(probe(tmp_path / "x.wav")))
    np.testing.assert_allclose(heard[: len(sound)], sound.mean(axis=1), atol=1e-6)


def test_a_recorders_file_is_heard_by_channels_unless_it_is_very_wide():
    wide = np.stack([noise(30, rate=LOW, seed=seed)[:, 0] for seed in range(4)]).astype(np.float32)
    heard = np.concatenate(liveliest(array_info("x", wide, LOW), 3))
    assert any(np.array_equal(heard[:1000], wide[2, start : start + 1000]) for start in range(wide.shape[1] - 1000))
    assert liveliest(array_info("x", np.repeat(wide, 9, axis=0), LOW), 3) == []


def test_too_short_or_silent_is_not_heard():
    assert liveliest(array_info("x", noise(0.4).T.astype(np.float32), RATE)) == []
    assert liveliest(array_info("x", np.zeros((2, 3 * RATE), np.float32), RATE)) == []
    assert liveliest(array_info("x", noise(3, level=1e-5).T.astype(np.float32), RATE)) == []


def test_a_channel_is_heard_alone_and_opposite_sides_are_not_silence():
    left = noise(1.0).T.astype(np.float32)
    both = array_info("x", np.concatenate([left, -left]), RATE)
    np.testing.assert_array_equal(liveliest(both, 2)[0], -left[0])
    np.testing.assert_array_equal(liveliest(both)[0], left[0])
