import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from wavemix.metrics.levels import measure_levels
from wavemix.metrics.matching import Match, match

RATE = 16_000


def stereo(seconds: float = 1.0, seed: int = 0) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal((2, round(seconds * RATE)))


@pytest.mark.parametrize("lag", [0, 37, -37, 1_600, -1_600])
@pytest.mark.parametrize("polarity", [1, -1])
def test_what_was_done_to_a_mix_is_found_and_undone(lag, polarity):
    song = stereo(1.3)
    reference, mix = song[:, 2_000:18_000], song[:, 2_000 - lag : 18_000 - lag]
    matched, done = match(polarity * 0.25 * mix, reference, RATE)
    assert (done.lag_samples, done.polarity) == (lag, polarity)
    assert done.gain_db == pytest.approx(12.04, abs=0.5)  # what moved out of the mix is missing from its loudness
    inside = slice(1_600, -1_600)
    ratio = matched[:, inside] / reference[:, inside]
    assert ratio == pytest.approx(ratio[0, 0]) and ratio[0, 0] == pytest.approx(1.0, rel=0.1)


def test_a_larger_lag_is_found_only_where_it_is_asked_for():
    song = stereo(2.0)
    reference, mix = song[:, 4_000:20_000], song[:, :16_000]
    assert match(mix, reference, RATE)[1].lag_samples == 0
    assert match(mix, reference, RATE, max_lag_seconds=0.3)[1].lag_samples == 4_000


def test_an_equaliser_of_the_bass_does_not_pass_for_a_lag():
    deep = sosfilt(butter(1, 60, "low", fs=RATE, output="sos"), stereo(2.0, seed=1)) * 20 + 0.3 * stereo(2.0, seed=2)
    thin = sosfilt(butter(3, 80, "high", fs=RATE, output="sos"), deep)
    assert match(thin, deep, RATE)[1].lag_samples == 0


def test_the_loudness_becomes_the_references():
    reference, mix = stereo(1.0), sosfilt(butter(1, 800, fs=RATE, output="sos"), stereo(1.0))
    matched, done = match(mix, reference, RATE)
    levels, wanted = measure_levels(matched, RATE), measure_levels(reference, RATE)
    assert levels.integrated_lufs == pytest.approx(wanted.integrated_lufs, abs=1e-6)
    assert abs(levels.rms_dbfs - wanted.rms_dbfs) > 1  # the two measures differ here
    assert done.gain_db > 0


def test_without_a_loudness_the_rms_becomes_the_references():
    reference = stereo(0.3)  # no complete block of 400 ms
    matched, done = match(reference / 4, reference, RATE)
    assert done.gain_db == pytest.approx(12.04, abs=0.01)
    assert matched == pytest.approx(reference)


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.5])
def test_the_result_is_as_long_as_the_reference(factor):
    song = stereo(1.5)
    reference = song[:, :RATE]
    matched, done = match(song[:, : round(factor * RATE)], reference, RATE)
    assert matched.shape == reference.shape and done.lag_samples == 0
    heard = min(RATE, round(factor * RATE))
    assert not matched[:, heard:].any()


def test_another_song_stays_where_it_is():
    matched, done = match(stereo(seed=1), stereo(seed=2), RATE)
    assert (done.lag_samples, done.polarity) == (0, 1)


@pytest.mark.parametrize("silent", ["mix", "reference", "both"])
def test_silence_stays_as_it_is(silent):
    mix, reference = stereo() * (silent == "reference"), stereo() * (silent == "mix")
    matched, done = match(mix, reference, RATE)
    assert done == Match(0, 1, 0.0)
    assert np.array_equal(matched, mix)


def test_single_precision_stays_single():
    matched, _ = match(stereo().astype(np.float32), stereo(), RATE)
    assert matched.dtype == np.float32


def test_as_many_channels_are_needed():
    with pytest.raises(ValueError, match="as many channels, not 1 and 2"):
        match(stereo()[:1], stereo(), RATE)
