"""OpenVINO, on the CPU."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import openvino
import torch
from torch import Tensor

from wavemix.backends.graph import onnx_model
from wavemix.waveunet.network import WaveUNet

SUFFIX = ".xml"
"""Its weights lie beside it, in a file that ends in .bin."""

SECTION = "wavemix"
"""Of the file's runtime information: where the description is."""


def build(net: WaveUNet) -> Callable[[Tensor], Tensor]:
    """A network's window: see `wavemix.backends.Backend`."""
    return _window(_read(net))


def save(net: WaveUNet, path: Path, description: Mapping[str, str]) -> None:
    """Write a network as an `.xml` and a `.bin` file, with a description in the former."""
    model = _read(net)
    for key, value in description.items():
        model.set_rt_info(value, [SECTION, key])
    openvino.save_model(model, path, compress_to_fp16=False)


def open_file(path: Path) -> tuple[Callable[[Tensor], Tensor], dict[str, str]]:
    """The window and the description in a file that `save` wrote."""
    model = openvino.Core().read_model(path)
    return _window(model), dict(model.get_rt_info([SECTION]).value)


def _read(net: WaveUNet) -> openvino.Model:
    return openvino.Core().read_model(onnx_model(net).SerializeToString())


def _window(model: openvino.Model) -> Callable[[Tensor], Tensor]:
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",  # else a CPU that has bfloat16 would compute in it
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        "ENABLE_CPU_PINNING": False,  # else several processes would sit on the same cores
    }
    compiled = openvino.Core().compile_model(model, "CPU", settings)

    def window(tracks: Tensor) -> Tensor:
        mix = torch.from_numpy(compiled([np.ascontiguousarray(tracks.numpy())])[0])
        compiled.release_memory()  # the other four models need it more
        return mix

    return window
