"""The network of the paper: a one-dimensional U-Net on waveforms, with valid convolutions only.

After Stoller et al. 2018 (Wave-U-Net, valid-context variant M4), Martínez-Ramírez et al. 2021 (its use as a
mixer) and Koszewski et al. 2023, section 2 (levels, filters, kernels).
"""

import torch
from torch import Tensor, nn

from wavemix.waveunet import lengths
from wavemix.waveunet.size import check_size

LEAKY_SLOPE = 0.2


def centre_crop(x: Tensor, samples: int) -> Tensor:
    """The middle `samples` of the last axis.

    Raises:
        ValueError: If `x` is shorter than `samples`, or its surplus is odd: then nothing is in the middle.
    """
    surplus = x.shape[-1] - samples
    if surplus < 0 or surplus % 2:
        raise ValueError(f"cannot crop {x.shape[-1]} samples to the {samples} in their centre")
    start = surplus // 2
    return x[..., start : start + samples]


def upsample(x: Tensor) -> Tensor:
    """Linear interpolation n -> 2n - 1: the samples stay, and the mean of neighbours goes between.

    Shape:
        `(batch, channels, n)` to `(batch, channels, 2 n - 1)`.
    """
    between = (x[..., :-1] + x[..., 1:]) / 2
    interleaved = torch.stack((x[..., :-1], between), dim=-1).flatten(-2)
    return torch.cat((interleaved, x[..., -1:]), dim=-1)


class WaveUNet(nn.Module):
    """Mixes `inputs` tracks into `outputs` channels.

    Level i (from 1) has `filters * i` filters, the bottleneck `filters * (levels + 1)`. There is no padding
    and no normalisation: the first outputs depend on the first `input_length(1)` inputs and on nothing else,
    so a song mixed in chunks is the song mixed whole.

    Attributes:
        inputs: Number of mono inputs.
        outputs: Number of output channels.

    Raises:
        ValueError: As `check_size`.

    Shape:
        `(batch, inputs, samples)` to `(batch, outputs, samples - 2 * context)`, for the lengths that
        `input_length` returns.

    Examples:
        >>> net = WaveUNet(inputs=4, outputs=2, levels=3, filters=2)
        >>> samples = net.input_length(1000)
        >>> net(torch.zeros(1, 4, samples)).shape[-1] == samples - 2 * net.context
        True
    """

    def __init__(
        self,
        inputs: int,
        outputs: int = 2,
        levels: int = lengths.LEVELS,
        filters: int = 24,
        down_kernel: int = lengths.DOWN_KERNEL,
        up_kernel: int = lengths.UP_KERNEL,
    ) -> None:
        super().__init__()
        check_size(inputs, outputs, levels, filters, down_kernel, up_kernel)
        self.inputs, self.outputs, self.levels, self.filters = inputs, outputs, levels, filters
        self._kernels = (down_kernel, up_kernel)
        width = [inputs, *(filters * level for level in range(1, levels + 2))]
        self.down = nn.ModuleList(nn.Conv1d(width[level], width[level + 1], down_kernel) for level in range(levels))
        self.bottleneck = nn.Conv1d(width[levels], width[levels + 1], down_kernel)
        # up[i] undoes down[i]: it reads what comes from below beside the skip of its own level.
        self.up = nn.ModuleList(
            nn.Conv1d(width[level + 2] + width[level + 1], width[level + 1], up_kernel) for level in range(levels)
        )
        self.output = nn.Conv1d(filters + inputs, outputs, 1)
        self.activation = nn.LeakyReLU(LEAKY_SLOPE, inplace=True)

    @property
    def hop(self) -> int:
        """Samples by which chunks of one song must start apart, or any multiple of them."""
        return lengths.hop(self.levels)

    @property
    def context(self) -> int:
        """Samples read on each side beyond the output."""
        return lengths.context(self.levels, *self._kernels)

    def input_length(self, output_samples: int) -> int:
        """Shortest valid input, in samples, that gives at least `output_samples`."""
        return lengths.input_length(output_samples, self.levels, *self._kernels)

    def output_length(self, input_samples: int) -> int:
        """Samples that come out for `input_samples` in."""
        return lengths.output_length(input_samples, self.levels, *self._kernels)

    def skip_crop(self, level: int) -> int:
        """Samples by which the skip of a level is longer, on either side, than the upsampled signal it meets."""
        return lengths.skip_crop(level, self.levels, *self._kernels)

    def forward(self, tracks: Tensor) -> Tensor:
        """Mix; see the class for shapes.

        Raises:
            ValueError: If `tracks` has another number of inputs, or a length that is not valid.
        """
        self.output_length(tracks.shape[-1])
        if tracks.shape[-2] != self.inputs:
            raise ValueError(f"the network has {self.inputs} inputs, got {tracks.shape[-2]} tracks")
        x, skips = tracks, []
        for down in self.down:
            x = self.activation(down(x))
            skips.append(x)
            x = x[..., ::2]
        x = self.activation(self.bottleneck(x))
        for level in reversed(range(self.levels)):
            x = self.activation(self.rise(level, x, skips.pop()))
        # Never under autocast: 8-bit mantissas would round the gains of the inputs by up to 0.4 %, which is more
        # than what separates two checkpoints.
        with torch.autocast(tracks.device.type, enabled=False):
            mixed: Tensor = self.output(torch.cat((x.to(tracks.dtype), centre_crop(tracks, x.shape[-1])), dim=1))
        return mixed

    def rise(self, level: int, below: Tensor, skip: Tensor) -> Tensor:
        """One level up: what comes from `below`, upsampled, beside the `skip` of this level, convolved.

        Shape:
            `(batch, filters * (level + 2), n)` and `(batch, filters * (level + 1), m)` to
            `(batch, filters * (level + 1), 2 n - up_kernel)`.
        """
        risen = upsample(below)
        convolved: Tensor = self.up[level](torch.cat((risen, centre_crop(skip, risen.shape[-1])), dim=1))
        return convolved
