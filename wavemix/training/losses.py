"""Losses to train with, beside the paper's, and which of them a recipe means."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.metrics.stft import MultiResolutionSTFT
from wavemix.models.base import Loss
from wavemix.training.recipe import Recipe


def training_loss(recipe: Recipe) -> Loss | None:
    """What a recipe trains with; None for the paper's."""
    if recipe.stft_weight:
        return SquaredErrorAndSTFT(recipe.stft_weight)
    if recipe.side_weight == 1 and not recipe.treble_weight and not recipe.treble_level_weight:
        return None
    squared = weighted_squared_error(recipe.side_weight, recipe.treble_weight)
    if not recipe.treble_level_weight:
        return squared

    def loss(mix: Tensor, target: Tensor) -> Tensor:
        return squared(mix, target) + recipe.treble_level_weight * treble_level_error(mix, target)

    return loss


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
        treble_weight: Weight of the squared error of the second difference; 0 for none. Left minus right counts once in
            it: its treble can hardly be foretold, and weighing its error would only take it away.
    """

    def loss(mix: Tensor, target: Tensor) -> Tensor:
        error = mix - target
        if not treble_weight:
            return _of_sides(error, side_weight).mean()
        share = _power(target) / (_power(target.diff(n=2)) + _TINY)
        treble_error = error.diff(n=2).square().mean((-2, -1))
        return (_of_sides(error, side_weight) + share.clamp(max=treble_weight) * treble_error).mean()

    return loss


def treble_level_error(mix: Tensor, target: Tensor) -> Tensor:
    """How far the treble is from being as strong as the target's: above 8 kHz, by band and frame, in mid and in side.

    A squared error is least where what cannot be foretold is left out, so a network that learns by it alone is duller
    than its teacher. The level of a band can be right where its phase cannot. The squared error of each band's RMS is
    divided by the band's power and multiplied by the target's, so that this and the squared error of the signals are
    of one kind; a band 45 dB below the target and less fades out of it.

    >>> import torch
    >>> noise = torch.randn(2, 1, 2, 8_000, generator=torch.Generator().manual_seed(0))
    >>> [round(float(treble_level_error(other, noise[0])), 2) for other in (noise[0], noise[1], noise[0] / 2)]
    [0.0, 0.01, 0.25]

    Args:
        mix: `(batch, 2, samples)` at 44,100 Hz.
        target: `(batch, 2, samples)` at 44,100 Hz.
    """
    levels = _treble_levels(target)
    error, power = (_treble_levels(mix) - levels).square().mean(-1), levels.square().mean(-1)
    whole = _power(target)
    return (whole * (error / (power + _FAINT * whole[:, None, None] + _TINY)).mean((-2, -1))).mean()


def _treble_levels(signal: Tensor) -> Tensor:
    """RMS of mid and side in each of `_TREBLE_HZ`'s bands, `(batch, 2, bands, frames)`."""
    left, right = signal.float().unbind(-2)
    window = torch.hann_window(_FRAME_SAMPLES, device=signal.device)
    spectra = torch.stft(
        torch.stack([left + right, left - right], 1).flatten(0, 1) / 2,
        _FRAME_SAMPLES,
        _FRAME_SAMPLES // 2,
        window=window,
        center=False,
        return_complex=True,
    )
    power = torch.view_as_real(spectra).square().sum(-1) * (2 / (_FRAME_SAMPLES * window.square().sum()))
    edges = [round(hz / SAMPLE_RATE * _FRAME_SAMPLES) for hz in _TREBLE_HZ]
    bands = torch.stack([power[:, low:high].sum(1) for low, high in pairwise(edges)], 1)
    return (bands + _TINY).sqrt().view(-1, 2, *bands.shape[1:])


_FAINT = 3e-5

_FRAME_SAMPLES = 1024

_TREBLE_HZ = (8_000, 10_000, 12_500, 16_000, 20_000)
"""Edges of the bands in which the treble is measured: thirds of an octave."""

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
