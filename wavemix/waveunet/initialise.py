"""Starting a network at the plain premix."""

import torch

from wavemix.waveunet.network import WaveUNet


def sum_of_inputs_(net: WaveUNet, input_channels: int = 1) -> WaveUNet:
    """Make the network, in place, the plain sum of its inputs: training starts there and improves on it.

    The output layer reads the inputs beside the learned features. Here the features get weight 0 and the
    inputs weight 1. The hidden layers keep their random weights, so that they learn from the first step on
    that the output layer takes.

    Args:
        net: The network to set.
        input_channels: 1 if the inputs are mono: each is panned to the centre, at unity gain on either side.
            As many as the network's outputs if the inputs are interleaved channels (left, right, left ...):
            each goes to its own side.

    Raises:
        ValueError: If `input_channels` is neither, or the inputs cannot be divided by it.
    """
    if input_channels not in (1, net.outputs) or net.inputs % input_channels:
        raise ValueError(f"cannot sum {net.inputs} inputs of {input_channels} channels to {net.outputs} outputs")
    with torch.no_grad():
        net.output.weight.zero_()
        if net.output.bias is not None:
            net.output.bias.zero_()
        from_inputs = net.output.weight[:, net.filters :, 0]  # (outputs, inputs), a view
        for channel in range(net.outputs):
            from_inputs[channel, channel % input_channels :: input_channels] = 1
    return net
