"""Starting a network at a static mix: fixed gains from each input to each output."""

import torch
from torch import Tensor

from wavemix.waveunet.network import WaveUNet


def static_mix_(net: WaveUNet, gains: Tensor) -> WaveUNet:
    """Make the network, in place, a static mix of its inputs: training starts there and improves on it.

    The output layer reads the inputs beside the learned features. Here the features get weight 0 and the
    inputs the given gains. The hidden layers keep their random weights, so that they learn from the first step
    on that the output layer takes.

    Args:
        net: The network to set.
        gains: From each input to each output, `(outputs, inputs)`.

    Raises:
        ValueError: If the gains have another shape.
    """
    if gains.shape != (net.outputs, net.inputs):
        raise ValueError(f"gains must be ({net.outputs}, {net.inputs}), got {tuple(gains.shape)}")
    with torch.no_grad():
        net.output.weight.zero_()
        net.output.weight[:, net.filters :, 0] = gains
        if net.output.bias is not None:
            net.output.bias.zero_()
    return net


def sum_gains(inputs: int, outputs: int, input_channels: int = 1) -> Tensor:
    """The plain sum as gains, `(outputs, inputs)`.

    Args:
        inputs: Number of inputs.
        outputs: Number of outputs.
        input_channels: 1 if the inputs are mono: each is panned to the centre, at unity gain on either side.
            As many as the outputs if the inputs are interleaved channels (left, right, left ...): each goes to
            its own side.

    Raises:
        ValueError: If `input_channels` is neither, or the inputs cannot be divided by it.
    """
    if input_channels not in (1, outputs) or inputs % input_channels:
        raise ValueError(f"cannot sum {inputs} inputs of {input_channels} channels to {outputs} outputs")
    if input_channels == 1:
        return torch.ones(outputs, inputs)
    return torch.eye(outputs).repeat(1, inputs // outputs)


def sum_of_inputs_(net: WaveUNet, input_channels: int = 1) -> WaveUNet:
    """Make the network, in place, the plain sum of its inputs; see `static_mix_` and `sum_gains`."""
    return static_mix_(net, sum_gains(net.inputs, net.outputs, input_channels))
