import math
from dataclasses import fields

import numpy as np
import pytest

from wavemix.metrics.descriptors import DESCRIPTORS, Descriptors, describe

RATE = 44_100
PARTIALS = np.arange(1, 21)
HARMONIC = ("odd_to_even", "harmonic_energy", "noisiness", "noisiness_corrected")


def tone(f0_hz, amplitudes, seconds=0.5, rate=RATE, inharmonicity=0.0):
    """Partials of those amplitudes, those of a stiff string if they are not harmonic."""
    partials = np.arange(1, len(amplitudes) + 1)
    frequencies = f0_hz * partials * np.sqrt(1 + inharmonicity * partials**2)
    time = np.arange(round(seconds * rate)) / rate
    return np.sin(2 * np.pi * np.outer(time, frequencies)) @ np.asarray(amplitudes)


def noise(seconds=0.5, deviation=0.05):
    return deviation * np.random.default_rng(1).standard_normal(round(seconds * RATE))


def test_the_reference_tone_reads_what_the_toolbox_reads():
    described = describe(tone(220, 0.2 / PARTIALS), RATE, 220.0)
    assert described.harmonic_energy == pytest.approx(0.06366, abs=5e-6)  # in closed form 0.06385
    assert described.odd_to_even == pytest.approx(3.1096, abs=5e-5)  # in closed form 3.1197
    assert described.noisiness == pytest.approx(0.92230, abs=5e-6)
    assert described.noisiness_corrected == pytest.approx(0.0, abs=0.005)


def test_noise_beside_the_reference_tone_is_its_share_of_the_energy():
    described = describe(tone(220, 0.2 / PARTIALS, 2) + noise(2), RATE, 220.0)
    noise_energy, tone_energy = 2 * 0.05**2, np.square(0.2 / PARTIALS).sum()  # an analytic signal has twice the power
    share = noise_energy / (noise_energy + tone_energy)
    assert described.noisiness_corrected.mean() == pytest.approx(share, abs=0.004)


def test_a_sine_reads_the_bandwidth_of_the_window():
    described = describe(tone(32_768 / RATE * 220, [0.5]), RATE, 32_768 / RATE * 220)
    assert described.noisiness == pytest.approx(1 - 1 / 12.8334, abs=1e-3)
    assert describe(tone(RATE * 160 / 32_768, [0.5]), RATE, RATE * 160 / 32_768).noisiness == pytest.approx(
        0.92208, abs=5e-6
    )  # exactly on a bin


def test_white_noise_is_all_noise():
    assert describe(noise(), RATE, 220.0).noisiness_corrected.min() > 0.8


@pytest.mark.parametrize("f0_hz", [55.0, 130.8, 329.6, 490.0])
def test_any_partials_have_their_closed_forms(f0_hz):
    amplitudes = np.random.default_rng(round(f0_hz)).uniform(0.01, 0.1, 20)
    described = describe(tone(f0_hz, amplitudes), RATE, f0_hz)
    energies = amplitudes**2
    assert described.harmonic_energy == pytest.approx(energies.sum(), rel=0.01)
    assert described.odd_to_even == pytest.approx(energies[::2].sum() / energies[1::2].sum(), rel=0.02)


@pytest.mark.parametrize("inharmonicity", [0.0, 0.0002, 0.00095])
def test_partials_of_a_stiff_string_are_found(inharmonicity):
    described = describe(tone(110, np.full(20, 0.05), inharmonicity=inharmonicity), RATE, 110.0)
    assert described.harmonic_energy == pytest.approx(20 * 0.05**2, rel=0.02)


def test_a_fundamental_within_5_hz_is_found():
    near, far = (describe(tone(220, 0.2 / PARTIALS), RATE, f0_hz) for f0_hz in (224.9, 235.0))
    assert near.harmonic_energy == pytest.approx(0.06366, abs=1e-4)
    assert far.harmonic_energy.max() < 0.06


def test_the_tracked_fundamental_serves_as_well_as_the_given_one():
    signal = tone(196, 0.2 / PARTIALS)
    tracked, given = describe(signal, RATE), describe(signal, RATE, 196.0)
    assert tracked.f0_hz == pytest.approx(196, abs=1.0)
    for name in HARMONIC:
        assert getattr(tracked, name) == pytest.approx(getattr(given, name), rel=1e-3, abs=1e-3)


def test_frames_lie_where_they_say():
    described = describe(np.concatenate([tone(110, 0.2 / PARTIALS, 1), tone(165, 0.2 / PARTIALS, 1)]), RATE)
    assert described.seconds[0] == 0.05
    assert np.diff(described.seconds) == pytest.approx(0.025, abs=1e-4)
    assert described.f0_hz[described.seconds < 0.98] == pytest.approx(110, abs=1)
    assert described.f0_hz[described.seconds > 1.02] == pytest.approx(165, abs=1)


def test_unvoiced_frames_have_no_harmonic_descriptors():
    described = describe(np.concatenate([tone(220, 0.2 / PARTIALS, 1), noise(1)]), RATE)
    unvoiced = np.isnan(described.f0_hz)
    assert not unvoiced[described.seconds < 0.9].any()
    assert unvoiced[described.seconds > 1.1].mean() > 0.7
    for name in HARMONIC:
        np.testing.assert_array_equal(np.isnan(getattr(described, name)), unvoiced)
    assert np.isfinite(described.rms_energy).all()


def test_envelope_is_the_amplitude_and_its_cut_off_is_5_hz():
    time = np.arange(4 * RATE) / RATE
    for hertz, passed in ((0.5, 1.0), (5.0, math.sqrt(0.5)), (10.0, 1 / math.sqrt(1 + 2**6))):
        signal = (1 + 0.5 * np.cos(2 * np.pi * hertz * time)) * np.sin(2 * np.pi * 440 * time)
        described = describe(signal, RATE, 440.0)
        settled = described.rms_energy[(described.seconds > 1.5) & (described.seconds < 3.5)]
        assert settled.mean() == pytest.approx(1.0, abs=0.02)
        assert settled.std() * math.sqrt(2) == pytest.approx(0.5 * passed, rel=0.04)


def test_envelope_lags_by_what_its_filter_takes():
    described = describe(np.concatenate([np.zeros(RATE), tone(440, [1.0], 1)]), RATE, 440.0)
    risen = described.seconds[described.rms_energy > 0.5][0]
    assert 0 < risen - (1 + 2 / (2 * np.pi * 5)) < 0.03  # the delay at 0 Hz, and the next frame


def test_gain_scales_the_energies_and_nothing_else():
    signal = tone(220, 0.2 / PARTIALS) + noise()
    once, twice = describe(signal, RATE, 220.0), describe(2 * signal, RATE, 220.0)
    for name, factor in {"rms_energy": 2, "harmonic_energy": 4, "odd_to_even": 1, "noisiness": 1}.items():
        assert getattr(twice, name) == pytest.approx(factor * getattr(once, name), rel=1e-9)


def test_partials_above_half_the_rate_find_nothing():
    described = describe(tone(1995, [0.4, 0.2], rate=8_000), 8_000, 1995.0)
    assert described.harmonic_energy == pytest.approx(0.2, rel=0.02)
    assert described.odd_to_even == pytest.approx(4.0, rel=0.02)


@pytest.mark.parametrize("f0_hz", [None, 220.0])
def test_silence_is_neither_harmonic_nor_noisy(f0_hz):
    described = describe(np.zeros(RATE // 2), RATE, f0_hz)
    for name in ("odd_to_even", "noisiness", "noisiness_corrected"):
        assert np.isnan(getattr(described, name)).all()
    assert (described.rms_energy == 0).all()


@pytest.mark.parametrize(("samples", "frames"), [(0, 0), (1, 0), (4_409, 0), (4_410, 1), (5_511, 1), (5_512, 2)])
@pytest.mark.parametrize("f0_hz", [None, 220.0])
def test_only_complete_frames_count(samples, frames, f0_hz):
    described = describe(noise()[:samples].astype(np.float32), RATE, f0_hz)
    assert {getattr(described, field.name).shape for field in fields(described)} == {(frames,)}


def test_every_compared_descriptor_is_a_field():
    assert set(DESCRIPTORS) < {field.name for field in fields(Descriptors)}


@pytest.mark.parametrize("f0_hz", [0.0, 5.0, 22_050.0, math.nan])
def test_unusable_fundamental_is_refused(f0_hz):
    with pytest.raises(ValueError, match="fundamental must lie"):
        describe(noise(), RATE, f0_hz)


def test_stereo_is_refused():
    with pytest.raises(ValueError, match="mono"):
        describe(np.zeros((2, RATE)), RATE)
