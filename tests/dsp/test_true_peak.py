import math
import tracemalloc

import numpy as np
import pyebur128
import pytest
from dsp.signals import faded_sine
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample

from wavemix.dsp.levels import gain_to_db
from wavemix.dsp.true_peak import TruePeakMeter, interpolator


def band_limited_noise(sample_rate, seconds, highest_hz):
    """Stereo noise of RMS 0.1 without anything above that frequency."""
    noise = np.random.default_rng(5).standard_normal((2, round(seconds * sample_rate)))
    spectrum = np.fft.rfft(noise)
    spectrum[:, np.fft.rfftfreq(noise.shape[1], 1 / sample_rate) > highest_hz] = 0.0
    limited = np.fft.irfft(spectrum, noise.shape[1])
    return 0.1 * limited / limited.std()


def dbtp_of(signal, sample_rate=48_000, block_samples=10_000):
    meter = TruePeakMeter(sample_rate, len(signal))
    for start in range(0, signal.shape[1], block_samples):
        meter.update(signal[:, start : start + block_samples])
    return meter.dbtp()


@pytest.mark.parametrize("sample_rate", [32_000, 44_100, 48_000, 88_200, 96_000, 192_000])
@pytest.mark.parametrize("phase_degrees", [0, 30, 45, 77])
def test_sine_reads_its_amplitude_at_any_rate(sample_rate, phase_degrees):
    dbtp = dbtp_of(faded_sine(8_000, phase_degrees, 0.5, sample_rate), sample_rate)
    assert -0.4 <= dbtp - gain_to_db(0.5) <= 0.2


@pytest.mark.parametrize("sample_rate", [44_100, 48_000])
def test_interpolates_as_the_fourier_transform_does(sample_rate):
    signal = np.zeros((2, 10_000))
    signal[:, 1_000:9_000] = band_limited_noise(sample_rate, 8_000 / sample_rate, 18_000) * np.hanning(8_000)
    factor = math.ceil(192_000 / sample_rate)
    expected = gain_to_db(np.abs(resample(signal, 10_000 * factor, axis=1)).max())
    assert dbtp_of(signal, sample_rate) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("factor", [1, 2, 4, 5])
def test_every_factor_th_point_is_a_sample(factor):
    weights = interpolator(factor)[:, ::factor]
    np.testing.assert_allclose(weights, np.eye(*weights.shape, k=-23), atol=1e-15)


@settings(deadline=None, max_examples=60)
@given(cuts=st.lists(st.integers(0, 3_000), max_size=15), start=st.integers(0, 2_000))
def test_any_partition_into_blocks_measures_as_the_whole(cuts, start):
    signal = np.random.default_rng(start).standard_normal((2, 3_000 - start))
    whole, cut = TruePeakMeter(44_100, 2), TruePeakMeter(44_100, 2)
    whole.update(signal)
    for block in np.split(signal, sorted(cuts), axis=1):
        cut.update(block)
        cut.dbtp()  # reading flushes the tail of a copy, not the meter's
    assert cut.dbtp() == pytest.approx(whole.dbtp(), abs=1e-9)


@pytest.mark.parametrize("samples", [1, 2, 31, 32, 33, 79, 80, 1_000])
@pytest.mark.parametrize("sample_rate", [44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("at", [0, -1])
def test_first_and_last_sample_count(samples, sample_rate, at):
    signal = np.zeros((2, samples), np.float32)
    signal[1, at] = -0.5
    assert dbtp_of(signal, sample_rate) == pytest.approx(gain_to_db(0.5), abs=1e-9)


@pytest.mark.parametrize("at", [slice(0, 2), slice(-2, None)])
def test_peak_between_the_first_or_the_last_two_samples_counts(at):
    signal = np.zeros((1, 1_000))
    signal[0, at] = 1.0
    crest = 2 * np.sinc(0.5)  # but for the window
    assert dbtp_of(signal) == pytest.approx(gain_to_db(crest), abs=0.02)


def test_signal_shifted_by_silence_has_the_same_peak():
    signal = np.random.default_rng(1).standard_normal((1, 500))
    peaks = [dbtp_of(np.pad(signal, ((0, 0), (silence, 100)))) for silence in range(40)]
    np.testing.assert_allclose(peaks, peaks[0], rtol=0, atol=1e-9)


def test_gain_shifts_the_peak():
    signal = band_limited_noise(48_000, 0.5, 20_000)
    assert dbtp_of(2 * signal) - dbtp_of(signal) == pytest.approx(20 * math.log10(2), abs=1e-9)


@pytest.mark.parametrize("samples", [0, 10, 10_000])
def test_silence_has_no_peak(samples):
    meter = TruePeakMeter(48_000, 2)
    meter.update(np.zeros((2, samples)))
    assert meter.dbtp() == -math.inf


def test_meter_keeps_no_samples():
    meter = TruePeakMeter(48_000, 2)
    tracemalloc.start()
    for _ in range(10):
        meter.update(np.ones((2, 80_000)))
    held_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held_bytes < 50_000


@pytest.mark.parametrize("block", [np.zeros(8), np.zeros((8, 2)), np.zeros((2, 8), int), np.full((2, 8), np.inf)])
def test_unusable_block_is_refused(block):
    with pytest.raises(ValueError, match="a block must"):
        TruePeakMeter(48_000, 2).update(block)


@pytest.mark.parametrize(("channels", "sample_rate"), [(0, 48_000), (2, 0), (2, 4_000)])
def test_unusable_setting_is_refused(channels, sample_rate):
    with pytest.raises(ValueError):
        TruePeakMeter(sample_rate, channels)


@pytest.mark.parametrize("sample_rate", [44_100, 48_000])
@pytest.mark.parametrize("highest_hz", [8_000, 18_000])
def test_agrees_with_libebur128(sample_rate, highest_hz):
    signal = band_limited_noise(sample_rate, 10, highest_hz)
    oracle = pyebur128.R128State(2, sample_rate, pyebur128.MeasurementMode.MODE_TRUE_PEAK)
    oracle.add_frames(signal.T.ravel(), signal.shape[1])
    expected = gain_to_db(max(pyebur128.get_true_peak(oracle, channel) for channel in range(2)))
    assert dbtp_of(signal, sample_rate) == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize("sample_rate", [44_100, 48_000])
def test_agrees_with_ffmpeg(sample_rate, ebur128):
    signal = band_limited_noise(sample_rate, 10, 18_000)
    assert dbtp_of(signal, sample_rate) == pytest.approx(ebur128(signal, sample_rate).true_peak_dbtp, abs=0.2)
