"""Varying the crops that a model trains on; off by default, as in the paper.

Each function takes an example, tracks `(sides, inputs, input_samples)` and target `(2, samples)`, and gives another one
that is as true as it was: what is done to the tracks is done to the target as far as it shows there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from wavemix.dsp.levels import MAX_GAIN_DB, db_to_gain

Example = tuple[Tensor, Tensor]
"""Tracks and target of one crop."""

INDEPENDENT = 0.3
"""Largest correlation, at any lag, of two tracks that count as separate performances."""


@dataclass(frozen=True)
class Augmentation:
    """How crops are varied; the defaults leave them alone.

    Attributes:
        gain_db: Largest change of level, in dB up or down, of tracks and target alike.
        swap: Probability of exchanging two tracks of one role. Stem models only.
        remix: Probability of exchanging a stem for another song's. Mix model only.
        mono: Probability of folding stems and mix to mono. Mix model only: the inputs of a stem model are mono
            already, so that the same tracks would be shown with two different targets.
    """

    gain_db: float = 0.0
    swap: float = 0.0
    remix: float = 0.0
    mono: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.gain_db <= MAX_GAIN_DB:
            raise ValueError(f"gain_db must be 0 to {MAX_GAIN_DB:g}, got {self.gain_db}")
        for field in fields(self)[1:]:
            if not 0 <= getattr(self, field.name) <= 1:
                raise ValueError(f"{field.name} must be a probability, got {getattr(self, field.name)}")

    def unfit(self, stereo: bool) -> str:
        """The first variation that is asked for and not made for the model, empty if there is none.

        Args:
            stereo: Whether the model's inputs are stereo stems and not mono tracks.
        """
        return next((name for name in (("swap",) if stereo else ("remix", "mono")) if getattr(self, name)), "")

    def __call__(
        self, example: Example, rng: np.random.Generator, slots: Sequence[str], another: Callable[[], Example]
    ) -> Example:
        """Vary one crop; the same generator state gives the same result.

        Args:
            example: The crop.
            rng: Decides everything.
            slots: Role of each input; empty for the mix model.
            another: Draws one more crop, from any song.
        """
        if rng.random() < self.remix:
            example = remix(example, another(), stem=int(rng.integers(example[0].shape[1] // 2)))
        if rng.random() < self.mono:
            example = fold_to_mono(example)
        if rng.random() < self.swap:
            example = swap_slots(example, slots, rng)
        return change_gain(example, float(rng.uniform(-self.gain_db, self.gain_db))) if self.gain_db else example


def change_gain(example: Example, gain_db: float) -> Example:
    """Tracks and target louder or softer by the same amount: whoever mixed louder tracks alike got this."""
    tracks, target = example
    gain = db_to_gain(gain_db)
    return tracks * gain, target * gain


def swap_slots(example: Example, slots: Sequence[str], rng: np.random.Generator) -> Example:
    """Exchange two tracks of one role between their slots; the target, which has no slots, stays.

    Two tracks that share sound are left where they are. They are two microphones at one source (overheads left
    and right, or top and bottom in opposite polarity), and side and polarity are what their slots mean.
    """
    tracks, target = example
    for role in dict.fromkeys(slots):
        home = [slot for slot, name in enumerate(slots) if name == role]
        if len(home) < 2:
            continue
        first, second = rng.choice(home, 2, replace=False)
        both = bool(tracks[:, first].any() and tracks[:, second].any())
        if both and largest_correlation(tracks[:, first], tracks[:, second]) < INDEPENDENT:
            tracks = tracks.clone()
            tracks[:, [first, second]] = tracks[:, [second, first]]
    return tracks, target


def remix(example: Example, another: Example, stem: int) -> Example:
    """Exchange one stereo stem for the same stem of another crop, in the target too.

    The target is a mix of all stems with some gain in common, which least squares finds; the stem that goes is
    taken out of it with that gain, and the one that comes is put in. What mastering added to the mix stays.

    Args:
        example: The crop that is changed: interleaved stereo stems, and their mix.
        another: The crop whose stem comes in.
        stem: Which one, from 0.
    """
    tracks, target = example
    context = (tracks.shape[-1] - target.shape[-1]) // 2
    inner = slice(context, context + target.shape[-1])
    plain = torch.stack((tracks[0, 0::2, inner].sum(dim=0), tracks[0, 1::2, inner].sum(dim=0)))
    energy = plain.square().sum()
    gain = torch.where(energy > 0, (plain * target).sum() / energy, 1)
    rows = slice(2 * stem, 2 * stem + 2)
    changed = tracks.clone()
    changed[:, rows] = another[0][:, rows]
    return changed, target + gain * (changed[0, rows, inner] - tracks[0, rows, inner])


def fold_to_mono(example: Example) -> Example:
    """Both sides of every stereo stem and of the target become their mean."""
    tracks, target = example
    folded = ((tracks[:, 0::2] + tracks[:, 1::2]) / 2).repeat_interleave(2, dim=1)
    return folded, target.mean(dim=0, keepdim=True).expand_as(target)


def largest_correlation(a: Tensor, b: Tensor) -> float:
    """Largest magnitude of the normalised cross-correlation of two signals at any lag; 0 for silence.

    Shape:
        `(sides, samples)` each; they are correlated side by side.

    >>> noise = torch.randn(1, 1000, generator=torch.Generator().manual_seed(0))
    >>> round(largest_correlation(noise, -noise.roll(5, dims=1)), 1)
    1.0
    """
    norm = a.norm() * b.norm()
    if norm == 0:
        return 0.0
    size = 2 * a.shape[1]  # padded, so that the correlation does not wrap around
    spectrum = torch.fft.rfft(a, size) * torch.fft.rfft(b, size).conj()
    return float(torch.fft.irfft(spectrum, size).sum(dim=0).abs().max() / norm)
