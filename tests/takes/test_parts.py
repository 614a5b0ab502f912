import numpy as np
import pytest
from conftest import RATE

from wavemix.takes.applying import Treatment, _rework
from wavemix.takes.parts import STEPS, PartOfASample, highest_part


def sine(hz, later=0.0, samples=4000):
    return np.sin(2 * np.pi * hz * (np.arange(samples) - later) / RATE).astype(np.float32)


@pytest.mark.parametrize("part", [0.125, 0.5, 0.9])
@pytest.mark.parametrize("hz", [50.0, 1000.0, 12_000.0, 20_000.0])
def test_a_tone_is_later_by_a_part_of_a_sample(hz, part):
    found = PartOfASample(part)(sine(hz), last=True)
    assert len(found) == 4001
    assert np.abs(found - sine(hz, part, 4001))[100:-100].max() < 10 ** (-70 / 20)


def test_how_a_stream_is_cut_changes_nothing():
    noise = np.random.default_rng(0).standard_normal(1000).astype(np.float32)
    move = PartOfASample(0.25)
    pieces = [move(piece) for piece in np.split(noise, [3, 10, 500])]
    np.testing.assert_array_equal(
        np.concatenate([*pieces, move(noise[:0], last=True)]), PartOfASample(0.25)(noise, last=True)
    )


@pytest.mark.parametrize("later", [12.25, 0.5, -0.5, -7.75])
def test_a_track_is_moved_by_samples_and_parts(later):
    blocks = iter(np.split(sine(500.0)[np.newaxis], [1000], axis=1))
    frames = 4000 + int(np.ceil(later))
    moved = np.concatenate(list(_rework(blocks, [Treatment(later)], frames, RATE)), axis=1)[0]
    assert len(moved) == frames
    assert np.abs(moved - sine(500.0, later, frames))[100:-100].max() < 1e-3


@pytest.mark.parametrize("part", [-0.875, -0.25, 0.0, 0.5])
def test_the_highest_part_is_between_the_lags(part):
    curve = np.sinc(0.9 * (np.arange(101) - 50 - part))
    place, height = highest_part(curve, 50)
    assert place == part
    assert height == pytest.approx(1, abs=1e-3)
    assert STEPS * place == int(STEPS * place)
