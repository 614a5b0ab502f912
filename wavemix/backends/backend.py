"""The one interface of the engines, and their names."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from torch import Tensor, bfloat16

from wavemix.backends import quiet, torch
from wavemix.errors import WavemixError
from wavemix.waveunet.network import WaveUNet

Window = Callable[[Tensor], Tensor]
"""A network as a function, `(batch, inputs, samples)` to `(batch, outputs, samples - 2 * context)`.

It takes the lengths that `WaveUNet.input_length` returns, gives the network's samples, in float32 to 1e-5, and has no
gradients.
"""

BACKENDS = ("torch", "onnx", "openvino")

FLOAT32, BFLOAT16 = PRECISIONS = ("float32", "bfloat16")
"""Of the features that a network computes; the gains of the tracks that its output layer hears are always float32."""

ROUNDING = ("torch", "openvino")
"""The backends that compute in bfloat16 too."""

EXTRA_PACKAGES = {"onnx": ("onnx", "onnxruntime"), "openvino": ("onnx", "openvino")}
"""What an engine needs beside the core's dependencies: the extra `export`."""


@dataclass(frozen=True)
class Backend:
    """An engine.

    Attributes:
        name: As in reports.
        build: Makes a network's window, in the engine's own form: change the network's weights before, not after.
            It computes on as many threads as PyTorch does.
        precision: `float32` or `bfloat16`, see `PRECISIONS`.
    """

    name: str
    build: Callable[[WaveUNet], Window]
    precision: str = FLOAT32


TORCH = Backend("torch", torch.build)


def find_backend(name: str, compiled: bool = False, precision: str = FLOAT32) -> Backend:
    """The engine of that name.

    Args:
        name: `torch`, `onnx` (ONNX Runtime) or `openvino`; the last two compute on the CPU.
        compiled: Whether `torch.compile` makes the code of PyTorch's windows.
        precision: `float32`, or `bfloat16` with `torch` and `openvino`: twice as fast where the CPU has AMX.

    Raises:
        WavemixError: If there is no such engine or precision, the engine is not installed, or it is not one that
            `compiled` or the precision is for.
    """
    if name not in BACKENDS:
        raise WavemixError(f"there is no backend `{name}`; choose from {', '.join(BACKENDS)}.")
    if precision not in PRECISIONS:
        raise WavemixError(f"there is no precision `{precision}`; choose from {', '.join(PRECISIONS)}.")
    if compiled and name != TORCH.name:
        raise WavemixError(f"--compile is for the backend torch; leave it out for {name}, which always compiles.")
    if precision == BFLOAT16 and name not in ROUNDING:
        raise WavemixError(f"the backend {name} computes in float32; use {' or '.join(ROUNDING)} for bfloat16.")
    check_extra(f"the backend {name}", name)
    build = torch.build_compiled if compiled else import_module(f"wavemix.backends.{name}").build
    if precision == BFLOAT16:
        build = partial(quiet.build, partial(build, dtype=bfloat16))
    return Backend("torch, compiled" if compiled else name, build, precision)


def check_extra(what: str, engine: str) -> None:
    """Say in one sentence what an engine lacks.

    Raises:
        WavemixError: If one of its packages is not installed.
    """
    missing = [package for package in EXTRA_PACKAGES.get(engine, ()) if find_spec(package) is None]
    if missing:
        raise WavemixError(f"{what} needs {' and '.join(missing)}; install wavemix[export].")
