"""The one interface of the backends, and their names."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from wavemix import extras
from wavemix.backends import torch
from wavemix.waveunet.network import WaveUNet

Window = Callable[[Tensor], Tensor]
"""A network as a function, `(batch, inputs, samples)` to `(batch, outputs, samples - 2 * context)`.

It takes the lengths that `WaveUNet.input_length` returns, gives the network's samples, in float32 to 1e-5, and has no
gradients.
"""

BACKENDS = ("torch", "onnx", "openvino")

FLOAT32, BFLOAT16 = PRECISIONS = ("float32", "bfloat16")
"""What a network's features are computed in; the gains of the tracks that its output layer hears are always float32."""

ROUNDING = ("torch", "openvino")
"""The backends that compute in bfloat16 too."""

EXTRA_PACKAGES = {"onnx": ("onnx", "onnxruntime"), "openvino": ("onnx", "openvino")}
"""What a backend needs beside the core's dependencies: the extra `export`."""


@dataclass(frozen=True)
class Backend:
    """A way to compute networks.

    Attributes:
        name: As in reports.
        build: Makes a network's window, in the backend's own form: change the network's weights before, not after.
            It computes on as many threads as PyTorch does.
        precision: `float32` or `bfloat16`, see `PRECISIONS`.
    """

    name: str
    build: Callable[[WaveUNet], Window]
    precision: str = FLOAT32


TORCH = Backend("torch", torch.build)


def check_extra(what: str, backend: str) -> None:
    """Say in one sentence what a backend, or the form of a file, lacks here.

    Raises:
        WavemixError: If one of its packages is not installed.
    """
    extras.check_extra(what, EXTRA_PACKAGES.get(backend, ()), "export")
