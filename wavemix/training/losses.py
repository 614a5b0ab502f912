"""Losses to train with, beside the paper's, and which of them a recipe means."""

from torch import Tensor, nn

from wavemix.metrics.stft import MultiResolutionSTFT
from wavemix.models.base import Loss
from wavemix.training.recipe import Recipe


def training_loss(recipe: Recipe) -> Loss | None:
    """What a recipe trains with; None for the paper's."""
    if recipe.stft_weight:
        return SquaredErrorAndSTFT(recipe.stft_weight)
    if recipe.side_weight == 1 and not recipe.treble_weight:
        return None
    return weighted_squared_error(recipe.side_weight, recipe.treble_weight)


def choosing_loss(recipe: Recipe) -> Loss | None:
    """What chooses a recipe's weights on the validation songs; None for the paper's."""
    return training_loss(recipe) if recipe.chosen_by == "training_loss" else None


def weighted_squared_error(side_weight: float = 1.0, treble_weight: float = 0.0) -> Loss:
    """The mean squared error, with weights on what is faint in it and heard all the same: width and treble.

    The second difference of a signal rises by 12 dB an octave: above 7350 Hz (at 44.1 kHz) it is more than the signal.
    Its squared error is added, weighted so that the target's treble counts at most as much as all of the target.

    >>> import torch
    >>> mix, target = torch.tensor([[[1.0], [0.0]]]), torch.zeros(1, 2, 1)
    >>> [float(weighted_squared_error(weight)(mix, target)) for weight in (1.0, 3.0)]
    [0.5, 1.0]

    Args:
        side_weight: Weight of the error of left minus right; 1 for the mean squared error as it is.
        treble_weight: Weight of the squared error of the second difference; 0 for none.
    """

    def loss(mix: Tensor, target: Tensor) -> Tensor:
        error = mix - target
        if not treble_weight:
            return _of_sides(error, side_weight).mean()
        share = _power(target) / (_power(target.diff(n=2)) + _TINY)
        return (
            _of_sides(error, side_weight) + share.clamp(max=treble_weight) * _of_sides(error.diff(n=2), side_weight)
        ).mean()

    return loss


_TINY = 1e-12
"""Small enough to change nothing, so that silence can be divided by."""


def _of_sides(error: Tensor, side_weight: float) -> Tensor:
    """Mean squared error of each crop, `(batch,)`, with a weight on left minus right."""
    left, right = error.unbind(-2)
    return ((left + right).square().mean(-1) + side_weight * (left - right).square().mean(-1)) / 4


def _power(signal: Tensor) -> Tensor:
    return signal.square().mean((-2, -1))


class SquaredErrorAndSTFT(nn.Module):
    """Mean squared error plus a share of the multi-resolution STFT distance.

    The squared error of a waveform is that of its loudest, lowest parts; the distance of log magnitudes counts faint
    and high ones as much (Yamamoto et al. 2020).

    Args:
        stft_weight: Weight of the distance, which is about 1 where the squared error is about 0.001.

    Shape:
        mix, target: `(batch, channels, samples)`; the result is a scalar.
    """

    def __init__(self, stft_weight: float) -> None:
        super().__init__()
        self.stft_weight = stft_weight
        self.distance = MultiResolutionSTFT()

    def forward(self, mix: Tensor, target: Tensor) -> Tensor:
        """The loss."""
        loss: Tensor = nn.functional.mse_loss(mix, target) + self.stft_weight * self.distance(mix, target)
        return loss
