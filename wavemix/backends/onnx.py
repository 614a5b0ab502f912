"""ONNX Runtime."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor

from wavemix.backends.graph import INPUT, onnx_model
from wavemix.waveunet.network import WaveUNet

SUFFIX = ".onnx"


def build(net: WaveUNet) -> Callable[[Tensor], Tensor]:
    """A network's window: see `wavemix.backends.Backend`."""
    return _window(_session(onnx_model(net).SerializeToString()))


def save(net: WaveUNet, path: Path, description: Mapping[str, str]) -> None:
    """Write a network as an `.onnx` file, with a description in its metadata."""
    model = onnx_model(net, description)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def open_file(path: Path) -> tuple[Callable[[Tensor], Tensor], dict[str, str]]:
    """The window and the description in a file that `save` wrote."""
    session = _session(str(path))
    return _window(session), dict(session.get_modelmeta().custom_metadata_map)


def _session(model: bytes | str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    # Each of five sessions would else keep what its largest block took: twice the memory, for 1 % of the time.
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _window(session: onnxruntime.InferenceSession) -> Callable[[Tensor], Tensor]:
    def window(tracks: Tensor) -> Tensor:
        (mix,) = session.run(None, {INPUT: np.ascontiguousarray(tracks.numpy())})
        return torch.from_numpy(mix)

    return window
