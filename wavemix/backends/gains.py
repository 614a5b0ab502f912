"""Networks that need not be computed: the output layer gives their features no weight, so they are its gains alone."""

from collections.abc import Callable

from torch import Tensor
from torch.nn import functional

from wavemix.waveunet.network import WaveUNet


def ignores_features(net: WaveUNet) -> bool:
    """Whether the outputs are fixed gains of the inputs, as after `static_mix_`."""
    return not net.output.weight[:, : net.filters].any()


def build(net: WaveUNet) -> Callable[[Tensor], Tensor]:
    """The window of such a network: see `wavemix.backends.Backend`."""
    gains, bias = net.output.weight[:, net.filters :], net.output.bias

    def window(tracks: Tensor) -> Tensor:
        return functional.conv1d(tracks[..., net.context : -net.context], gains, bias)

    return window
