"""Weights on disk: safetensors, hash-checked, every tensor accounted for."""

import hashlib
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from wavemix.errors import WavemixError
from wavemix.staging import staged_folder
from wavemix.waveunet.network import WaveUNet
from wavemix.zoo.config import ModelConfig, read_config
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.registry import CARDS, MODELS

CONFIG = "config.json"
WEIGHTS = "model.safetensors"


def load(name: str, folder: Path | None = None, device: str | torch.device = "cpu") -> Mixer:
    """One of the five models with its weights, in evaluation mode.

    Args:
        name: `drums`, `bass`, `vocals`, `other` or `mix`.
        folder: Weights of your own: the folder of one model, or one with a sub-folder a model. Models that it
            lacks are loaded as published.
        device: Where to put it.

    Raises:
        WavemixError: If there is no such model, its files are missing, their bytes are not the expected ones,
            or a tensor is missing, unknown or of another shape.
    """
    if name not in MODELS:
        raise WavemixError(f"there is no model `{name}`; choose from {', '.join(MODELS)}.")
    own = find_own(name, folder)
    place = own or CARDS / name
    if not (place / CONFIG).is_file():
        raise WavemixError(f"{place}: no weights for `{name}` are here; mix from a checkout, or name their folder.")
    config = read_config(place / CONFIG)
    if config.model != name:
        raise WavemixError(f"{place}: holds the model `{config.model}`, not `{name}`.")
    expected = config.sha256 if own else MODELS[name].sha256
    net = config.build()
    _fill(net, place / WEIGHTS, expected)
    return Mixer(net, replace(config, sha256=expected), origin=str(place)).to(device).eval()


def find_own(name: str, folder: Path | None) -> Path | None:
    """Where in the user's folder of weights a model lies; None if it is not there.

    Raises:
        WavemixError: If the folder holds no model at all.
    """
    if folder is None:
        return None
    if (folder / CONFIG).is_file():
        return folder if read_config(folder / CONFIG).model == name else None
    if not any((folder / model / CONFIG).is_file() for model in MODELS):
        raise WavemixError(f"{folder}: holds no model; it must have {CONFIG}, or a folder named after a model.")
    return folder / name if (folder / name / CONFIG).is_file() else None


def save(net: WaveUNet, config: ModelConfig, folder: Path, dtype: torch.dtype = torch.float16) -> ModelConfig:
    """Write `config.json` and `model.safetensors`; returns the config with the hash of what was written.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    tensors = {name: tensor.detach().to("cpu", dtype).contiguous() for name, tensor in net.state_dict().items()}
    data = save_tensors(tensors, metadata={"format": "pt"})
    config = replace(config, sha256=hashlib.sha256(data).hexdigest())
    with staged_folder(folder) as stage:
        (stage / WEIGHTS).write_bytes(data)
        (stage / CONFIG).write_text(config.dump(), encoding="utf-8")
    return config


def _fill(net: WaveUNet, path: Path, sha256: str) -> None:
    """Load weights into a network, if they are the expected bytes and fit it exactly."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WavemixError(f"{path}: cannot be read ({error.strerror}); fetch the model again.") from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise WavemixError(
            f"{path}: is not the file that it should be (sha256 {found[:12]}..., expected {sha256[:12]}...); "
            "fetch the model again."
        )
    try:
        tensors = load_tensors(data)
    except SafetensorError as error:
        raise WavemixError(f"{path}: is not a safetensors file ({error}); fetch the model again.") from error
    problem = _mismatch(net.state_dict(), tensors)
    if problem:
        raise WavemixError(f"{path}: does not fit the model ({problem}); use weights that were made for it.")
    net.load_state_dict({name: tensor.to(torch.float32) for name, tensor in tensors.items()}, strict=True)


def _mismatch(wanted: dict[str, torch.Tensor], given: dict[str, torch.Tensor]) -> str:
    """The first thing by which tensors do not fit a network's, in words; empty if they fit."""
    for name in sorted(wanted.keys() - given.keys()):
        return f"the tensor {name} is missing"
    for name in sorted(given.keys() - wanted.keys()):
        return f"the tensor {name} is unknown"
    for name, tensor in wanted.items():
        if tensor.shape != given[name].shape:
            return f"the tensor {name} is {tuple(given[name].shape)}, not {tuple(tensor.shape)}"
        if not given[name].isfinite().all():
            return f"the tensor {name} is not finite"
    return ""
