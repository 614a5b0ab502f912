"""Where and in what the networks are computed, as one value."""

from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from typing import Self

import torch

from wavemix.backends import quiet
from wavemix.backends import torch as pytorch
from wavemix.backends.backend import BACKENDS, BFLOAT16, FLOAT32, PRECISIONS, ROUNDING, TORCH, Backend, check_extra
from wavemix.errors import WavemixError

AUTO = "auto"


@dataclass(frozen=True)
class Engine:
    """Where and in what the networks are computed.

    Attributes:
        device: `cpu`, `cuda`, or another that PyTorch knows, such as `cuda:1`; `auto` is CUDA where there is a GPU and
            the backend can use it, else the CPU.
        backend: `torch`, or on the CPU `onnx` (ONNX Runtime) or `openvino`.
        precision: `float32`; or with `torch` and `openvino` `bfloat16`, twice as fast on CPUs with AMX, whose changes
            lie 55 dB and more below the mix (docs/speed.md).
        compiled: Whether `torch.compile` makes PyTorch's code.

    Raises:
        ValueError: If there is no such device, backend or precision, or they do not go together. Whether they are here
            is found out by `place` and `start`.
    """

    device: str = AUTO
    backend: str = TORCH.name
    precision: str = FLOAT32
    compiled: bool = False

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise ValueError(f"there is no backend `{self.backend}`; choose from {', '.join(BACKENDS)}")
        if self.precision not in PRECISIONS:
            raise ValueError(f"there is no precision `{self.precision}`; choose from {', '.join(PRECISIONS)}")
        if self.compiled and self.backend != TORCH.name:
            raise ValueError(
                f"--compile is for the backend torch; leave it out for {self.backend}, which always compiles"
            )
        if self.precision == BFLOAT16 and self.backend not in ROUNDING:
            raise ValueError(
                f"the backend {self.backend} computes in float32; use {' or '.join(ROUNDING)} for bfloat16"
            )
        if self.device == AUTO:
            return
        try:
            kind = torch.device(self.device).type
        except RuntimeError as error:
            raise ValueError(f"there is no device `{self.device}`; choose auto, cpu or cuda") from error
        if kind != "cpu" and self.backend != TORCH.name:
            raise ValueError(f"the backend {self.backend} computes on the CPU; use the device cpu or the backend torch")

    def settled(self, gpu: bool) -> Self:
        """The engine with its device decided: `auto` becomes `cuda` or `cpu`.

        Args:
            gpu: Whether there is one.
        """
        if self.device != AUTO:
            return self
        return replace(self, device="cuda" if gpu and self.backend == TORCH.name else "cpu")

    @property
    def place(self) -> torch.device:
        """The device.

        Raises:
            WavemixError: If it is not here.
        """
        place = torch.device(self.settled(torch.cuda.is_available()).device)
        if place.type == "cuda" and (place.index or 0) >= torch.cuda.device_count():
            raise WavemixError(f"there is no CUDA device here that is `{place}`; use the device cpu or auto.")
        return place

    def start(self) -> Backend:
        """What makes functions of networks.

        Raises:
            WavemixError: If the backend is not installed.
        """
        check_extra(f"the backend {self.backend}", self.backend)
        if self.compiled:
            name, build = f"{self.backend}, compiled", pytorch.build_compiled
        else:
            name, build = self.backend, import_module(f"wavemix.backends.{self.backend}").build
        if self.precision == BFLOAT16:
            build = partial(quiet.build, partial(build, dtype=torch.bfloat16))
        return Backend(name, build, self.precision)
