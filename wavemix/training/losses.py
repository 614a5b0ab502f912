"""Losses to train with, beside the paper's."""

from collections.abc import Callable

from torch import Tensor, nn

from wavemix.metrics.stft import MultiResolutionSTFT


def wide_squared_error(side_weight: float) -> Callable[[Tensor, Tensor], Tensor]:
    """The mean squared error, split into mid and side, with a weight on side: faint as it is, it is what makes width.

    >>> import torch
    >>> mix, target = torch.tensor([[[1.0], [0.0]]]), torch.zeros(1, 2, 1)
    >>> [float(wide_squared_error(weight)(mix, target)) for weight in (1.0, 3.0)]
    [0.5, 1.0]

    Args:
        side_weight: 1 for the mean squared error as it is.
    """

    def loss(mix: Tensor, target: Tensor) -> Tensor:
        left, right = (mix - target).unbind(-2)
        error: Tensor = ((left + right).square().mean() + side_weight * (left - right).square().mean()) / 4
        return error

    return loss


class SquaredErrorAndSTFT(nn.Module):
    """Mean squared error plus a share of the multi-resolution STFT distance.

    The squared error of a waveform is that of its loudest, lowest parts; the distance of log magnitudes counts faint
    and high ones as much (Yamamoto et al. 2020).

    Args:
        stft_weight: Of the distance, which is about 1 where the squared error is about 0.001.

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
