"""The one interface of the engines, and their names."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from torch import Tensor

from wavemix.backends import torch
from wavemix.errors import WavemixError
from wavemix.waveunet.network import WaveUNet

Window = Callable[[Tensor], Tensor]
"""A network as a function, `(batch, inputs, samples)` to `(batch, outputs, samples - 2 * context)`.

It takes the lengths that `WaveUNet.input_length` returns, gives the network's samples to 1e-5, and has no gradients.
"""

BACKENDS = ("torch", "onnx", "openvino")

EXTRA_PACKAGES = {"onnx": ("onnx", "onnxruntime"), "openvino": ("onnx", "openvino")}
"""What an engine needs beside the core's dependencies: the extra `export`."""


@dataclass(frozen=True)
class Backend:
    """An engine.

    Attributes:
        name: As in reports.
        build: Makes a network's window, in the engine's own form: change the network's weights before, not after.
            It computes on as many threads as PyTorch does.
    """

    name: str
    build: Callable[[WaveUNet], Window]


TORCH = Backend("torch", torch.build)


def find_backend(name: str, compiled: bool = False) -> Backend:
    """The engine of that name.

    Args:
        name: `torch`, `onnx` (ONNX Runtime) or `openvino`; the last two compute on the CPU.
        compiled: Whether `torch.compile` makes the code of PyTorch's windows.

    Raises:
        WavemixError: If there is no such engine, it is not installed, or it is not the one that `compiled` is for.
    """
    if name not in BACKENDS:
        raise WavemixError(f"there is no backend `{name}`; choose from {', '.join(BACKENDS)}.")
    if compiled:
        if name != TORCH.name:
            raise WavemixError(f"--compile is for the backend torch; leave it out for {name}, which always compiles.")
        return Backend("torch, compiled", torch.build_compiled)
    check_extra(f"the backend {name}", name)
    return Backend(name, import_module(f"wavemix.backends.{name}").build)


def check_extra(what: str, engine: str) -> None:
    """Say in one sentence what an engine lacks.

    Raises:
        WavemixError: If one of its packages is not installed.
    """
    missing = [package for package in EXTRA_PACKAGES.get(engine, ()) if find_spec(package) is None]
    if missing:
        raise WavemixError(f"{what} needs {' and '.join(missing)}; install wavemix[export].")
