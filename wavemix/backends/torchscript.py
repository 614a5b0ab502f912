"""TorchScript: a file that `torch.jit.load` opens without this package.

PyTorch keeps the format but no longer develops it, and names `torch.export` in its place. We stay with it for those
who have libtorch and no Python, as plugins and applications in C++ do: what `torch.export` writes opens in Python only,
where `wavemix.load` and `torch.hub` are there already, or has to be compiled for one machine. Without PyTorch there is
ONNX.
"""

import json
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor

from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.polyphase import PolyphaseWaveUNet

SUFFIX = ".pt"

DESCRIPTION = "wavemix.json"
"""The extra file inside that holds the description."""


def save(net: WaveUNet, path: Path, description: Mapping[str, str]) -> None:
    """Write a network as a `.pt` file, with a description inside."""
    example = torch.zeros(1, net.inputs, net.input_length(1))
    with _deprecated(), torch.no_grad():
        traced = torch.jit.trace(PolyphaseWaveUNet(net), example, check_trace=False)  # type: ignore[no-untyped-call]
        traced.save(str(path), _extra_files={DESCRIPTION: json.dumps(dict(description))})


def open_file(path: Path) -> tuple[Callable[[Tensor], Tensor], dict[str, str]]:
    """The window and the description in a file that `save` wrote."""
    files = {DESCRIPTION: ""}
    with _deprecated():
        window = torch.jit.load(str(path), _extra_files=files)  # type: ignore[no-untyped-call]
    return window, json.loads(files[DESCRIPTION])


@contextmanager
def _deprecated() -> Iterator[None]:
    """PyTorch warns of TorchScript, which it keeps but no longer develops; who asks for the format knows."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"`torch\.jit\.\w+` is deprecated", DeprecationWarning)
        yield
