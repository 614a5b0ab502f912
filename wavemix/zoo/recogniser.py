"""The recogniser with its weights, published or another; and any published model by its name."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal, overload

import torch

from wavemix.recognition.config import RecogniserConfig, read_recogniser_config
from wavemix.recognition.network import RecogniserNet
from wavemix.recognition.recogniser import Recogniser
from wavemix.zoo.config import CONFIG
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.places import Place, find
from wavemix.zoo.registry import RECOGNISER
from wavemix.zoo.weights import load as load_mixer
from wavemix.zoo.weights import read_net, write_model


def load_recogniser(
    weights: Path | str | None = None, device: str | torch.device = "cpu", revision: str | None = None
) -> Recogniser:
    """The recogniser with its weights, in evaluation mode.

    Args:
        weights: None for the published ones; or its folder, the folder around it, or an organisation or a repository
            on the Hub.
        device: Where to put it.
        revision: Commit, tag or branch on the Hub; None for the registry's, or of other weights for the newest.

    Raises:
        WavemixError: If its files are nowhere, their bytes are not the expected ones, or they do not fit the network.
    """
    return read_recogniser(find(RECOGNISER.name, weights, revision), device)


def read_recogniser(place: Place, device: str | torch.device = "cpu") -> Recogniser:
    """The recogniser that lies in a place.

    Raises:
        WavemixError: If its files are not what they should be.
    """
    config = read_recogniser_config(place.folder / CONFIG)
    expected = place.sha256 or config.sha256
    net = read_net(config.build, place, expected)
    return Recogniser(net, replace(config, sha256=expected), place.origin).to(device).eval()


def save_recogniser(net: RecogniserNet, config: RecogniserConfig, folder: Path) -> RecogniserConfig:
    """Write `config.json` and `model.safetensors` in 16 bit; returns the config with the hash of what was written.

    Args:
        net: A network without normalisation: see `RecogniserNet.folded`.
        config: What it is.
        folder: Where to write.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    tensors = {name: tensor.detach().to("cpu", torch.float16).contiguous() for name, tensor in net.state_dict().items()}
    return write_model(tensors, config, folder)


@cache
def published_recogniser() -> Recogniser:
    """The published recogniser, read once.

    Raises:
        WavemixError: As `load_recogniser`.
    """
    return load_recogniser()


@overload
def load(  # type: ignore[overload-overlap]  # every other name is a mixer's
    name: Literal["recognise"],
    weights: Path | str | None = None,
    device: str | torch.device = "cpu",
    revision: str | None = None,
) -> Recogniser: ...


@overload
def load(
    name: str, weights: Path | str | None = None, device: str | torch.device = "cpu", revision: str | None = None
) -> Mixer: ...


def load(
    name: str, weights: Path | str | None = None, device: str | torch.device = "cpu", revision: str | None = None
) -> Mixer | Recogniser:
    """A published model with its weights, in evaluation mode: a `Mixer`, or for `recognise` the `Recogniser`.

    Args:
        name: As in `wavemix.zoo.weights.load`, or `recognise`.
        weights: As in `wavemix.zoo.weights.load`.
        device: Where to put it.
        revision: Commit, tag or branch on the Hub; None for the registry's, or of other weights for the newest.

    Raises:
        WavemixError: If there is no such model, its files are nowhere, their bytes are not the expected ones, or they
            do not fit the network.
    """
    if name == RECOGNISER.name:
        return load_recogniser(weights, device, revision)
    return load_mixer(name, weights, device, revision)
