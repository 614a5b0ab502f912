"""PyTorch: the polyphase form, as it stands or compiled."""

from collections.abc import Callable

import torch
from torch import Tensor

from wavemix.errors import WavemixError
from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.polyphase import PolyphaseWaveUNet


def build(net: WaveUNet, dtype: torch.dtype | None = None) -> Callable[[Tensor], Tensor]:
    """A network's window: see `wavemix.backends.Backend`."""
    return PolyphaseWaveUNet(net, dtype)


def build_compiled(net: WaveUNet, dtype: torch.dtype | None = None) -> Callable[[Tensor], Tensor]:
    """The network through `torch.compile`, which works at the first window; later lengths need no more of it.

    Raises:
        WavemixError: At the first window, if there is nothing here to compile with.
    """
    compiled = torch.compile(PolyphaseWaveUNet(net, dtype), dynamic=True)

    def window(tracks: Tensor) -> Tensor:
        from torch._dynamo.exc import BackendCompilerFailed  # slow to import, and torch.compile has done it

        try:
            mix: Tensor = compiled(tracks)
        except BackendCompilerFailed as error:
            raise WavemixError(
                "--compile needs a C++ compiler and Python's headers; install g++ and python3-dev, or leave it out."
            ) from error
        return mix

    return window
