"""What a trained model must beat: silence, the plain sum of its inputs, and the best static gains and pans."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from wavemix.data.cache import CachedSong
from wavemix.data.crops import GridBatches
from wavemix.data.datamodule import MixDataModule
from wavemix.data.inputs import Inputs
from wavemix.dsp.gains import FIT_SAMPLES, best_gains
from wavemix.metrics.artefacts import energy_above
from wavemix.models.base import L2, Loss
from wavemix.session.groups import STEREO
from wavemix.waveunet.initialise import sum_gains
from wavemix.waveunet.network import WaveUNet
from wavemix.waveunet.sides import mix_sides, own_sides
from wavemix.zoo.mixer import Mixer

PIECE_SAMPLES = 441_000
"""What is computed of a song at a time."""

SIDE_FLOOR = 1e-8
"""A target whose side has a smaller share of its power is mono: 80 dB."""


@dataclass(frozen=True)
class Score:
    """One way to mix the songs of a split, and how near it comes to how they were mixed.

    Attributes:
        name: What the way is called.
        loss: Mean squared error over all samples of the split, as a trainer's `valid/loss` and `test/loss`.
        snr_db: Mean power of the targets over that error; 0 for silence, which gives nothing.
    """

    name: str
    loss: float
    snr_db: float


def compare(data: MixDataModule, split: str = "valid", trained: Mixer | WaveUNet | None = None) -> tuple[Score, ...]:
    """Scores of silence, the plain sum, the best static gains, and of a model, on the songs of a split.

    Args:
        data: The songs; static gains are fitted to those of its training split.
        split: `valid` or `test`.
        trained: A model to measure too, on the device on which it lies.

    Raises:
        ValueError: If the model expects its inputs at another loudness than `data` gives them.
        WavemixError: If a split has no songs for the model.
    """
    if isinstance(trained, Mixer) and trained.config.input_levels != data.inputs.levels:
        raise ValueError(f"the model expects its inputs at {trained.config.input_levels}")
    net = trained.net if isinstance(trained, Mixer) else trained
    plain = plain_gains(data.inputs)
    gains = {
        "silence": torch.zeros_like(plain),
        "plain sum": plain,
        "static gains": fit_gains(data.songs("train"), plain),
    }
    errors = dict.fromkeys([*gains, "model"] if net else gains, 0.0)
    samples = 0
    for tracks, target in data.grid(split):
        inner = tracks[..., data.net.context :][..., : target.shape[-1]]
        for name, matrix in gains.items():
            errors[name] += _squared_error(own_sides(matrix.to(inner) @ inner), target)
        if net is not None:
            errors["model"] += _squared_error(_mix(net, tracks, target.shape[-1]), target)
        samples += target.numel()
    return tuple(Score(name, error / samples, _ratio_db(errors["silence"], error)) for name, error in errors.items())


def validation_loss(data: MixDataModule, net: WaveUNet, loss: Loss = L2) -> float:
    """The mean of a loss over the validation songs, as a trainer that chooses by it has it."""
    total, samples = 0.0, 0
    for tracks, target in data.grid("valid"):
        total += float(loss(_mix(net, tracks, target.shape[-1]), target)) * target.numel()
        samples += target.numel()
    return total / samples


@dataclass(frozen=True)
class Likeness:
    """How near a model comes to the target of one song.

    Attributes:
        snr_db: Power of the target over that of the error.
        side_snr_db: SNR of left minus right alone, in dB; None where the target has none.
        treble_db: Its energy above 10 kHz over the target's: below 0 it is duller; None where the target has none.
    """

    snr_db: float
    side_snr_db: float | None
    treble_db: float | None


def likeness(song: CachedSong, net: WaveUNet, rate: int) -> Likeness:
    """How near a network comes to the target of one song, over all its samples."""
    powers = torch.zeros(2, 2, dtype=torch.float64)  # of target and error, of both channels and of side
    treble = [0.0, 0.0]  # of target and model
    for tracks, target in GridBatches([song], net, 1, PIECE_SAMPLES):
        mixed = _mix(net, tracks, target.shape[-1])
        for which, signal in enumerate((target, mixed)):
            treble[which] += energy_above(signal[0].numpy(), rate)
        for row, signal in enumerate((target, mixed - target)):
            side = signal[:, 0] - signal[:, 1]
            powers[row] += torch.stack([signal.double().square().sum(), side.double().square().sum()])
    (wanted, wanted_side), (error_power, side_error) = powers.tolist()
    has_side = wanted_side > SIDE_FLOOR * wanted
    return Likeness(
        _ratio_db(wanted, error_power),
        _ratio_db(wanted_side, side_error) if has_side else None,
        _ratio_db(treble[1], treble[0]) if treble[0] else None,
    )


def plain_gains(inputs: Inputs) -> Tensor:
    """The plain sum as gains, `(2, inputs)`: tracks to both sides, stems' channels each to its own."""
    return sum_gains(inputs.count, STEREO, input_channels=1 if inputs.slots else STEREO)


def fit_gains(songs: Iterable[CachedSong], plain: Tensor) -> Tensor:
    """The gains from each input to left and right, `(2, inputs)`, that come nearest to the targets of songs.

    Least squares over all samples of all songs, for each output over what its side holds. Of inputs that no song has,
    or that always come together, nothing is learned beyond the plain sum: of all best gains those are taken that are
    nearest to it.

    Args:
        songs: Songs of one model.
        plain: Gains of the plain sum, `(2, inputs)`.
    """
    inputs = plain.shape[1]
    products = torch.zeros(STEREO, inputs + 1, inputs, dtype=torch.float64)
    for song in songs:
        for start in range(0, song.samples, FIT_SAMPLES):
            piece = slice(start, start + FIT_SAMPLES)
            tracks = song.tracks[..., piece].to("cpu", torch.float64).expand(STEREO, -1, -1)
            target = song.target[:, None, piece].to("cpu", torch.float64)
            products += torch.cat([tracks, target], dim=1) @ tracks.mT
    return torch.cat([best_gains(products[side], plain[side : side + 1]) for side in range(STEREO)])


def even_gains(gains: Tensor, inputs: Inputs) -> Tensor:
    """The mean of gains, `(2, inputs)`, and of their mirror image: nothing leans to a side.

    On which side a track was is an accident of the songs at hand, and whose slot it shares with other songs' would have
    to follow.
    """
    mirrored = gains if inputs.slots else gains.view(STEREO, -1, STEREO).flip(2).flatten(1)
    return (gains + mirrored.flip(0)) / 2


@torch.no_grad()
def _mix(net: WaveUNet, tracks: Tensor, samples: int) -> Tensor:
    mixed = mix_sides(net, tracks.to(net.output.weight.device))
    return mixed[..., :samples].to(tracks.device)


def _squared_error(mixed: Tensor, target: Tensor) -> float:
    return float((mixed - target).square().sum(dtype=torch.float64))


def _ratio_db(power: float, error: float) -> float:
    if power > 0 and error > 0:
        return 10 * math.log10(power / error)
    return math.inf if power > error else -math.inf if error > power else 0.0
