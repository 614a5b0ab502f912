"""The EBU's test signals: the values that its documents demand, and what an independent meter reads."""

import math

import numpy as np
import pytest
from dsp.signals import faded_sine, sine_steps

from wavemix.dsp.levels import gain_to_db
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.dsp.true_peak import TruePeakMeter

RATE = 48_000

INTEGRATED_CASES = {
    1: ([(-23, 20)], -23.0),
    2: ([(-33, 20)], -33.0),
    3: ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
    4: ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
    5: ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
}
"""EBU Tech 3341: (peak in dBFS, seconds) of the segments of a stereo sine, and its loudness in LUFS."""

FIVE_CHANNELS_DBFS = (-28, -28, -24, -30, -30)  # case 6, for 20 s: L, R, C, Ls, Rs
SHORT_TERM_SEGMENTS = [(-20, 1.34), (-30, 1.66)] * 5  # case 9
MOMENTARY_SEGMENTS = [(-20, 0.18), (-30, 0.22)] * 25  # case 12

PEAK_CASES = {
    15: (4, 0, 0.5, -6),
    16: (4, 45, 0.5, -6),
    17: (6, 60, 0.5, -6),
    18: (8, 67.5, 0.5, -6),
    19: (4, 45, 1.41, 3),
}
"""Tech 3341: the sample rate over the sine's frequency, degrees, amplitude, and dBTP."""

RANGE_CASES = {
    1: ([-20, -30], 10.0),
    2: ([-20, -15], 5.0),
    3: ([-40, -20], 20.0),
    4: ([-50, -35, -20, -35, -50], 15.0),
}
"""EBU Tech 3342: peaks in dBFS of segments of 20 s, and the range in LU."""


def stereo(segments):
    return np.tile(sine_steps(segments), (2, 1))


def five_channels():
    return np.stack([sine_steps([(level, 20)]) for level in FIVE_CHANNELS_DBFS])


def in_range(levels):
    return stereo([(level, 20) for level in levels])


def crest(divisor, phase_degrees, amplitude):
    return np.tile(faded_sine(RATE / divisor, phase_degrees, amplitude), (2, 1))


def loudness(signal):
    meter = LoudnessMeter(RATE, len(signal))
    for block in np.array_split(signal, 7, axis=1):
        meter.update(block)
    return meter


def dbtp(signal):
    meter = TruePeakMeter(RATE, len(signal))
    for block in np.array_split(signal, 7, axis=1):
        meter.update(block)
    return meter.dbtp()


@pytest.mark.parametrize("case", INTEGRATED_CASES)
def test_integrated_loudness(case):
    segments, lufs = INTEGRATED_CASES[case]
    assert loudness(stereo(segments)).integrated_lufs() == pytest.approx(lufs, abs=0.1)


def test_integrated_loudness_in_five_channels():
    assert loudness(five_channels()).integrated_lufs() == pytest.approx(-23.0, abs=0.1)


def test_short_term_loudness_stands_still():
    measured = loudness(stereo(SHORT_TERM_SEGMENTS)).short_term_lufs()
    assert measured.size == 121  # 3 s are complete after 3.0, 3.1 ... 15.0 s
    np.testing.assert_allclose(measured, -23.0, rtol=0, atol=0.1)


def test_momentary_loudness_stands_still():
    measured = loudness(stereo(MOMENTARY_SEGMENTS)).momentary_lufs()
    assert measured.size == 97
    np.testing.assert_allclose(measured, -23.0, rtol=0, atol=0.1)


@pytest.mark.parametrize("case", RANGE_CASES)
def test_loudness_range(case):
    levels, range_lu = RANGE_CASES[case]
    assert loudness(in_range(levels)).loudness_range_lu() == pytest.approx(range_lu, abs=0.1)  # Tech 3342 allows 1


@pytest.mark.parametrize("case", PEAK_CASES)
def test_true_peak(case):
    *sine, expected = PEAK_CASES[case]
    error = dbtp(crest(*sine)) - expected
    assert -0.4 <= error <= 0.2  # the tolerance of Tech 3341
    assert error == pytest.approx(gain_to_db(sine[-1]) - expected, abs=0.005)  # what the filter can do


SIGNALS = (
    {f"3341-{case}": (stereo, segments) for case, (segments, _) in INTEGRATED_CASES.items()}
    | {"3341-6": (five_channels,), "3341-9": (stereo, SHORT_TERM_SEGMENTS), "3341-12": (stereo, MOMENTARY_SEGMENTS)}
    | {f"3341-{case}": (crest, *sine) for case, (*sine, _) in PEAK_CASES.items()}
    | {f"3342-{case}": (in_range, levels) for case, (levels, _) in RANGE_CASES.items()}
)
"""All of the above: the function that makes a signal, and its arguments."""


@pytest.mark.parametrize("name", SIGNALS)
def test_every_reading_is_that_of_ffmpeg(name, ebur128):
    make, *arguments = SIGNALS[name]
    signal = make(*arguments)
    meter, reading = loudness(signal), ebur128(signal, RATE)
    assert meter.integrated_lufs() == pytest.approx(reading.integrated_lufs, abs=0.1)
    assert dbtp(signal) == pytest.approx(reading.true_peak_dbtp, abs=0.2)
    np.testing.assert_allclose(meter.momentary_lufs(), reading.momentary_lufs[3:], rtol=0, atol=0.1)
    np.testing.assert_allclose(meter.short_term_lufs(), reading.short_term_lufs[29:], rtol=0, atol=0.1)
    if not math.isnan(meter.loudness_range_lu()):
        assert meter.loudness_range_lu() == pytest.approx(reading.range_lu, abs=0.2)
