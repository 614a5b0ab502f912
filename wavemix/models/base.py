"""What the five models have in common when they train."""

import math
from collections.abc import Callable
from functools import partial
from typing import ClassVar

import torch
from lightning import LightningModule
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor, nn

from wavemix.data.crops import Batch
from wavemix.waveunet.initialise import sum_of_inputs_
from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.sides import mix_sides
from wavemix.zoo.registry import TASKS, Task

Loss = Callable[[Tensor, Tensor], Tensor]
"""`(output, target)`, each `(batch, channels, samples)`, to a scalar."""


L2: Loss = nn.functional.mse_loss
"""The paper's loss."""


WARMUP_STEPS = 150
"""Steps in which the rate of a cosine schedule rises: Adam's first steps go too far in a network that starts well."""


class MixingModule(LightningModule):
    """Trains a `WaveUNet` to mix tracks as a target was mixed; a subclass names the task.

    The defaults are the paper's: L2 loss, Adam with rate 1e-4 and betas 0.9 and 0.999 (Koszewski et al. 2023,
    section 2).

    Attributes:
        name: Name of the task in the registry.
        net: The network.

    Raises:
        ValueError: If the network has another number of inputs than the model.
    """

    name: ClassVar[str]

    def __init__(
        self,
        net: WaveUNet | None = None,
        loss: Loss | None = None,
        chosen_by: Loss | None = None,
        learning_rate: float = 1e-4,
        start_at_sum: bool = False,
        cosine_steps: int | None = None,
    ) -> None:
        """Build the module.

        Args:
            net: The network; None builds the paper's.
            loss: The loss to train with; None is L2, the mean squared error.
            chosen_by: What validation measures; None is L2. Test measures L2 in any case.
            learning_rate: Adam's learning rate.
            start_at_sum: Whether to start at the plain sum of the inputs (`sum_of_inputs_`).
            cosine_steps: Steps in which the rate falls to nothing along a cosine, after `WARMUP_STEPS` in which it
                rises; None for the paper's constant rate.
        """
        super().__init__()
        self.net = net if net is not None else WaveUNet(self.task().inputs)
        if self.net.inputs != self.task().inputs:
            raise ValueError(f"{self.name} has {self.task().inputs} inputs, the network {self.net.inputs}")
        if start_at_sum:
            sum_of_inputs_(self.net, self.task().input_channels)
        self.loss: Loss = loss if loss is not None else L2
        self.chosen_by: Loss = chosen_by if chosen_by is not None else L2
        self.learning_rate, self._cosine_steps = learning_rate, cosine_steps

    @classmethod
    def task(cls) -> Task:
        """The task's row in the registry."""
        return TASKS[cls.name]

    def forward(self, tracks: Tensor) -> Tensor:
        """The mix of the tracks, as `WaveUNet.forward` gives it."""
        mixed: Tensor = self.net(tracks)
        return mixed

    def training_step(self, batch: Batch) -> Tensor:
        """Loss of a training batch."""
        return self._step(batch, "train", self.loss)

    def validation_step(self, batch: Batch) -> Tensor:
        """Loss of a validation batch."""
        return self._step(batch, "valid", self.chosen_by)

    def test_step(self, batch: Batch) -> Tensor:
        """Loss of a test batch."""
        return self._step(batch, "test", L2)

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """Adam, as in the paper; its rate is constant there."""
        adam = torch.optim.Adam(self.parameters(), lr=self.learning_rate, betas=(0.9, 0.999))
        if self._cosine_steps is None:
            return adam
        schedule = torch.optim.lr_scheduler.LambdaLR(adam, partial(_warm_cosine, steps=self._cosine_steps))
        return {"optimizer": adam, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def _step(self, batch: Batch, stage: str, measure: Loss) -> Tensor:
        """The one step of training, validation and test."""
        tracks, target = batch
        loss = measure(mix_sides(self, tracks)[..., : target.shape[-1]], target)
        # The weight makes the epoch's loss the mean over all samples, however long the batches' targets are.
        self.log(f"{stage}/loss", loss, batch_size=target.numel(), prog_bar=True, on_epoch=True, sync_dist=True)
        return loss


def _warm_cosine(step: int, steps: int) -> float:
    """The rate at a step, as a share of the highest."""
    return min(1.0, (step + 1) / WARMUP_STEPS) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, step / steps)))
