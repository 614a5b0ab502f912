"""Entry points of `torch.hub`: the models and `automix`, the whole system.

    import torch
    mixer = torch.hub.load("org/wavemix", "automix", trust_repo=True)
    mixer.mix("my_song/", "my_mix/")

Everything else is imported when an entry point is called; lightning, torchaudio and wandb are not needed.
"""

from typing import TYPE_CHECKING

dependencies = ["torch", "numpy", "scipy", "soundfile", "soxr", "safetensors", "yaml", "huggingface_hub"]

if TYPE_CHECKING:
    from collections.abc import Callable

    from wavemix.pipeline.automix import AutoMix
    from wavemix.recognition.recogniser import Recogniser
    from wavemix.zoo.mixer import Mixer


def automix(
    weights: str | None = None,
    device: str = "auto",
    revision: str | None = None,
    family: str = "full",
    precision: str = "float32",
    backend: str = "torch",
    compiled: bool = False,
) -> "AutoMix":
    """The whole system, all five models: raw tracks to four stereo stems and a stereo mix.

    `.mix(folder, out)` goes from disk to disk. `.mix_arrays({"Kick In": array, ...}, sample_rate)` takes arrays, mono
    or stereo, whose names tell what they are, and gives `.mix` and `.stems` as arrays, and a `.report`.
    `.forward({"drums": tracks, ...})` takes tensors of mono tracks in the slots of each group, `(batch, tracks,
    samples)` at `.sample_rate`, and gives `.mix` and `.stems`, `(batch, 2, samples)` each. All take a
    `wavemix.Balance`.

    Args:
        weights: None for the published ones; or a folder with weights of your own, an organisation on the Hub, or a
            repository there. Models that a folder or repository lacks are the published ones.
        device: `auto`, `cpu` or `cuda`.
        revision: Commit, tag or branch on the Hub; None for the one that this version pins.
        family: `full`, or `lite` for networks a third as wide, to mix in real time on a CPU.
        precision: `float32`, or `bfloat16`, twice as fast on CPUs with AMX.
        backend: `torch`, or on the CPU `onnx` or `openvino`.
        compiled: Whether `torch.compile` makes the code.
    """
    from wavemix.backends.engine import Engine
    from wavemix.pipeline.automix import AutoMix

    engine = Engine(device, backend, precision, compiled)
    return AutoMix.from_pretrained(weights, engine=engine, revision=revision, family=family)


def drums(weights: str | None = None, device: str = "cpu", revision: str | None = None) -> "Mixer":
    """Ten mono drum tracks, `(batch, 10, samples)`, to the stereo drum stem, `(batch, 2, samples)`.

    `.config.slots` names the inputs in order; the arguments are those of `automix`.
    """
    return _model("drums", weights, device, revision)


def bass(weights: str | None = None, device: str = "cpu", revision: str | None = None) -> "Mixer":
    """Four mono bass tracks, `(batch, 4, samples)`, to the stereo bass stem, `(batch, 2, samples)`.

    `.config.slots` names the inputs in order; the arguments are those of `automix`.
    """
    return _model("bass", weights, device, revision)


def vocals(weights: str | None = None, device: str = "cpu", revision: str | None = None) -> "Mixer":
    """Four mono vocal tracks, `(batch, 4, samples)`, to the stereo vocal stem, `(batch, 2, samples)`.

    `.config.slots` names the inputs in order; the arguments are those of `automix`.
    """
    return _model("vocals", weights, device, revision)


def other(weights: str | None = None, device: str = "cpu", revision: str | None = None) -> "Mixer":
    """Eight mono tracks of everything else, `(batch, 8, samples)`, to their stereo stem, `(batch, 2, samples)`.

    `.config.slots` names the inputs in order; the arguments are those of `automix`.
    """
    return _model("other", weights, device, revision)


def mix(weights: str | None = None, device: str = "cpu", revision: str | None = None) -> "Mixer":
    """Four stereo stems as eight channels, `(batch, 8, samples)`, to the stereo mix, `(batch, 2, samples)`.

    `.config.slots` names the inputs in order; the arguments are those of `automix`.
    """
    return _model("mix", weights, device, revision)


def recognise(weights: str | None = None, device: str = "cpu", revision: str | None = None) -> "Recogniser":
    """What a raw track is, by its sound: `.recognise(samples, sample_rate)` of an array gives group, role, confidence.

    The network takes frames of band levels of one or more segments a track, `(batch, segments, 64, 96)`, and gives
    probabilities, `(batch, classes)`; `.config.classes` names them. The arguments are those of `automix`.
    """
    from wavemix.zoo.recogniser import load_recogniser

    return load_recogniser(weights, device, revision)


def _lite(full: "Callable[..., Mixer]") -> "Callable[..., Mixer]":
    """The lite family's model of a task."""
    name = full.__name__

    def lite(weights: str | None = None, device: str = "cpu", revision: str | None = None) -> "Mixer":
        return _model(f"{name}-lite", weights, device, revision)

    lite.__name__ = f"{name}_lite"
    lite.__doc__ = f"As `{name}`, with a network a third as wide, to mix in real time on a CPU.\n\n    {full.__doc__}"
    return lite


drums_lite, bass_lite, vocals_lite, other_lite, mix_lite = map(_lite, (drums, bass, vocals, other, mix))


def _model(name: str, weights: str | None, device: str, revision: str | None) -> "Mixer":
    from wavemix.zoo.weights import load

    return load(name, weights, device, revision)
