import numpy as np
import pytest

from wavemix.recognition.features import BANDS, HOP_SECONDS, SEGMENT_FRAMES, SEGMENT_SECONDS, band_db, heard, segments

RATES = (22_050, 44_100, 48_000, 96_000)


def tone(hz, rate, seconds=1.0):
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_lies_in_its_band_at_any_rate(rate):
    frames = band_db(tone(1000.0, rate), rate)
    assert frames.shape == (round(1 / HOP_SECONDS), BANDS)
    first, last = 21.4 * np.log10(1 + 0.00437 * np.array((30.0, 16_000.0)))
    edges = (10 ** (np.linspace(first, last, BANDS + 2) / 21.4) - 1) / 0.00437
    assert (np.abs(frames[3:-3].argmax(axis=1) - np.abs(edges[1:-1] - 1000).argmin()) <= 1).all()


def test_a_level_says_nothing():
    sound = tone(440.0, 44_100) + tone(3000.0, 44_100) * np.float32(0.1)
    loud, soft = (heard(band_db(sound * np.float32(gain), 44_100)) for gain in (1.0, 0.01))
    np.testing.assert_allclose(loud, soft, atol=1e-3)
    assert loud.max() == 1


def test_silence_is_heard_as_nothing_but_numbers():
    assert np.isfinite(heard(band_db(np.zeros(44_100, np.float32), 44_100))).all()


def test_segments_are_whole():
    frames = band_db(tone(440.0, 44_100, SEGMENT_SECONDS * 2.3), 44_100)
    cut = segments(frames)
    assert cut.shape == (2, SEGMENT_FRAMES, BANDS)
    np.testing.assert_array_equal(cut.reshape(-1, BANDS), frames[: 2 * SEGMENT_FRAMES])
    np.testing.assert_array_equal(segments(frames[:10])[0, 10:20], frames[:10])
