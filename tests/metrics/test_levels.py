import math

import numpy as np
import pytest

from wavemix.metrics.levels import measure_levels

RATE = 8_000


def sine(seconds, level_db=0.0, channels=2, frequency=1000.0, rate=RATE):
    time = np.arange(round(seconds * rate)) / rate
    return np.tile(10 ** (level_db / 20) * np.sin(2 * np.pi * frequency * time + 0.5), (channels, 1))


def noise(seconds, channels=2):
    return 0.1 * np.random.default_rng(0).standard_normal((channels, round(seconds * RATE))).clip(-3, 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_a_sine_at_full_scale_reads_minus_3_dbfs(channels, dtype):
    levels = measure_levels(sine(1, channels=channels).astype(dtype), RATE)
    assert levels.rms_dbfs == pytest.approx(-3.0103, abs=1e-4)
    assert levels.seconds == 1.0


def test_the_anchor_of_bs_1770_reads_minus_3_lufs():
    signal = sine(2, frequency=997.0, rate=48_000)
    signal[0] = 0.0
    levels = measure_levels(signal, 48_000)
    assert levels.integrated_lufs == pytest.approx(-3.01, abs=0.005)
    assert levels.rms_dbfs == pytest.approx(-6.02, abs=0.005)  # the silent channel counts for the mean


def test_crest_is_the_sample_peak_over_the_rms():
    assert measure_levels(sine(1, frequency=40.0), RATE).crest_db == pytest.approx(3.0103, abs=0.001)
    assert measure_levels(np.full((2, RATE), -0.3), RATE).crest_db == pytest.approx(0.0, abs=1e-9)
    missed = sine(1, frequency=2000.0)  # 4 samples a period, none on the crest
    assert measure_levels(missed, RATE).crest_db < 3.0
    assert measure_levels(missed, RATE).true_peak_dbtp > -0.1


def test_gain_shifts_the_levels_and_keeps_crest_and_range():
    quiet, loud = (measure_levels(gain * noise(5), RATE) for gain in (0.5, 1.0))
    for field in ("rms_dbfs", "integrated_lufs", "true_peak_dbtp"):
        assert getattr(loud, field) - getattr(quiet, field) == pytest.approx(20 * math.log10(2), abs=1e-9)
    for field in ("crest_db", "range_lu"):
        assert getattr(loud, field) == pytest.approx(getattr(quiet, field), abs=1e-9)


def test_all_of_a_long_signal_counts():
    signal = noise(13) * np.linspace(1.0, 0.1, 13 * RATE)
    levels = measure_levels(signal, RATE)
    assert levels.rms_dbfs == pytest.approx(10 * math.log10(np.square(signal).mean()), abs=1e-9)
    assert levels.crest_db == pytest.approx(20 * math.log10(np.abs(signal).max()) - levels.rms_dbfs, abs=1e-9)


def test_range_tells_a_quiet_part_from_a_loud_one():
    signal = np.concatenate([sine(20, -30), sine(20, -20)], axis=1)
    assert measure_levels(signal, RATE).range_lu == pytest.approx(10.0, abs=0.1)


@pytest.mark.parametrize(("seconds", "ranged"), [(2.9, False), (3.0, True)])
def test_range_needs_3_seconds(seconds, ranged):
    assert (measure_levels(sine(seconds), RATE).range_lu is not None) == ranged


@pytest.mark.parametrize(("seconds", "stable"), [(15, False), (59.9, False), (60, True)])
def test_range_is_stable_from_60_seconds_on(seconds, stable):
    assert measure_levels(sine(seconds, channels=1), RATE).range_is_stable == stable


@pytest.mark.parametrize("samples", [0, 1, 100, 4 * RATE])
def test_silence_has_no_level(samples):
    levels = measure_levels(np.zeros((2, samples)), RATE)
    assert levels.rms_dbfs == levels.integrated_lufs == levels.true_peak_dbtp == -math.inf
    assert levels.range_lu is None
    assert math.isnan(levels.crest_db)


def test_what_is_too_short_for_loudness_has_the_other_levels():
    levels = measure_levels(np.array([[0.5], [-0.5]]), RATE)
    assert levels.integrated_lufs == -math.inf
    assert levels.rms_dbfs == levels.true_peak_dbtp == pytest.approx(-6.02, abs=0.01)
    assert levels.crest_db == pytest.approx(0.0)
