"""Silence stays silence where features are rounded.

A network answers silence with a constant that the bias of its output layer takes back (`wavemix.waveunet.silence`).
Rounded features answer with another, which also depends on a sample's place in its hop, because the places are computed
by different layers. The difference is found once and taken back.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from wavemix.waveunet.network import WaveUNet


def build(rounded: Callable[[WaveUNet], Callable[[Tensor], Tensor]], net: WaveUNet) -> Callable[[Tensor], Tensor]:
    """A network's window: see `wavemix.backends.Backend`.

    Args:
        rounded: Builds the window that rounds.
        net: The network.
    """
    window = rounded(net)
    silence = net.output.weight.new_zeros((1, net.inputs, net.input_length(net.hop)))
    with torch.no_grad():
        correction: Tensor = (net(silence) - window(silence))[..., : net.hop]  # (1, outputs, hop)

    def quiet(tracks: Tensor) -> Tensor:
        mix = window(tracks)
        hops = -(-mix.shape[-1] // net.hop)
        return mix + correction.repeat(1, 1, hops)[..., : mix.shape[-1]]

    return quiet
