"""What a training keeps on disk: its last state, to be resumed from, and its best weights.

Nothing in a training draws random numbers after the first weights: crops and augmentation are functions of the
seed and of the step. So weights, optimiser, counters and callbacks are the whole state, and a training that was
killed and resumed ends with the same bits as one that was not.
"""

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from lightning import Callback, LightningModule, Trainer
from lightning.pytorch.plugins.io import TorchCheckpointIO
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from wavemix.documents.files import MEBIBYTE, read_bytes
from wavemix.errors import WavemixError
from wavemix.models.base import MixingModule
from wavemix.staging import staged_folder
from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.size import MOST_PARAMETERS

VALID_LOSS = "valid/loss"
"""The metric that chooses weights and ends a phase."""


class AtomicCheckpoints(TorchCheckpointIO):
    """Writes Lightning's checkpoints under another name first, so that a kill leaves the one before whole."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Write a checkpoint; the arguments are those of `TorchCheckpointIO.save_checkpoint`."""
        data = io.BytesIO()  # torch's own writer has no words for a full disk
        torch.save(checkpoint, data)
        with staged_folder(Path(path).parent) as stage:
            (stage / Path(path).name).write_bytes(data.getbuffer())


class SaveState(Callback):
    """Saves the state of a training, every so many steps and at every epoch's end; stops it in time.

    Where time ends within an epoch, its state is saved as it is, and the validation that follows counts only for
    `KeepBest`: resumed, the training goes on as if it had never stopped.

    Attributes:
        out_of_time: Whether it stopped because of the deadline.
    """

    def __init__(self, path: Path, every_steps: int, deadline: float | None = None, mark: str = "") -> None:
        """Build the callback.

        Args:
            path: The checkpoint.
            every_steps: Steps of an epoch after which it is saved.
            deadline: When to stop, on the clock of `time.monotonic`, with time left for two validations.
            mark: Tells the states of this phase of this training from others.
        """
        self.out_of_time = False
        self._path, self._every, self._deadline, self._mark = path, every_steps, deadline, mark
        self._saved_midway = False
        self._validation_start = self._validation_seconds = 0.0
        self._start = time.monotonic()

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """A state that was saved after its last epoch has nothing left to train."""
        stopping = trainer.early_stopping_callback
        trainer.should_stop = stopping is not None and stopping.wait_count >= stopping.patience

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Save within an epoch; its end is saved after validation."""
        self.out_of_time = self._is_over(trainer)
        if self.out_of_time:
            trainer.should_stop = True
        if not trainer.is_last_batch and (self.out_of_time or (batch_idx + 1) % self._every == 0):
            self._saved_midway = self.out_of_time
            trainer.save_checkpoint(self._path, weights_only=False)

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Take the time."""
        self._validation_start = time.monotonic()

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Know how long a validation takes."""
        self._validation_seconds = time.monotonic() - self._validation_start

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save a whole epoch."""
        if not self._saved_midway:
            trainer.save_checkpoint(self._path, weights_only=False)

    def state_dict(self) -> dict[str, Any]:
        """The time spent, in all and in a validation; and whose state it is."""
        return {"seconds": self.elapsed(), "validation_seconds": self._validation_seconds, "mark": self._mark}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the state that `state_dict` gave."""
        self._start = time.monotonic() - state_dict["seconds"]
        self._validation_seconds = state_dict.get("validation_seconds", 0.0)

    def elapsed(self) -> float:
        """Seconds spent in this phase, those before it was resumed included."""
        return time.monotonic() - self._start

    def _is_over(self, trainer: Trainer) -> bool:
        if self._deadline is None:
            return False
        is_over: bool = trainer.strategy.broadcast(time.monotonic() + 2 * self._validation_seconds > self._deadline)
        return is_over


@dataclass(frozen=True)
class Best:
    """The weights of the lowest validation loss.

    Attributes:
        loss: That loss.
        epoch: Epochs before it, 0 for the weights that training started from.
        step: Steps before it.
        tensors: The network's state, 32 bit.
    """

    loss: float
    epoch: int
    step: int
    tensors: dict[str, Tensor]


class KeepBest(Callback):
    """Keeps the weights of the lowest validation loss in a file, those before the first step included."""

    def __init__(self, path: Path, on_improvement: Callable[[Trainer, MixingModule], None] | None = None) -> None:
        """Build the callback.

        Args:
            path: The safetensors file.
            on_improvement: Called, on the first process only, whenever new weights are kept.
        """
        self._path, self._on_improvement = path, on_improvement
        self.loss = read_best(path).loss if path.exists() else float("inf")

    def on_sanity_check_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Before the first step; the trainer is told to check with the whole validation set."""
        self._compare(trainer, pl_module, epoch=0)

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """After an epoch."""
        if not trainer.sanity_checking:
            self._compare(trainer, pl_module, epoch=trainer.current_epoch + 1)

    def _compare(self, trainer: Trainer, module: LightningModule, epoch: int) -> None:
        assert isinstance(module, MixingModule)
        loss = float(trainer.callback_metrics[VALID_LOSS])
        if not loss < self.loss:
            return
        self.loss = loss
        if trainer.is_global_zero:
            _write_best(self._path, Best(loss, epoch, trainer.global_step, module.net.state_dict()))
            if self._on_improvement is not None:
                self._on_improvement(trainer, module)
        trainer.strategy.barrier()  # the other processes read the file later


def read_best(path: Path) -> Best:
    """What `KeepBest` kept.

    Raises:
        WavemixError: If the file cannot be read, or is another one.
    """
    data = read_bytes(path, 4 * MOST_PARAMETERS + MEBIBYTE)
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        about = json.loads(header["__metadata__"]["about"])
        return Best(float(about["loss"]), int(about["epoch"]), int(about["step"]), load_tensors(data))
    except (SafetensorError, LookupError, ValueError, TypeError, RecursionError) as error:
        raise WavemixError(f"{path}: holds no training's best weights; remove it or choose another --out.") from error


def take_best(net: WaveUNet, path: Path) -> None:
    """Give a network the weights that `KeepBest` kept of it.

    Raises:
        WavemixError: As `read_best`, or if they are of another network.
    """
    try:
        net.load_state_dict(read_best(path).tensors)
    except RuntimeError as error:
        raise WavemixError(f"{path}: is of another network; remove it, or choose another --out.") from error


def _write_best(path: Path, best: Best) -> None:
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in best.tensors.items()}
    about = json.dumps({"loss": best.loss, "epoch": best.epoch, "step": best.step})
    with staged_folder(path.parent) as stage:
        (stage / path.name).write_bytes(save_tensors(tensors, metadata={"about": about}))
