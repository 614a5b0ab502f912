"""OpenVINO, on the CPU."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import openvino
import torch
from openvino import opset13 as opset
from torch import Tensor
from torch.nn import functional

from wavemix.backends.graph import onnx_model
from wavemix.errors import WavemixError
from wavemix.waveunet.network import WaveUNet

SUFFIX = ".xml"
"""Suffix of the file; the weights lie beside it, in a file that ends in .bin."""

SECTION = "wavemix"
"""Section of the file's runtime information that holds the description."""


@cache
def core() -> openvino.Core:
    """OpenVINO's core, one for this process and for as long as it lives.

    The CPU plugin of every core gives the thread that made it a stack for signal handlers, and takes it away again. Of
    two cores that go in the order in which they came, the second brings back the first's, which is no longer there: the
    next signal, such as Ctrl-C, would end the process with a segmentation fault.
    """
    return openvino.Core()


def build(net: WaveUNet, dtype: torch.dtype = torch.float32) -> Callable[[Tensor], Tensor]:
    """A network's window: see `wavemix.backends.Backend`.

    Raises:
        WavemixError: If the CPU lacks the precision.
    """
    model = _read(net)
    if dtype == torch.float32:
        return _window(model)
    if "BF16" not in core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        raise WavemixError("OpenVINO finds no bfloat16 on this CPU; leave --precision out.")
    # The output layer adds features and tracks. OpenVINO would round the tracks and their gains: PyTorch hears them.
    mixed = model.output(0).get_node().input_value(0).get_node()
    features = _window(openvino.Model([mixed.input_value(0)], model.get_parameters()), "bf16")
    gains = net.output.weight[:, net.filters :]

    def window(tracks: Tensor) -> Tensor:
        return features(tracks).add_(functional.conv1d(tracks[..., net.context : -net.context], gains))

    return window


def save(net: WaveUNet, path: Path, description: Mapping[str, str]) -> None:
    """Write a network as an `.xml` and a `.bin` file, with a description in the former."""
    model = _read(net)
    for key, value in description.items():
        model.set_rt_info(value, [SECTION, key])
    openvino.save_model(model, path, compress_to_fp16=False)


def open_file(path: Path) -> tuple[Callable[[Tensor], Tensor], dict[str, str]]:
    """The window and the description in a file that `save` wrote."""
    model = core().read_model(path)
    return _window(model), dict(model.get_rt_info([SECTION]).value)


def _read(net: WaveUNet) -> openvino.Model:
    model = core().read_model(onnx_model(net).SerializeToString())
    for operation in model.get_ordered_ops():
        if operation.get_type_name() == "Transpose":
            _interleave(operation)
    return model


def _interleave(transpose: openvino.Node) -> None:
    """Put one operation in place of the three that make signals of pairs.

    ONNX has it for images only. Around the three OpenVINO would bring every level's signal into another order in memory
    and back, a tenth of its time.
    """
    unfolded = transpose.input_value(0).get_node()
    [folded] = [target.get_node() for target in transpose.output(0).get_target_inputs()]
    pairs = unfolded.input_value(0)
    risen = opset.depth_to_space(pairs, "blocks_first", 2).output(0)
    for target in folded.output(0).get_target_inputs():
        target.replace_source_output(risen)


def _window(model: openvino.Model, precision: str = "f32") -> Callable[[Tensor], Tensor]:
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": precision,  # else a CPU that has bfloat16 would compute in it
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        "ENABLE_CPU_PINNING": False,  # else several processes would sit on the same cores
    }
    compiled = core().compile_model(model, "CPU", settings)

    def window(tracks: Tensor) -> Tensor:
        mix = torch.from_numpy(compiled([np.ascontiguousarray(tracks.numpy())])[0])
        compiled.release_memory()  # the other four models need it more
        return mix

    return window
