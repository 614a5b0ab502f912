"""The same network, computed faster: upsampling and convolving at the lower rate.

`rise` interpolates n samples to 2n - 1 and convolves the result with w. With u[2j] = x[j] and
u[2j + 1] = (x[j] + x[j + 1]) / 2 the even and the odd outputs of that convolution,

    y[t] = sum_k w[k] u[t + k],

are each a convolution of x itself. Its taps follow by collecting the coefficients of x[m + i] in y[2m] and in
y[2m + 1]: a tap w[k] that meets an original sample goes there whole, one that meets a mean goes half to each
neighbour. For five taps at the high rate that makes three and four at the low rate, and the upsampled signal
is never stored.
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from wavemix.waveunet.network import WaveUNet, centre_crop


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


class PolyphaseWaveUNet(nn.Module):
    """Inference form of a `WaveUNet`: the same outputs to float rounding, for less work.

    The given network is kept and shared, not copied; the folded kernels are computed here, once, so change
    the network's weights before building this.

    Shape:
        As the network's.
    """

    def __init__(self, net: WaveUNet) -> None:
        super().__init__()
        self.net = net
        with torch.no_grad():
            for level, up in enumerate(net.up):
                weight = cast(Tensor, up.weight)
                below = net.filters * (level + 2)
                self.register_buffer(f"even{level}", phase_taps(weight[:, :below], 0), persistent=False)
                self.register_buffer(f"odd{level}", phase_taps(weight[:, :below], 1), persistent=False)
                self.register_buffer(f"skip{level}", weight[:, below:].contiguous(), persistent=False)

    def forward(self, tracks: Tensor) -> Tensor:
        """Mix; as `WaveUNet.forward`."""
        return cast(Tensor, self.net(tracks, self.rise))

    def rise(self, level: int, below: Tensor, skip: Tensor) -> Tensor:
        """As `WaveUNet.rise`."""
        risen_samples = 2 * below.shape[-1] - 1
        out = functional.conv1d(
            centre_crop(skip, risen_samples),
            self.get_buffer(f"skip{level}"),
            cast(Tensor, self.net.up[level].bias),
        )
        out[..., 0::2] += functional.conv1d(below, self.get_buffer(f"even{level}"))
        out[..., 1::2] += functional.conv1d(below, self.get_buffer(f"odd{level}"))
        return out
