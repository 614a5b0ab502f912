import pytest
import torch

from wavemix.backends import Backend
from wavemix.zoo import load


@pytest.fixture
def drums(tiny_weights):
    return load("drums", tiny_weights)


def tracks(count=10, samples=5000, batch=1):
    return torch.randn(batch, count, samples, generator=torch.manual_seed(1))


@pytest.mark.parametrize("block_seconds", [1e-6, 0.01, 0.05, 1.0, None])
def test_blocks_of_any_size_give_the_same_mix(drums, block_seconds):
    song = tracks(batch=2)
    with torch.no_grad():
        torch.testing.assert_close(drums(song, block_seconds), drums(song, None), atol=1e-6, rtol=0)


@pytest.mark.parametrize("samples", [0, 1, 7, 8, 9, 1000, 1023])
def test_the_mix_is_as_long_as_the_song(drums, samples):
    assert drums(tracks(samples=samples), 0.005).shape == (1, 2, samples)


def test_with_gradients_the_same(drums):
    song = tracks()
    with torch.no_grad():
        expected = drums(song)
    trained = drums(song, 0.02)
    assert trained.requires_grad
    torch.testing.assert_close(trained.detach(), expected, atol=1e-6, rtol=0)


def test_fewer_tracks_are_padded_and_more_are_refused(drums):
    song = tracks(12)
    with torch.no_grad():
        padded = torch.cat((song[:, :3], torch.zeros(1, 7, 5000)), dim=1)
        torch.testing.assert_close(drums(song[:, :3]), drums(padded))
        with pytest.raises(ValueError, match="the model `drums` has 10 slots and was given 12 tracks; `AutoMix"):
            drums(song)


@pytest.mark.parametrize("block_seconds", [0, -1, float("nan")])
def test_impossible_blocks_are_refused(drums, block_seconds):
    with pytest.raises(ValueError, match="block_seconds must be positive"):
        drums(tracks(), block_seconds)


def test_a_network_whose_features_have_no_weight_is_not_computed(sum_weights):
    built = []

    def build(net):
        built.append(net)
        return net

    model = load("drums", sum_weights)
    model.backend = Backend("counting", build)
    song = tracks(batch=2)
    with torch.no_grad():
        torch.testing.assert_close(model(song, 0.02), song.sum(dim=1, keepdim=True).expand(-1, 2, -1))
        model.net.output.bias.fill_(0.5)
        torch.testing.assert_close(model(song), song.sum(dim=1, keepdim=True).expand(-1, 2, -1) + 0.5)
        assert not built
        model.net.output.weight[1, 0] = 1e-9
        model(song)
    assert built == [model.net]
