"""Entry points of `torch.hub`: the five models and `automix`, the whole system.

    import torch
    mixer = torch.hub.load("org/wavemix", "automix", trust_repo=True)
    mixer.mix("my_song/", "my_mix/")

Everything else is imported when an entry point is called; lightning, torchaudio and wandb are not needed.
"""

from typing import TYPE_CHECKING

dependencies = ["torch", "numpy", "scipy", "soundfile", "soxr", "safetensors", "yaml"]

if TYPE_CHECKING:
    from wavemix.pipeline.automix import AutoMix
    from wavemix.zoo.mixer import Mixer


def automix(weights: str | None = None, device: str = "auto") -> "AutoMix":
    """The whole system: `.mix(folder, out)` from disk to disk, `.forward(tracks by group)` on tensors.

    Args:
        weights: A folder with weights of your own; models that it lacks are the published ones.
        device: `auto`, `cpu` or `cuda`.
    """
    from wavemix.pipeline.automix import AutoMix

    return AutoMix.from_pretrained(weights, device)


def drums(weights: str | None = None, device: str = "cpu") -> "Mixer":
    """Ten mono drum tracks, `(batch, 10, samples)`, to the stereo drum stem, `(batch, 2, samples)`."""
    return _model("drums", weights, device)


def bass(weights: str | None = None, device: str = "cpu") -> "Mixer":
    """Four mono bass tracks, `(batch, 4, samples)`, to the stereo bass stem, `(batch, 2, samples)`."""
    return _model("bass", weights, device)


def vocals(weights: str | None = None, device: str = "cpu") -> "Mixer":
    """Four mono vocal tracks, `(batch, 4, samples)`, to the stereo vocal stem, `(batch, 2, samples)`."""
    return _model("vocals", weights, device)


def other(weights: str | None = None, device: str = "cpu") -> "Mixer":
    """Eight mono tracks of everything else, `(batch, 8, samples)`, to their stereo stem, `(batch, 2, samples)`."""
    return _model("other", weights, device)


def mix(weights: str | None = None, device: str = "cpu") -> "Mixer":
    """Four stereo stems as eight channels, `(batch, 8, samples)`, to the stereo mix, `(batch, 2, samples)`."""
    return _model("mix", weights, device)


def _model(name: str, weights: str | None, device: str) -> "Mixer":
    from pathlib import Path

    from wavemix.zoo.weights import load

    return load(name, None if weights is None else Path(weights), device)
