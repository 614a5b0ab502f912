"""Whether a state on disk is one that a training can go on from: whole, and its own."""

import io
from pathlib import Path
from typing import Any

import torch
from torch import nn

from wavemix.documents.files import MEBIBYTE, read_bytes
from wavemix.errors import WavemixError
from wavemix.waveunet.size import MOST_PARAMETERS

MOST_STATE_BYTES = 3 * 4 * MOST_PARAMETERS + 16 * MEBIBYTE
"""Weights, and two moments of each."""

KEYS = {"state_dict", "optimizer_states", "lr_schedulers", "loops", "callbacks", "epoch", "global_step"}
"""What Lightning needs of a state."""


def check_state(path: Path, net: nn.Module, mark: str) -> None:
    """Refuse a state that is cut short, or another training's, before anything is taken from it.

    Args:
        path: The file.
        net: The module that is to go on.
        mark: What `SaveState` writes into the states of this phase of this training.

    Raises:
        WavemixError: If there is no going on from it.
    """
    remedy = "remove it to begin its phase again, or choose another --out"
    data = read_bytes(path, MOST_STATE_BYTES, remedy)
    try:
        state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:  # whatever random bytes lead to, deep inside of torch
        raise WavemixError(f"{path}: is not the whole state of a training; {remedy}.") from error
    if problem := _problem(state, net, mark):
        raise WavemixError(f"{path}: is the state of another training ({problem}); {remedy}.")


def _problem(state: Any, net: nn.Module, mark: str) -> str:
    """What is wrong with a state, in words; empty if nothing is."""
    if not isinstance(state, dict) or not state.keys() >= KEYS:
        return "it lacks what Lightning keeps"
    if not isinstance(state["state_dict"], dict):
        return "it lacks a network"
    wanted = {name: tensor.shape for name, tensor in net.state_dict().items()}
    given = {name: getattr(tensor, "shape", None) for name, tensor in state["state_dict"].items()}
    if given != wanted:
        return "its network is another one"
    callbacks = state["callbacks"]
    saved = callbacks.get("SaveState") if isinstance(callbacks, dict) else None
    if not isinstance(saved, dict) or "seconds" not in saved:
        return "it does not say how long it took"
    return "" if saved.get("mark", mark) == mark else "of another recipe or phase"
