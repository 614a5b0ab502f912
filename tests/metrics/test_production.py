"""Production distances hear what was done to a mix, and not what moved its waveform."""

from dataclasses import asdict, fields

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from wavemix.metrics.production import (
    FLOOR,
    MEAN_FLOOR,
    RMS,
    ProductionDistances,
    production_distances,
    production_or_none,
)

RATE = 44_100
NAMES = [field.name for field in fields(ProductionDistances)]


def music(seed: int = 0, seconds: float = 3.0) -> np.ndarray:
    """Coloured noise that swells and fades, with some of its own on each side: `(2, samples)`."""
    rng = np.random.default_rng(seed)
    samples = round(seconds * RATE)
    noise = scipy.signal.lfilter([1], [1, -0.9], rng.standard_normal((3, samples)))
    swell = 1 + 0.8 * np.sin(2 * np.pi * np.arange(samples) / RATE / (0.7 + 0.1 * seed))
    mid, left, right = noise * swell
    return (0.05 * np.stack([mid + 0.3 * left, mid + 0.3 * right])).astype(np.float32)


def distances(mix: np.ndarray, reference: np.ndarray) -> dict[str, float]:
    return asdict(production_distances(mix, reference))


@pytest.fixture(scope="module")
def reference() -> np.ndarray:
    return music()


def test_a_mix_is_no_way_from_itself(reference):
    assert distances(reference, reference) == dict.fromkeys(NAMES, 0.0)


@given(gain_db=st.floats(-40, 20), sign=st.sampled_from((1, -1)))
def test_polarity_and_a_gain_for_all_change_nothing(gain_db, sign):
    mix = music(seconds=0.3)
    found = distances((sign * 10 ** (gain_db / 20) * mix).astype(np.float32), mix)
    assert all(value == pytest.approx(0, abs=1e-3) for value in found.values()), found


@pytest.mark.parametrize(("samples", "most_db"), [(1, 0.05), (100, 1.0), (1000, 4.0)])
def test_a_delay_below_a_hop_hardly_matters(samples, most_db, reference):
    """The signal is noise, of which nothing stays from one window to the next: music moves less."""
    late = np.roll(reference, samples, axis=1)
    found = distances(late, reference)
    stranger_db = distances(music(1), reference)["log_spectral_db"]
    assert found["log_spectral_db"] < most_db < stranger_db / 2
    assert max(found["ltas_mid_db"], found["ltas_side_db"]) < 0.1
    assert (found["crest_db"], found["width"], found["imbalance"]) == pytest.approx((0, 0, 0), abs=1e-6)


def test_a_longer_delay_is_further_than_a_short_one(reference):
    near, far = (distances(np.roll(reference, shift, axis=1), reference) for shift in (50, 15_000))
    assert near["log_spectral_db"] < far["log_spectral_db"]


def test_phases_do_not_matter(reference):
    """An all-pass leaves every spectrum as it is, and ruins the waveform."""
    turned = scipy.signal.lfilter([-0.7, 1.0], [1.0, -0.7], reference).astype(np.float32)
    found = distances(turned, reference)
    assert max(found["ltas_mid_db"], found["ltas_side_db"], found["log_spectral_db"]) < 0.1
    correlation = np.corrcoef(turned.ravel(), reference.ravel())[0, 1]
    assert correlation < 0.95


def test_a_centred_mix_lacks_the_side_of_a_wide_one(reference):
    centred = np.broadcast_to(reference.mean(axis=0), reference.shape)
    found = distances(centred, reference)
    assert found["ltas_side_db"] > 20
    assert found["ltas_mid_db"] < 1
    mid, side = reference.sum(axis=0, dtype=np.float64), reference[0].astype(np.float64) - reference[1]
    assert found["width"] == pytest.approx((side @ side) / (mid @ mid), rel=1e-4)


def test_the_side_of_a_balance_is_forgotten():
    mix = music(seconds=1) * np.array([[1.0], [0.5]], np.float32)
    assert distances(mix[::-1], mix)["imbalance"] == pytest.approx(0, abs=1e-6)
    left, right = np.square(mix, dtype=np.float64).sum(axis=1)
    even = music(seconds=1)
    even_left, even_right = np.square(even, dtype=np.float64).sum(axis=1)
    wanted = abs(left - right) / (left + right) - abs(even_left - even_right) / (even_left + even_right)
    assert distances(mix, even)["imbalance"] == pytest.approx(wanted, rel=1e-5)


def test_the_crest_of_a_sine_and_of_a_square_differ_by_three_decibels():
    sine = np.sin(2 * np.pi * np.arange(RATE) / 100)[None].astype(np.float32)  # peaks fall on samples
    square = np.where(np.arange(RATE) % 100 < 50, 1, -1)[None].astype(np.float32)
    assert distances(sine, square)["crest_db"] == pytest.approx(10 * np.log10(2), abs=1e-3)


@pytest.mark.parametrize("gain_db", [-6.0, 3.0])
def test_a_gain_of_side_is_its_difference(gain_db, reference):
    """Where no band is near the floor, and side too faint for the level of all to move."""
    mid, side = reference.mean(axis=0), 0.1 * (reference[0] - reference[1]) / 2
    narrow = np.stack([mid + side, mid - side])
    gain = 10 ** (gain_db / 20)
    mix = np.stack([mid + gain * side, mid - gain * side]).astype(np.float32)
    found = distances(mix, narrow)
    assert found["ltas_side_db"] == pytest.approx(abs(gain_db), abs=0.1)
    assert found["ltas_mid_db"] < 0.1
    assert found["log_spectral_db"] == pytest.approx(abs(gain_db) / 2, abs=0.1)  # side is half of what it hears


def test_another_implementation_agrees(reference):
    """scipy's spectra, bands written down as bins, and loops."""
    edges = np.round(2 * 512 ** (np.arange(49) / 48)).astype(int)  # from bin 2 to bin 1024
    for band in range(1, 49):
        edges[band] = max(edges[band], edges[band - 1] + 1)  # every band has a bin
    assert (edges[0], edges[-1]) == (2, 1024)
    decibels, means = [], []
    for stereo in (music(1), reference):
        levelled = stereo.astype(np.float64) * RMS / np.sqrt(np.mean(stereo.astype(np.float64) ** 2))
        for half in (levelled[0] + levelled[1], levelled[0] - levelled[1]):
            window = scipy.signal.get_window("hann", 2048)
            *_, spectrum = scipy.signal.stft(
                half / 2, window=window, nperseg=2048, noverlap=1024, boundary="even", padded=False
            )
            power = np.abs(spectrum * window.sum()) ** 2
            bands = np.stack([power[low:high].mean(axis=0) for low, high in zip(edges, edges[1:], strict=False)])
            decibels.append(10 * np.log10(bands + FLOOR))
            means.append(10 * np.log10(bands.mean(axis=1) + MEAN_FLOOR))
    found = production_distances(music(1), reference)
    log_spectral = np.mean([np.abs(decibels[i] - decibels[i + 2]).mean() for i in (0, 1)])
    assert found.log_spectral_db == pytest.approx(log_spectral, abs=1e-3)
    assert found.ltas_mid_db == pytest.approx(np.abs(means[0] - means[2]).mean(), abs=1e-3)
    assert found.ltas_side_db == pytest.approx(np.abs(means[1] - means[3]).mean(), abs=1e-3)
    assert found.log_spectral_db > 1


def test_a_long_mix_is_measured_in_pieces_as_in_one(reference):
    """Frames of 20 s come in two pieces and more; twice the same sounds as once, but for the seam."""
    once, other = music(0, 12), music(1, 12)
    twice, both = (np.concatenate([audio, audio], axis=1) for audio in (once, other))
    assert production_distances(both, twice).log_spectral_db == pytest.approx(
        production_distances(other, once).log_spectral_db, rel=0.01
    )


def test_mono_is_twice_the_same(reference):
    mono = music(1)[:1]
    assert distances(mono, reference) == distances(np.repeat(mono, 2, axis=0), reference)
    assert distances(reference, mono) == distances(reference, np.repeat(mono, 2, axis=0))


def test_a_mix_is_cut_or_filled_to_the_references_length(reference):
    longer = np.concatenate([reference, music(1)], axis=1)
    assert distances(longer, reference) == dict.fromkeys(NAMES, 0.0)
    shorter = reference[:, : RATE * 2]
    filled = np.pad(shorter, ((0, 0), (0, reference.shape[1] - shorter.shape[1])))
    assert distances(shorter, reference) == distances(filled, reference)
    assert distances(shorter, reference)["log_spectral_db"] > 1


@pytest.mark.parametrize("shape", [(100,), (0, 100), (3, 100), (1, 2, 100)])
def test_other_shapes_are_refused(shape, reference):
    for pair in ((np.ones(shape), reference), (reference, np.ones(shape))):
        with pytest.raises(ValueError, match=r"must be \(1 or 2, samples\)"):
            production_distances(*pair)


def test_silence_has_no_production(reference):
    silence = np.zeros_like(reference)
    for pair in ((silence, reference), (reference, silence)):
        with pytest.raises(ValueError, match="silent"):
            production_distances(*pair)
        assert production_or_none(*pair) is None
    assert production_or_none(reference, reference) == production_distances(reference, reference)
