"""Models as files for other engines, checked against the networks that they were made from."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.backends.backend import check_extra
from wavemix.errors import WavemixError
from wavemix.staging import staged_folder
from wavemix.zoo.mixer import Mixer

ExportFormat = Literal["onnx", "openvino", "torchscript"]

TOLERANCE = 1e-5
"""Largest difference from the network's samples, full scale being 1."""

CHECKED_SAMPLES = (1, SAMPLE_RATE)
"""Lengths of mix that are compared: a file must be good for any."""

NOISE_LEVEL = 0.1
"""RMS of every input in that comparison: a loud track's."""


def export(mixers: Iterable[Mixer], form: ExportFormat, folder: Path) -> list[Path]:
    """Write models as files, one a model and named after it, all or none.

    A file takes windows of any batch and of every valid length, see `wavemix.backends.Window`, and carries `describe`.

    Returns:
        The files. Beside an OpenVINO `.xml` lies its `.bin`.

    Raises:
        WavemixError: If the format's engine is not installed, a file does not compute what its model does, or the
            folder cannot be written.
    """
    check_extra(f"the format {form}", form)
    engine = import_module(f"wavemix.backends.{form}")
    names = []
    with staged_folder(folder) as stage:
        for mixer in mixers:
            names.append(f"{mixer.config.name}{engine.SUFFIX}")
            engine.save(mixer.net, stage / names[-1], describe(mixer))
            window, description = engine.open_file(stage / names[-1])
            if description != describe(mixer):
                raise WavemixError(f"{names[-1]}: does not carry its description; nothing was written.")
            _check(mixer, window, names[-1])
    return [folder / name for name in names]


def describe(mixer: Mixer) -> dict[str, str]:
    """What an exported file says of itself: the model, what it reads, and which weights it holds."""
    config = mixer.config
    return {
        "model": config.name,
        "status": config.status,
        "slots": ", ".join(config.slots),
        "sample_rate": str(config.sample_rate),
        "context_samples": str(mixer.net.context),
        "hop_samples": str(mixer.net.hop),
        **{
            f"input_{name}": "any" if value is None else f"{value:g}"
            for name, value in asdict(config.input_levels).items()
        },
        "sha256": config.sha256,
    }


def _check(mixer: Mixer, window: Callable[[Tensor], Tensor], name: str) -> None:
    """Compare a file with its model, on noise.

    Raises:
        WavemixError: If they differ.
    """
    generator = torch.Generator().manual_seed(0)
    for samples in CHECKED_SAMPLES:
        shape = (1, mixer.net.inputs, mixer.net.input_length(samples))
        tracks = NOISE_LEVEL * torch.randn(shape, generator=generator)
        with torch.no_grad():
            difference = float((window(tracks) - mixer.net(tracks)).abs().max())
        if not difference <= TOLERANCE:
            raise WavemixError(
                f"{name}: differs from its model by {difference:.1e}, more than {TOLERANCE:g}; nothing was written."
            )
