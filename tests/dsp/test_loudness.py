import math
import tracemalloc

import numpy as np
import pyebur128
import pytest
from dsp.signals import sine_steps
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import sosfilt, sosfreqz

from wavemix.dsp.loudness import LoudnessMeter, k_weighting


def music(sample_rate, seconds):
    """Decaying notes over noise in stereo, with a quiet and a loud half."""
    rng = np.random.default_rng(7)
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    notes = sum(np.sin(2 * np.pi * f * time) for f in (55.0, 220.5, 331.0, 1320.0, 5000.0))
    decay = np.exp(-5 * (time % 0.5)) * np.where(time < seconds / 2, 0.02, 0.1)
    return np.stack([decay * (notes + rng.standard_normal(time.size)) for _ in range(2)])


def meter_of(signal, sample_rate, block_samples=10_000):
    meter = LoudnessMeter(sample_rate, len(signal))
    for start in range(0, signal.shape[1], block_samples):
        meter.update(signal[:, start : start + block_samples])
    return meter


def test_k_weighting_is_the_standard_table_at_48_khz():
    table = [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
    np.testing.assert_allclose(k_weighting(48_000), table, rtol=0, atol=1e-13)


@pytest.mark.parametrize("sample_rate", [32_000, 44_100, 88_200, 96_000, 192_000])
def test_k_weighting_responds_at_any_rate_as_it_does_at_48_khz(sample_rate):
    hz = np.geomspace(10, 6_000, 50)
    _, response = sosfreqz(k_weighting(sample_rate), hz, fs=sample_rate)
    _, at_48_khz = sosfreqz(k_weighting(48_000), hz, fs=48_000)
    np.testing.assert_allclose(20 * np.log10(np.abs(response / at_48_khz)), 0.0, atol=0.03)


@pytest.mark.parametrize(
    ("sample_rate", "tolerance"),
    [
        (8_000, 0.25),
        (11_025, 0.15),
        (22_050, 0.03),
        (44_100, 0.002),
        (48_000, 0.002),
        (96_000, 0.005),
        (192_000, 0.01),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_full_scale_sine_in_one_channel_is_the_anchor(sample_rate, tolerance, channels):
    signal = np.zeros((channels, 2 * sample_rate))
    signal[-1] = sine_steps([(0, 2)], sample_rate, frequency=997.0)
    assert meter_of(signal, sample_rate).integrated_lufs() == pytest.approx(-3.01, abs=tolerance)


def test_courses_are_the_loudness_of_each_window_by_itself():
    signal = sine_steps([(-20, 1), (-70, 2), (0, 1.55)], 8_000)[np.newaxis]
    meter = meter_of(signal, 8_000)
    for course, window in ((meter.momentary_lufs(), 3_200), (meter.short_term_lufs(), 24_000)):
        starts = range(0, signal.shape[1] - window + 1, 800)
        weighted = sosfilt(k_weighting(8_000), signal[0])
        powers = [np.square(weighted[start : start + window]).mean() for start in starts]
        np.testing.assert_allclose(course, -0.691 + 10 * np.log10(powers), rtol=0, atol=1e-9)


@settings(deadline=None, max_examples=40)
@given(cuts=st.lists(st.integers(0, 50_000), max_size=12))
def test_any_partition_into_blocks_measures_as_the_whole(cuts):
    signal = music(11_025, 50_000 / 11_025)
    whole, cut = LoudnessMeter(11_025, 2), LoudnessMeter(11_025, 2)
    whole.update(signal)
    for block in np.split(signal, sorted(cuts), axis=1):
        cut.update(block)
        cut.integrated_lufs()  # reading changes nothing
    assert cut.integrated_lufs() == pytest.approx(whole.integrated_lufs(), abs=1e-9)
    assert cut.loudness_range_lu() == pytest.approx(whole.loudness_range_lu(), abs=1e-9)


def test_gain_shifts_loudness_and_keeps_the_range():
    signal = music(8_000, 10)
    meter, louder = meter_of(signal, 8_000), meter_of(2 * signal, 8_000)
    assert louder.integrated_lufs() - meter.integrated_lufs() == pytest.approx(20 * math.log10(2), abs=1e-9)
    assert louder.loudness_range_lu() == pytest.approx(meter.loudness_range_lu(), abs=1e-9)


def test_single_precision_measures_as_double():
    signal = music(8_000, 5)
    single = meter_of(signal.astype(np.float32), 8_000).integrated_lufs()
    assert single == pytest.approx(meter_of(signal, 8_000).integrated_lufs(), abs=1e-5)


def test_silence_has_no_loudness_and_no_range():
    meter = meter_of(np.zeros((2, 40_000)), 8_000)
    assert meter.integrated_lufs() == -math.inf
    assert math.isnan(meter.loudness_range_lu())
    assert (meter.momentary_lufs() == -math.inf).all()


@pytest.mark.parametrize(
    ("samples", "loud", "ranged"),
    [
        (0, False, False),
        (3_199, False, False),
        (3_200, True, False),
        (23_999, True, False),
        (24_000, True, True),
    ],
)
def test_only_complete_windows_count(samples, loud, ranged):
    meter = meter_of(music(8_000, 3)[:, :samples], 8_000)
    assert math.isfinite(meter.integrated_lufs()) == loud
    assert math.isfinite(meter.loudness_range_lu()) == ranged


def test_meter_keeps_no_samples():
    meter = LoudnessMeter(8_000, 2)
    tracemalloc.start()
    for _ in range(10):
        meter.update(np.ones((2, 80_000)))
    held_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held_bytes < 100_000


@pytest.mark.parametrize(
    "block",
    [np.zeros(8), np.zeros((1, 8)), np.zeros((8, 2)), np.zeros((2, 8), np.int16), np.full((2, 8), np.nan)],
)
def test_unusable_block_is_refused(block):
    with pytest.raises(ValueError, match="a block must"):
        LoudnessMeter(48_000, 2).update(block)


@pytest.mark.parametrize(("sample_rate", "channels"), [(48_000, 0), (48_000, 6), (4_000, 2), (0, 1)])
def test_unusable_setting_is_refused(sample_rate, channels):
    with pytest.raises(ValueError):
        LoudnessMeter(sample_rate, channels)


@pytest.mark.parametrize("sample_rate", [44_100, 48_000])
@pytest.mark.parametrize("kind", ["noise", "music"])
def test_agrees_with_libebur128(sample_rate, kind):
    noise = 0.1 * np.random.default_rng(3).standard_normal((2, 10 * sample_rate))
    signal = noise if kind == "noise" else music(sample_rate, 30)
    oracle = pyebur128.R128State(2, sample_rate, pyebur128.MeasurementMode.MODE_I)
    oracle.add_frames(signal.T.ravel(), signal.shape[1])
    expected = pyebur128.get_loudness_global(oracle)
    assert meter_of(signal, sample_rate).integrated_lufs() == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("sample_rate", [44_100, 48_000])
def test_agrees_with_ffmpeg(sample_rate, ebur128):
    signal = music(sample_rate, 60)
    meter, reading = meter_of(signal, sample_rate), ebur128(signal, sample_rate)
    assert meter.integrated_lufs() == pytest.approx(reading.integrated_lufs, abs=0.1)  # it prints one decimal
    assert meter.loudness_range_lu() == pytest.approx(reading.range_lu, abs=0.2)
