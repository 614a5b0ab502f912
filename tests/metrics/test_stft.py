import auraloss.freq
import pytest
import torch

import wavemix.metrics.stft
from wavemix.metrics.stft import FLOOR, MultiResolutionSTFT, STFTDistance, mid_side, mid_side_distance

DISTANCE = MultiResolutionSTFT()


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return 0.1 * torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape", [(1, 1, 1_025), (1, 2, 20_000), (3, 2, 30_001)])
def test_it_is_what_auraloss_says(shape):
    mix, reference = noise(*shape), noise(*shape, seed=1) / 3
    expected = auraloss.freq.MultiResolutionSTFTLoss()(mix, reference)
    assert DISTANCE(mix, reference) == pytest.approx(float(expected), rel=1e-5)


def test_mid_and_side_is_what_auraloss_says():
    mix, reference = noise(2, 2, 20_000), noise(2, 2, 20_000, seed=1)
    reference[:, 1] += reference[:, 0]
    expected = auraloss.freq.SumAndDifferenceSTFTLoss([1024, 2048, 512], [120, 240, 50], [600, 1200, 240])
    assert mid_side_distance(DISTANCE, mix, reference) == pytest.approx(float(expected(mix, reference)), rel=1e-5)


@pytest.mark.parametrize("piece_samples", [1, 2_000, 1 << 20])
def test_the_size_of_a_piece_changes_nothing(piece_samples, monkeypatch):
    mix, reference = noise(1, 2, 30_000), noise(1, 2, 30_000, seed=1)
    expected = float(DISTANCE(mix, reference))
    monkeypatch.setattr(wavemix.metrics.stft, "_PIECE_SAMPLES", piece_samples)
    assert float(DISTANCE(mix, reference)) == pytest.approx(expected, rel=1e-5)


def test_equal_signals_are_at_distance_0():
    assert float(DISTANCE(noise(1, 2, 5_000), noise(1, 2, 5_000))) == 0.0


def test_a_gain_has_its_closed_form():
    """Half as loud: the convergence is 1/2, the logarithms differ by ln 2."""
    reference = noise(1, 2, 50_000)
    assert float(DISTANCE(reference / 2, reference)) == pytest.approx(0.5 + 0.6931, abs=1e-3)


def test_silence_against_silence_is_0_and_against_sound_finite():
    silence, sound = torch.zeros(1, 2, 5_000), noise(1, 2, 5_000)
    assert float(DISTANCE(silence, silence)) == 0.0
    assert 1.0 < float(DISTANCE(silence, sound)) < 20.0
    assert torch.isfinite(DISTANCE(sound, silence)) and DISTANCE(sound, silence) > 1_000  # errors over the floor


@pytest.mark.parametrize("samples", [1, 100, 600, 1_024])
def test_short_signals_have_a_distance(samples):
    assert float(DISTANCE(noise(1, 2, samples), noise(1, 2, samples))) == 0.0
    assert float(DISTANCE(noise(1, 2, samples), noise(1, 2, samples, seed=1))) > 0.0


@pytest.mark.parametrize("reference", [noise(1, 2, 5_000), noise(1, 2, 5_000, seed=1), torch.zeros(1, 2, 5_000)])
@pytest.mark.parametrize("loudness", [0.0, 1.0])
def test_gradients_are_finite(reference, loudness):
    mix = (loudness * noise(1, 2, 5_000)).requires_grad_()
    DISTANCE(mix, reference).backward()
    assert torch.isfinite(mix.grad).all()


def test_it_can_be_learned_from():
    reference, gain = noise(1, 2, 5_000), torch.tensor(0.2)
    for _ in range(15):
        gain.requires_grad_()
        (slope,) = torch.autograd.grad(DISTANCE(gain * reference, reference), gain)
        gain = (gain - 0.05 * slope).detach()
    assert float(gain) == pytest.approx(1.0, abs=0.15)


def test_mid_and_side_are_sum_and_difference():
    stereo = noise(3, 2, 100)
    mid, side = mid_side(stereo).unbind(-2)
    assert torch.equal(mid, stereo[:, 0] + stereo[:, 1]) and torch.equal(side, stereo[:, 0] - stereo[:, 1])


def test_a_faint_side_counts_as_much_as_the_mid():
    mid, side = noise(1, 1, 20_000), noise(1, 1, 20_000, seed=1)
    reference = torch.cat([mid + side / 100, mid - side / 100], dim=1)
    mono = torch.cat([mid, mid], dim=1)
    assert mid_side_distance(DISTANCE, mono, reference) > 10 * DISTANCE(mono, reference)


def test_windows_move_with_the_module_and_are_no_weights():
    assert not DISTANCE.state_dict()
    assert STFTDistance(64, 16, 32).to(torch.float64).window.dtype == torch.float64


def test_the_floor_is_that_of_auraloss():
    assert auraloss.freq.STFTLoss().eps == pytest.approx(FLOOR**2)


@pytest.mark.parametrize("shapes", [((1, 2, 100), (1, 2, 101)), ((2, 100), (2, 100))])
def test_wrong_shapes_are_refused(shapes):
    with pytest.raises(ValueError, match="need two"):
        DISTANCE(*map(torch.zeros, shapes))
