"""Weights: safetensors, hash-checked, every tensor accounted for."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import nn

from wavemix.errors import WavemixError
from wavemix.recognition.config import RecogniserConfig
from wavemix.staging import staged_folder
from wavemix.waveunet.network import WaveUNet
from wavemix.zoo.config import CONFIG, WEIGHTS, ModelConfig, read_config
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.places import Place, find, read_checked
from wavemix.zoo.registry import entry_of

FLOATS = (torch.float16, torch.bfloat16, torch.float32)
"""Numbers that weights are written in: all that become 32 bit without a loss."""

OUTPUT_BIAS = "output.bias"

Net = TypeVar("Net", bound=nn.Module)
Config = TypeVar("Config", ModelConfig, RecogniserConfig)


def load(
    name: str, weights: Path | str | None = None, device: str | torch.device = "cpu", revision: str | None = None
) -> Mixer:
    """A model with its weights, in evaluation mode.

    The published weights are those that came with wavemix or are in the Hub's cache, if their hash is the registry's,
    else those on the Hub at the registry's revision.

    Args:
        name: `drums`, `bass`, `vocals`, `other` or `mix`; of the lite family `drums-lite` and so on.
        weights: None for the published ones, or others: the folder of one model, a folder with a sub-folder a model
            (named after it or, as training does, after its task), an organisation on the Hub (`acme` has
            `acme/wavemix-drums` and so on), or one repository there. Models that a folder or repository lacks are
            loaded as published; a network of a width that no family has stands for any family.
        device: Where to put it.
        revision: Commit, tag or branch on the Hub; None for the registry's, or of other weights for the newest.

    Raises:
        WavemixError: If there is no such model, its files are nowhere, their bytes are not the expected ones, or a
            tensor is missing, unknown or of another shape.
    """
    return read_weights(name, find(entry_of(name).name, weights, revision), device)


def read_weights(name: str, place: Place, device: str | torch.device = "cpu") -> Mixer:
    """The model that lies in a place.

    Raises:
        WavemixError: If it is another model, or its files are not what they should be.
    """
    config = read_config(place.folder / CONFIG)
    if not config.is_for(entry_of(name)):
        raise WavemixError(
            f"{place.origin}: holds the model `{config.name}` ({config.filters} filters a level), not `{name}`; ask "
            "for that one, or for its family."
        )
    expected = place.sha256 or config.sha256
    return (
        Mixer(read_net(config.build, place, expected), replace(config, sha256=expected), place.origin).to(device).eval()
    )


def save(net: WaveUNet, config: ModelConfig, folder: Path, dtype: torch.dtype = torch.float16) -> ModelConfig:
    """Write `config.json` and `model.safetensors`; returns the config with the hash of what was written.

    The output's bias, a number a channel, is kept in 32 bit whatever the others get: rounded, it would be heard in
    silence.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    tensors = {
        name: tensor.detach().to("cpu", torch.float32 if name == OUTPUT_BIAS else dtype).contiguous()
        for name, tensor in net.state_dict().items()
    }
    return write_model(tensors, config, folder)


def read_net(build: Callable[[], Net], place: Place, sha256: str) -> Net:
    """A network with the weights that lie in a place.

    Args:
        build: Makes the network.
        place: Where the weights lie.
        sha256: Which bytes they must be.

    Raises:
        WavemixError: If they are other bytes, no safetensors, or do not fit the network.
    """
    with torch.device("meta"):  # the weights come from the file
        net = build()
    path = place.folder / WEIGHTS
    _fill(net, path, read_checked(path, sha256) if place.data is None else place.data)
    return net


def write_model(tensors: dict[str, torch.Tensor], config: Config, folder: Path) -> Config:
    """Write `model.safetensors` and `config.json`; returns the config with the hash of what was written.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    data = save_tensors(tensors, metadata={"format": "pt"})
    config = replace(config, sha256=hashlib.sha256(data).hexdigest())
    with staged_folder(folder) as stage:
        (stage / WEIGHTS).write_bytes(data)
        (stage / CONFIG).write_text(config.dump(), encoding="utf-8")
    return config


def _fill(net: nn.Module, path: Path, data: bytes) -> None:
    """Load weights, the bytes of a file, into a network, if they fit it exactly."""
    try:
        tensors = load_tensors(data)
    except (SafetensorError, LookupError, ValueError, TypeError, RuntimeError) as error:  # strange types of numbers too
        raise WavemixError(f"{path}: is not a safetensors file ({error}); fetch the model again.") from error
    problem = _mismatch(net.state_dict(), tensors)
    if problem:
        raise WavemixError(f"{path}: does not fit the model ({problem}); use weights that were made for it.")
    tensors = {name: tensor.to(torch.float32, copy=True) for name, tensor in tensors.items()}
    net.load_state_dict(tensors, strict=True, assign=True)


def _mismatch(wanted: dict[str, torch.Tensor], given: dict[str, torch.Tensor]) -> str:
    """The first thing by which tensors do not fit a network's, in words; empty if they fit."""
    for name in sorted(wanted.keys() - given.keys()):
        return f"the tensor {name} is missing"
    for name in sorted(given.keys() - wanted.keys()):
        return f"the tensor {name} is unknown"
    for name, tensor in wanted.items():
        if tensor.shape != given[name].shape:
            return f"the tensor {name} is {tuple(given[name].shape)}, not {tuple(tensor.shape)}"
        if given[name].dtype not in FLOATS:
            kinds = ", ".join(_kind(kind) for kind in FLOATS)
            return f"the tensor {name} has numbers of the type {_kind(given[name].dtype)}, not {kinds}"
        if not given[name].isfinite().all():
            return f"the tensor {name} is not finite"
    return ""


def _kind(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
