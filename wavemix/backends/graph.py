"""The inference form of a network as an ONNX graph, for the engines that read one.

The operations are those of `PolyphaseWaveUNet`. Every crop is constant, so batch and length are free.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn

from wavemix.waveunet.network import LEAKY_SLOPE, WaveUNet
from wavemix.waveunet.polyphase import pair_taps, split_up

INPUT, OUTPUT = "tracks", "mix"

OPSET, IR_VERSION = 17, 8
"""Versions of ONNX from 2022: they have all that is used, and today's engines read them."""

TIME = 2
"""Axis."""

END = np.iinfo(np.int64).max


def onnx_model(net: WaveUNet, description: Mapping[str, str] | None = None) -> ModelProto:
    """A network as a graph, `(batch, inputs, samples)` to `(batch, outputs, samples - 2 * context)`.

    Args:
        net: The network.
        description: What to write into the model's metadata.
    """
    graph = _Graph()
    graph.wave_u_net(net)
    tracks, mix = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", channels, samples])
        for name, channels, samples in ((INPUT, net.inputs, "samples"), (OUTPUT, net.outputs, "mixed_samples"))
    )
    model = helper.make_model(
        helper.make_graph(graph.nodes, "wavemix", [tracks], [mix], graph.constants),
        producer_name="wavemix",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(model, dict(description or {}))
    return model


class _Graph:
    """A graph in the making; its values are known by their names."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def wave_u_net(self, net: WaveUNet) -> None:
        """All of a network."""
        x, skips = INPUT, []
        for down in net.down:
            x = self.layer(x, down)
            skips.append(x)
            x = self.slice(x, 0, END, step=2)
        x = self.layer(x, net.bottleneck)
        x = self.add("Pad", x, self.integers(0, 0, 1, 0, 0, 0))  # one sample in front
        for level in reversed(range(net.levels)):
            x = self.rise(net, level, x, skips.pop())
        # The features and the tracks apart: OpenVINO takes a twentieth of its time to lay them side by side.
        gains = net.output.weight
        features = self.slice(self.convolve(x, gains[:, : net.filters], net.output.bias), 1, END)
        heard = self.convolve(self.slice(INPUT, net.context, -net.context), gains[:, net.filters :])
        self.add("Add", features, heard)
        self.nodes[-1].output[0] = OUTPUT

    def rise(self, net: WaveUNet, level: int, below: str, skip: str) -> str:
        """One level up."""
        from_below, from_skip = split_up(net, level)
        channels, crop = len(from_below), net.skip_crop(level)
        pairs = self.convolve(below, pair_taps(from_below))
        pairs = self.add("Reshape", pairs, self.integers(0, 2, channels, -1))
        pairs = self.add("Transpose", pairs, perm=[0, 2, 3, 1])  # (batch, channels, pairs, 2)
        risen = self.add("Reshape", pairs, self.integers(0, channels, -1))
        crossed = self.convolve(self.slice(skip, crop - 1, -crop), from_skip, net.up[level].bias)
        return self.activate(self.add("Add", crossed, risen))

    def layer(self, x: str, layer: nn.Module) -> str:
        """A convolution and the activation."""
        return self.activate(self.convolve(x, layer.weight, layer.bias))

    def activate(self, x: str) -> str:
        """The activation."""
        return self.add("LeakyRelu", x, alpha=LEAKY_SLOPE)

    def convolve(self, x: str, *parameters: object) -> str:
        """A valid convolution with a kernel `(out, in, taps)` and, if given, a bias."""
        tensors = [parameter for parameter in parameters if isinstance(parameter, Tensor)]
        return self.add("Conv", x, *(self.constant(tensor.detach().cpu().numpy()) for tensor in tensors))

    def slice(self, x: str, start: int, end: int, step: int = 1) -> str:
        """A part of the samples."""
        return self.add("Slice", x, *(self.integers(value) for value in (start, end, TIME, step)))

    def integers(self, *values: int) -> str:
        """A constant vector."""
        return self.constant(np.array(values, np.int64))

    def constant(self, values: NDArray[Any]) -> str:
        """A constant."""
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operation: str, *values: str, **attributes: Any) -> str:
        """The result of an operation."""
        result = f"{operation}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, values, [result], **attributes))
        return result
