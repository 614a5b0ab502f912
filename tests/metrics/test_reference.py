import math

import numpy as np
import pytest
import torch
from torchmetrics.functional.audio import scale_invariant_signal_distortion_ratio

from wavemix.metrics.reference import AgainstReference, against, bark_bands, bark_spectrum, imbalance, si_sdr_db, width

RATE = 44_100
ONE_DB = (math.log(10) / 20) ** 2


def stereo(seed: int = 0, samples: int = RATE) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal((2, samples)).astype(np.float32)


def test_a_mix_against_itself():
    song = stereo() * [[1.0], [0.5]]
    result = against(song, song, RATE)
    assert result == AgainstReference(math.inf, 0.0, 0.0, width(song), 0.0, imbalance(song), 0.0, 0.0)


def test_a_worse_mix_is_worse_in_every_measure():
    reference = stereo() * [[1.0], [0.7]]
    added = stereo(1)[:1]  # to both sides, and more to the right
    near, far = (against(reference + share * added * [[1.0], [1.5]], reference, RATE) for share in (0.1, 1.0))
    assert near.si_sdr_db > far.si_sdr_db
    for measure in ("stft_left_right", "stft_mid_side", "width_error", "imbalance_error", "bark_mse"):
        assert 0 < getattr(near, measure) < getattr(far, measure)


def test_si_sdr_is_what_torchmetrics_says():
    mix, reference = stereo() + stereo(1) / 5, stereo()
    expected = scale_invariant_signal_distortion_ratio(*(torch.from_numpy(audio).ravel() for audio in (mix, reference)))
    assert si_sdr_db(mix, reference) == pytest.approx(float(expected), abs=1e-3)


def test_si_sdr_ignores_a_gain_but_not_a_panning():
    mix, reference = stereo() + stereo(1) / 5, stereo()
    assert si_sdr_db(7 * mix, reference) == pytest.approx(si_sdr_db(mix, reference))
    assert si_sdr_db(reference * [[1.0], [0.5]], reference) == pytest.approx(10 * math.log10(9), abs=0.05)


def test_width_of_two_unrelated_sides_is_1_and_of_mono_0():
    left, right = stereo()
    assert width(np.stack([left, right])) == pytest.approx(1.0, abs=0.03)
    assert width(np.stack([left, left])) == 0.0
    assert width(np.stack([left, -left])) == math.inf
    assert width(np.stack([left, 0.5 * left])) == pytest.approx(1 / 9, rel=1e-5)


def test_imbalance_leans_to_the_louder_side():
    left = stereo()[0]
    assert imbalance(np.stack([left, left])) == 0.0
    assert imbalance(np.stack([left, 0.5 * left])) == pytest.approx(-0.6)
    assert imbalance(np.stack([0 * left, left])) == 1.0


def test_a_gain_has_its_closed_form_in_the_bark_distance():
    reference = stereo()
    assert against(10 ** (1 / 20) * reference, reference, RATE).bark_mse == pytest.approx(ONE_DB, rel=1e-3)


def test_a_full_scale_sine_reads_its_level_in_its_band():
    """A Hann window spreads a sine between bins over three; their magnitudes are 1/2, 1 and 1/2."""
    band = 10
    peak_bin = int(bark_bands(RATE)[band].argmax())
    cosine = np.cos(2 * np.pi * peak_bin / 32_768 * np.arange(4 * 32_768 + 1)) / 2  # goes on where it is reflected
    mid, side = bark_spectrum(np.stack([cosine, cosine]), RATE)
    assert mid.argmax() == band
    weights = bark_bands(RATE)[band, peak_bin - 1 : peak_bin + 2]
    assert mid[band] == pytest.approx(math.log(weights @ [0.5, 1.0, 0.5]), abs=1e-3)
    assert side == pytest.approx(math.log(1e-6))


@pytest.mark.parametrize("rate", [8_000, 44_100, 96_000])
def test_bark_bands_share_the_range_without_gaps(rate):
    bands = bark_bands(rate)
    assert bands.shape == (24, 16_385)
    assert bands.sum(axis=1) == pytest.approx(1.0)
    frequencies = np.fft.rfftfreq(32_768, 1 / rate)
    assert not bands[:, (frequencies < 20) | (frequencies > 20_000)].any()
    centres = bands @ frequencies
    assert (np.diff(centres) > 0).all() and (np.diff(np.diff(centres)) > 0).all()
    covered = bands.any(axis=0) | (frequencies <= 20) | (frequencies >= min(20_000, rate / 2))
    assert covered.all()


@pytest.mark.parametrize("silent", ["mix", "reference", "both"])
def test_silence_has_documented_values(silent):
    mix, reference = stereo() * np.float32(silent == "reference"), stereo() * np.float32(silent == "mix")
    result = against(mix, reference, RATE)
    assert result.si_sdr_db == -math.inf
    finite = [value for name, value in vars(result).items() if name != "si_sdr_db"]
    assert np.isfinite(finite).all()
    if silent != "reference":
        assert (result.width, result.imbalance) == (0.0, 0.0)


def test_two_mixes_without_a_mid_have_the_same_width():
    left = stereo()[0]
    sides = np.stack([left, -left])
    assert against(sides, sides, RATE).width_error == 0.0


def test_short_signals_have_all_measures():
    result = against(stereo(0, 10), stereo(1, 10), RATE)
    assert np.isfinite(list(vars(result).values())).all()


@pytest.mark.parametrize("shape", [(1, 100), (2, 99)])
def test_two_stereo_signals_of_one_length_are_needed(shape):
    with pytest.raises(ValueError, match="need two"):
        against(np.zeros(shape), np.zeros((2, 100)), RATE)
