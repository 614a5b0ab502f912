"""Losses to train with, beside the paper's."""

from torch import Tensor, nn

from wavemix.metrics.stft import MultiResolutionSTFT


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
