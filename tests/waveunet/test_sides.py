import torch

from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.sides import mix_sides

NET = WaveUNet(inputs=3, levels=2, filters=2)


def test_mono_tracks_are_read_once():
    tracks = torch.randn(4, 1, 3, NET.input_length(50))
    torch.testing.assert_close(mix_sides(NET, tracks), NET(tracks[:, 0]))


def test_each_side_gives_its_own_output():
    tracks = torch.randn(4, 2, 3, NET.input_length(50))
    mixed = mix_sides(NET, tracks)
    torch.testing.assert_close(mixed[:, 0], NET(tracks[:, 0])[:, 0])
    torch.testing.assert_close(mixed[:, 1], NET(tracks[:, 1])[:, 1])


def test_two_sides_that_are_alike_are_mono():
    tracks = torch.randn(4, 1, 3, NET.input_length(50))
    torch.testing.assert_close(mix_sides(NET, tracks.expand(-1, 2, -1, -1)), mix_sides(NET, tracks))


def test_gradients_reach_both_sides():
    tracks = torch.randn(1, 2, 3, NET.input_length(50), requires_grad=True)
    mix_sides(NET, tracks).square().sum().backward()
    assert tracks.grad is not None
    assert tracks.grad.abs().amax(dim=(0, 2, 3)).min() > 0
