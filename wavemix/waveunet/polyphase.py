"""The network computed faster: upsampling and convolving at the lower rate, channels last.

`rise` interpolates n samples to 2n - 1 and convolves the result with w. With u[2j] = x[j] and
u[2j + 1] = (x[j] + x[j + 1]) / 2 the even and the odd outputs of that convolution,

    y[t] = sum_k w[k] u[t + k],

are each a convolution of x itself. Its taps follow by collecting the coefficients of x[m + i] in y[2m] and in
y[2m + 1]: a tap w[k] that meets an original sample goes there whole, one that meets a mean goes half to each
neighbour. For five taps at the high rate that makes three and four at the low rate, and the upsampled signal
is never stored.

One convolution with twice the outputs computes both, in pairs (y[2m - 1], y[2m]) that read the same samples. If the
channels of a sample lie together in memory, which is also what oneDNN's fastest convolutions want, these pairs are
the risen signal as it stands, and crops are views. The first pair lacks its first half: the bottleneck gets a sample
of silence in front, and the one output that heard it is dropped at the end.
"""

import copy
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from wavemix.waveunet.network import LEAKY_SLOPE, WaveUNet


def phase_taps(weight: Tensor, phase: int) -> Tensor:
    """Low-rate kernel that gives every second output of an interpolation followed by a convolution.

    Args:
        weight: The kernel at the high rate, `(out, in, taps)`.
        phase: 0 for outputs 0, 2, 4 ..., 1 for outputs 1, 3, 5 ...

    Returns:
        The kernel at the low rate, `(out, in, low_rate_taps)`.
    """
    taps = weight.shape[-1]
    low = weight.new_zeros((*weight.shape[:-1], (phase + taps - 1) // 2 + (phase + taps - 1) % 2 + 1))
    for k in range(taps):
        sample, between = divmod(phase + k, 2)
        if between:
            low[..., sample] += weight[..., k] / 2
            low[..., sample + 1] += weight[..., k] / 2
        else:
            low[..., sample] += weight[..., k]
    return low


def pair_taps(weight: Tensor) -> Tensor:
    """Low-rate kernel that gives the outputs 2m - 1 and 2m together, from the samples m - 1, m, m + 1 ...

    Args:
        weight: The kernel at the high rate, `(out, in, taps)`; the number of taps is odd.

    Returns:
        `(2 out, in, low_rate_taps)`: the kernels of the odd outputs, then those of the even ones.
    """
    even = functional.pad(phase_taps(weight, 0), (1, 0))  # it reads one sample less
    return torch.cat((phase_taps(weight, 1), even))


class PolyphaseWaveUNet(nn.Module):
    """Inference form of a `WaveUNet`: the same outputs to float rounding, for less work.

    The given network is kept and shared, not copied, unless it is computed in another precision; the folded kernels
    are computed here, once, so change the network's weights before building this.

    Args:
        net: The network.
        dtype: What features are computed in, not the output layer; None for what the network has.

    Shape:
        As the network's.
    """

    def __init__(self, net: WaveUNet, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.dtype = dtype or net.output.weight.dtype
        self.net = net if self.dtype == net.output.weight.dtype else _with_features(net, self.dtype)
        with torch.no_grad():
            for level in range(net.levels):
                below, _ = split_up(net, level)
                self.register_buffer(f"pair{level}", pair_taps(below).to(self.dtype), persistent=False)

    def forward(self, tracks: Tensor) -> Tensor:
        """Mix; as `WaveUNet.forward`."""
        net = self.net
        tracks = _channels_last(tracks[:, :, None])  # (batch, inputs, 1, samples)
        x, skips = tracks.to(self.dtype), []
        for down in net.down:
            x = _convolve(x, down)
            skips.append(x)
            x = _channels_last(x[..., ::2])
        x = _convolve(x, net.bottleneck)
        x = _channels_last(functional.pad(x, (1, 0)))
        for level in reversed(range(net.levels)):
            x = self._rise(level, x, skips.pop())
        x, gains = x[..., 1:].to(tracks.dtype), net.output.weight[..., None]
        mixed = functional.conv2d(x, gains[:, : net.filters], net.output.bias)
        mixed += functional.conv2d(tracks[..., net.context : -net.context], gains[:, net.filters :])
        return mixed[:, :, 0]

    def _rise(self, level: int, below: Tensor, skip: Tensor) -> Tensor:
        """What `WaveUNet.rise` and its activation give; `below` and what is returned have the odd first sample."""
        crop = self.net.skip_crop(level)
        _, weight = split_up(self.net, level)
        bias = cast(Tensor, self.net.up[level].bias)
        out = functional.conv2d(skip[..., crop - 1 : -crop], weight[:, :, None], bias)
        pairs = functional.conv2d(below, self.get_buffer(f"pair{level}")[:, :, None])
        batch, channels, _, count = pairs.shape
        risen = pairs.view(batch, 2, channels // 2, count).permute(0, 2, 3, 1).flatten(2)
        out += risen[:, :, None]
        return functional.leaky_relu_(out, LEAKY_SLOPE)


def _with_features(net: WaveUNet, dtype: torch.dtype) -> WaveUNet:
    """A copy of a network whose features have another precision; its output layer is the network's own."""
    copied = copy.deepcopy(net).to(dtype)
    copied.output = net.output
    return copied


def split_up(net: WaveUNet, level: int) -> tuple[Tensor, Tensor]:
    """The kernel of the way up to a level, as it meets what comes from below, and the skip: views of its weight."""
    weight = cast(Tensor, net.up[level].weight)
    below = net.filters * (level + 2)
    return weight[:, :below], weight[:, below:]


def _channels_last(x: Tensor) -> Tensor:
    """Bring a tensor into the order in memory that the device's convolutions are fastest with."""
    return x.contiguous(memory_format=torch.channels_last) if x.device.type == "cpu" else x


def _convolve(x: Tensor, layer: nn.Module) -> Tensor:
    """A layer's convolution of `(batch, in, 1, samples)`, and the activation."""
    weight = cast(Tensor, layer.weight)
    return functional.leaky_relu_(functional.conv2d(x, weight[:, :, None], cast(Tensor, layer.bias)), LEAKY_SLOPE)
