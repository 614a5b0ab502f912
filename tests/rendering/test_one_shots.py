"""One-shots: where notes start and end, how high and how loud they are."""

import numpy as np
import pytest
from rendering.material import write_instrument

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.errors import WavemixError
from wavemix.rendering.channel import Note
from wavemix.rendering.one_shots import RELEASE_SECONDS, load, play


@pytest.fixture(scope="module")
def shots(tmp_path_factory):
    return load(write_instrument(tmp_path_factory.mktemp("shots"), "twang", range(3, 6)), "twang")


def frequency(sound):
    """The strongest frequency, in Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * SAMPLE_RATE))
    return np.argmax(spectrum) / 8.0


@pytest.mark.parametrize("start", [0, 1, 12_345, 50_000])
def test_a_note_starts_at_its_sample_and_ends_after_its_release(shots, start):
    sound = play([Note(start / SAMPLE_RATE, 0.5, 57, 100)], 2 * SAMPLE_RATE, shots)
    sounding = np.flatnonzero(sound)
    assert sounding[0] == start
    assert sounding[-1] < start + (0.5 + RELEASE_SECONDS) * SAMPLE_RATE
    assert sounding[-1] > start + 0.5 * SAMPLE_RATE


@pytest.mark.parametrize("pitch", [45, 46, 50, 57, 63, 69, 74])
def test_a_note_has_its_pitch(shots, pitch):
    sound = play([Note(0.0, 1.0, pitch, 100)], SAMPLE_RATE, shots)
    assert frequency(sound) == pytest.approx(440.0 * 2.0 ** ((pitch - 69) / 12), rel=2e-3)


def test_a_note_far_off_is_played_by_octaves(shots):
    low = play([Note(0.0, 1.0, 21, 100)], SAMPLE_RATE, shots)
    assert frequency(low) == pytest.approx(55.0 * 2, rel=2e-3)  # A2 is the lowest sample


def test_harder_is_louder_throughout(shots):
    peaks = [play([Note(0.0, 0.5, 57, v)], SAMPLE_RATE, shots).max() for v in range(1, 128, 6)]
    assert np.all(np.diff(peaks) > 0)
    assert max(np.array(peaks[1:]) / peaks[:-1]) < 25  # no jump between layers either
    assert peaks[11] / peaks[10] == pytest.approx(((1 + 66) / (1 + 60)) ** 1.5, rel=0.02)


def test_what_lasts_beyond_the_end_is_cut(shots):
    assert len(play([Note(0.9, 5.0, 57, 100)], SAMPLE_RATE, shots)) == SAMPLE_RATE


def test_an_empty_folder_is_said_so(tmp_path):
    with pytest.raises(WavemixError, match="no one-shots of 'twang'"):
        load(tmp_path, "twang")
