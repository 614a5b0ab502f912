"""What a training sounds and looks like: premix, output and target of one passage, and their mel spectrograms."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from lightning import Trainer
from lightning.pytorch.loggers import Logger
from scipy.io import wavfile
from torch import Tensor

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.data.crops import Batch
from wavemix.models.base import MixingModule
from wavemix.session.groups import STEREO
from wavemix.staging import staged_folder
from wavemix.training.loggers import TolerantLogger
from wavemix.waveunet.initialise import sum_gains
from wavemix.waveunet.sides import mix_sides, own_sides

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BANDS, WINDOW, STEP = 80, 2048, 512
"""Bands, window and hop of the mel spectrogram, the latter two in samples."""


class Examples:
    """Writes the loudest validation passage as heard by the network into a folder, and to W&B where that works.

    Called with every improvement, it replaces what it wrote before.
    """

    def __init__(self, folder: Path, loggers: Sequence[Logger]) -> None:
        self._folder = folder
        self._loggers = [logger for logger in loggers if isinstance(logger, TolerantLogger)]
        self._passage: tuple[Tensor, Tensor] | None = None

    def __call__(self, trainer: Trainer, module: MixingModule) -> None:
        """Write the files and log them."""
        if self._passage is None:
            assert trainer.val_dataloaders is not None  # there was a validation
            self._passage = _loudest(trainer.val_dataloaders)
        tracks, target = self._passage
        with torch.no_grad():
            output = mix_sides(module.net, tracks[None].to(module.device))[0, :, : target.shape[-1]].cpu()
        premix = _premix(tracks, module.task().input_channels)
        premix = premix[:, module.net.context :][:, : target.shape[-1]]
        sounds = {"premix": premix, "output": output, "target": target}
        files = {name: str(self._folder / f"{name}.wav") for name in sounds}
        figure = draw_mel(sounds)
        with staged_folder(self._folder) as stage:
            for name, sound in sounds.items():
                wavfile.write(stage / f"{name}.wav", SAMPLE_RATE, np.ascontiguousarray(sound.T.numpy()))
            if figure is not None:
                figure.savefig(stage / "mel.png")
        for logger in self._loggers:
            logger.log_audio("examples/audio", list(files.values()), trainer.global_step, caption=list(files))
            if figure is not None:
                logger.log_image("examples/mel", [str(self._folder / "mel.png")], trainer.global_step)


def draw_mel(sounds: dict[str, Tensor]) -> "Figure | None":
    """Mel spectrograms above one another, `(channels, samples)` each; None without matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=(8, 2.5 * len(sounds)))
    figure.subplots_adjust(left=0.09, right=0.98, bottom=0.05, top=0.95, hspace=0.25)
    levels_db = {name: mel_db(sound) for name, sound in sounds.items()}
    top_db = max(float(level.max()) for level in levels_db.values())
    for row, axes in zip(levels_db.items(), figure.subplots(len(sounds), sharex=True), strict=True):
        axes.imshow(row[1].numpy(), origin="lower", aspect="auto", vmin=top_db - 80, vmax=top_db)
        axes.set(title=row[0], ylabel="mel band")
    return figure


def mel_db(sound: Tensor) -> Tensor:
    """Mel spectrogram in dB of the mean of all channels; `(channels, samples)` to `(bands, frames)`."""
    window = torch.hann_window(WINDOW)
    spectrum = torch.stft(sound.mean(dim=0), WINDOW, STEP, window=window, pad_mode="constant", return_complex=True)
    return 10 * torch.log10(mel_filters() @ spectrum.abs().square() + 1e-10)


def mel_filters() -> Tensor:
    """Triangles that are evenly spaced on the mel scale (O'Shaughnessy 1987); `(bands, bins)`."""
    bins = torch.linspace(0, SAMPLE_RATE / 2, WINDOW // 2 + 1)
    top_mel = 2595 * np.log10(1 + SAMPLE_RATE / 2 / 700)
    edges = 700 * (10 ** (torch.linspace(0, top_mel, BANDS + 2) / 2595) - 1)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (middle - low), (high - bins) / (high - middle)
    return torch.minimum(rising, falling).clamp(min=0)


def _loudest(batches: Iterable[Batch]) -> tuple[Tensor, Tensor]:
    """The tracks and target, `(sides, inputs, samples)` and `(2, samples)`, whose target has the most energy."""
    tracks, target = max(
        ((tracks, target) for batch in batches for tracks, target in zip(*batch, strict=True)),
        key=lambda piece: float(piece[1].square().sum()),
    )
    return tracks.cpu(), target.cpu()


def _premix(tracks: Tensor, input_channels: int) -> Tensor:
    """The plain sum of the inputs, `(sides, inputs, samples)`, in stereo, `(2, samples)`."""
    return own_sides(sum_gains(tracks.shape[1], STEREO, input_channels) @ tracks)
