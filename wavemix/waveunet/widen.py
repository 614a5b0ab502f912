"""Starting a wide network from a narrow one that has learned already."""

import torch
from torch import nn

from wavemix.waveunet.network import WaveUNet


def widen_(wide: WaveUNet, narrow: WaveUNet) -> WaveUNet:
    """Make a network, in place, give what a narrower one gives; its further filters wait to be used.

    The narrow network's filters come first in every layer and hear nothing of the others. Those keep their random
    weights and hear everything, so that they learn as soon as somebody listens (Chen, Goodfellow & Shlens 2016,
    Net2Net: a wider net that computes the same function).

    Args:
        wide: The network to set, with random weights.
        narrow: One of as many inputs, outputs, levels and samples a kernel, and of no more filters.

    Raises:
        ValueError: If the narrow one is another network but for its filters.
    """
    same = (wide.inputs, wide.outputs, wide.levels) == (narrow.inputs, narrow.outputs, narrow.levels)
    layers = list(zip(_layers(wide), _layers(narrow), strict=False))
    kernels = all(large.kernel_size == small.kernel_size for (large, _), (small, _) in layers)
    if not same or not kernels or narrow.filters > wide.filters:
        raise ValueError("only a narrower network of the same inputs, outputs, levels and kernels can be widened")
    with torch.no_grad():
        for (large, wide_parts), (small, narrow_parts) in layers:
            outputs = small.out_channels
            large.weight[:outputs] = 0
            for source, target in zip(_ranges(narrow_parts), _ranges(wide_parts), strict=True):
                kept = slice(target.start, target.start + source.stop - source.start)
                large.weight[:outputs, kept] = small.weight[:, source]
            assert large.bias is not None and small.bias is not None
            large.bias[:outputs] = small.bias
    return wide


Layer = tuple[nn.Conv1d, tuple[int, ...]]
"""A convolution, and how many channels of its input come from each of its sources."""


def _layers(net: WaveUNet) -> list[Layer]:
    width = [net.inputs, *(net.filters * level for level in range(1, net.levels + 2))]
    ways_up = [(up, (width[level + 2], width[level + 1])) for level, up in enumerate(net.up)]
    ways_down = [(down, (width[level],)) for level, down in enumerate(net.down)]
    ends = [(net.bottleneck, (width[net.levels],)), (net.output, (net.filters, net.inputs))]
    return [(conv, parts) for conv, parts in (*ways_down, *ways_up, *ends) if isinstance(conv, nn.Conv1d)]


def _ranges(parts: tuple[int, ...]) -> list[slice]:
    """Where the channels of each source lie."""
    ends = torch.tensor(parts).cumsum(0).tolist()
    return [slice(end - part, end) for end, part in zip(ends, parts, strict=True)]
