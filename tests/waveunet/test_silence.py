"""Silence in, silence out, and nothing else changed."""

import torch

from wavemix.waveunet import WaveUNet
from wavemix.waveunet.silence import answer_silence_with_silence_


def test_only_the_constant_goes() -> None:
    torch.manual_seed(0)
    net = WaveUNet(3, levels=3, filters=4)
    tracks = torch.randn(2, 3, net.input_length(500))
    silence = torch.zeros(1, 3, net.input_length(500))
    with torch.no_grad():
        constant, before = net(silence), net(tracks)
        assert constant.abs().min() > 1e-3
        answer_silence_with_silence_(net)
        assert net(silence).abs().max() < 1e-8
        torch.testing.assert_close(net(tracks), before - constant, atol=1e-6, rtol=0)
