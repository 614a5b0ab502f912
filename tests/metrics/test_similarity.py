import math

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from wavemix.metrics.similarity import Similarity, compare_matrices, self_similarity

RATE = 22_050
CHORDS = ((60, 64, 67), (57, 60, 64), (53, 57, 60), (55, 59, 62))


def tone(note: int, seconds: float) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * harmonic * 440 * 2 ** ((note - 69) / 12) * time) / harmonic for harmonic in (1, 2, 3))


def band(bass: float = 1.0, chords: float = 1.0, melody: float = 1.0, noise: float = 0.05) -> np.ndarray:
    """Six seconds of a band of four, each at a gain, `(1, samples)`."""
    bars = []
    for chord in CHORDS:
        low, block = tone(chord[0] - 24, 1.5), sum(tone(note, 1.5) for note in chord)
        line = np.concatenate([tone(note + 12, 0.5) for note in (chord[2], chord[1], chord[2] + 2)])
        bars.append(bass * low + chords * block + melody * line[: low.size])
    song = np.concatenate(bars)
    return 0.1 * (song + noise * np.random.default_rng(0).standard_normal(song.size))[np.newaxis]


@pytest.fixture(scope="module")
def reference() -> np.ndarray:
    return self_similarity(band(), RATE)


def test_the_matrix_compares_every_frame_with_every_other(reference):
    frames = band().shape[1] // 2048 + 1
    assert reference.shape == (frames, frames)
    assert reference == pytest.approx(reference.T)
    assert np.diag(reference) == pytest.approx(255.0)
    assert -1e-9 <= reference.min() < 100


def test_a_bar_is_like_itself_and_unlike_another_chord(reference):
    bar = len(reference) // 4
    inside = reference[bar // 2 - 3 : bar // 2 + 3, bar // 2 - 3 : bar // 2 + 3].mean()
    across = reference[bar // 2 - 3 : bar // 2 + 3, 3 * bar + bar // 2 - 3 : 3 * bar + bar // 2 + 3].mean()
    assert inside > across + 50


def test_a_mix_against_itself_is_perfect(reference):
    assert vars(compare_matrices(reference, reference)) == pytest.approx({"rmse": 0.0, "ssim": 1.0, "vif": 1.0})


def test_the_further_a_mix_goes_the_less_it_is_alike(reference):
    filtered = sosfilt(butter(2, 700, "high", fs=RATE, output="sos"), band())
    steps = [
        self_similarity(mix, RATE)
        for mix in (band(bass=1.5, melody=0.8), band(bass=3.0, melody=0.2), np.roll(band(), 2 * RATE, axis=1))
    ]
    near, far, shifted = (compare_matrices(reference, matrix) for matrix in steps)
    assert 0 < near.rmse < far.rmse < shifted.rmse
    assert 1 > near.ssim > far.ssim > shifted.ssim
    assert near.vif > far.vif > shifted.vif
    changed = compare_matrices(reference, self_similarity(filtered, RATE))
    assert changed.rmse > near.rmse and changed.ssim < near.ssim and changed.vif < 1


def test_a_gain_and_a_pan_change_nothing(reference):
    mono = band()
    panned = np.concatenate([0.6 * mono, 0.2 * mono])
    assert compare_matrices(reference, self_similarity(panned, RATE)).rmse < 0.5


def test_the_tuning_is_not_guessed(monkeypatch):
    import librosa

    def guess(**_):
        raise AssertionError("an estimate would differ between mixes of one song")

    monkeypatch.setattr(librosa.core.constantq, "estimate_tuning", guess)
    self_similarity(band()[:, :RATE], RATE)


def test_silence_is_alike_nothing():
    matrix = self_similarity(np.zeros((2, 4 * RATE)), RATE)
    assert (matrix == 127.5).all()
    assert compare_matrices(matrix, matrix) == Similarity(0.0, pytest.approx(1.0), 1.0)


def test_silence_and_a_mix_can_be_compared(reference):
    silence = np.full_like(reference, 127.5)
    assert compare_matrices(reference, silence).vif == pytest.approx(0.0, abs=1e-9)
    assert compare_matrices(silence, reference).vif == 0.0
    assert compare_matrices(silence, reference).ssim < 0.6


def test_the_numbers_of_a_fixed_pair():
    """RMSE, SSIM as scikit-image's, VIF as sewar's."""
    rows, columns = np.mgrid[:64, :64]
    first = ((7 * rows + 13 * columns) % 256).astype(float)
    second = (first + (5 * rows + 3 * columns) % 17) % 256
    similarity = compare_matrices(first, second)
    assert similarity.rmse == pytest.approx(43.777547, abs=1e-6)
    assert similarity.ssim == pytest.approx(0.789676, abs=1e-6)
    assert similarity.vif == pytest.approx(0.199580, abs=1e-6)


@pytest.mark.parametrize("samples", [1, 1_000, RATE])
def test_short_signals_have_a_matrix_but_no_structure(samples):
    matrix = self_similarity(band()[:, :samples], RATE)
    similarity = compare_matrices(matrix, matrix)
    assert similarity.rmse == 0.0 and math.isnan(similarity.ssim) and math.isnan(similarity.vif)


def test_one_shape_is_needed():
    with pytest.raises(ValueError, match="one shape"):
        compare_matrices(np.zeros((50, 50)), np.zeros((51, 51)))
