"""The whole system in one object: four stem models and the mix model, connected."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self, cast

import torch
from torch import Tensor, nn

from wavemix.backends.backend import FLOAT32, TORCH, find_backend
from wavemix.errors import WavemixError
from wavemix.pipeline.balance import Balance
from wavemix.pipeline.delivery import Delivery
from wavemix.pipeline.progress import NoProgress, Progress
from wavemix.pipeline.render import render
from wavemix.pipeline.report import Report
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.session.manifest import open_session
from wavemix.session.session import Session
from wavemix.zoo.mixer import DEFAULT_BLOCK_SECONDS, Mixer
from wavemix.zoo.registry import FULL, TASKS, entry_of
from wavemix.zoo.weights import load


class Mixdown(NamedTuple):
    """A mix and the stems it was made of; each tensor is `(batch, 2, samples)`."""

    mix: Tensor
    stems: dict[str, Tensor]


class AutoMix(nn.Module):
    """Raw tracks to four stereo stems and a stereo mix.

    Attributes:
        models: The five models by task.
        family: The published models that it is made of, but for those of the user's own.

    Raises:
        ValueError: If a model is missing, or their sample rates differ.
    """

    def __init__(self, models: Mapping[str, Mixer], family: str = FULL.name) -> None:
        super().__init__()
        if set(models) != set(TASKS):
            raise ValueError(f"the system is made of {', '.join(TASKS)}; got {', '.join(models)}")
        if len({model.sample_rate for model in models.values()}) > 1:
            raise ValueError("the five models must have one sample rate")
        self.models = nn.ModuleDict({name: models[name] for name in TASKS})
        self.family = family

    @classmethod
    def from_pretrained(
        cls,
        weights: Path | str | None = None,
        device: str | torch.device = "auto",
        revision: str | None = None,
        backend: str = TORCH.name,
        compiled: bool = False,
        family: str = FULL.name,
        precision: str = FLOAT32,
    ) -> Self:
        """The system with published weights, or with your own where you have them.

        Args:
            weights: A folder with a sub-folder a model (`drums`, `bass`, `vocals`, `other`, `mix`), or the
                folder of a single one; or an organisation or a repository on the Hub, see `wavemix.load`. Models that
                a folder or repository lacks are the published ones.
            device: `auto` takes CUDA where there is a GPU.
            revision: Commit, tag or branch on the Hub, of all five; None for the published one.
            backend: What computes the models: `torch`, or on the CPU `onnx` or `openvino`.
            compiled: Whether `torch.compile` makes the code.
            family: Which published models: `full`, or `lite` to mix in real time on a CPU.
            precision: `float32`; or `bfloat16`, twice as fast on CPUs with AMX, whose changes lie 55 dB and more below
                the mix (docs/speed.md).

        Raises:
            WavemixError: If weights are missing, not what they should be or of several sample rates, or there is no
                such device, backend, family or precision.
        """
        engine = find_backend(backend, compiled, precision)
        place = pick_device("cpu" if device == "auto" and backend != TORCH.name else device)
        if place.type != "cpu" and backend != TORCH.name:
            raise WavemixError(f"the backend {backend} computes on the CPU; use the device cpu or the backend torch.")
        models = {task: load(entry_of(task, family).name, weights, place, revision) for task in TASKS}
        rate = models[MIX].sample_rate
        for model in models.values():
            if model.sample_rate != rate:
                raise WavemixError(
                    f"{model.origin}: works at {model.sample_rate} Hz and {models[MIX].origin} at {rate} Hz; use five "
                    "models of one sample rate."
                )
        for model in models.values():
            model.backend = engine
        return cls(models, family)

    @property
    def sample_rate(self) -> int:
        """Rate in Hz of what the models read and write."""
        return self.model(MIX).sample_rate

    def model(self, name: str) -> Mixer:
        """The model of a task."""
        return cast(Mixer, self.models[name])

    def forward(self, tracks: Mapping[str, Tensor], balance: Balance | None = None) -> Mixdown:
        """Mix tensors: differentiable where gradients are on.

        Args:
            tracks: For each group its mono tracks, `(batch, tracks, samples)` at `sample_rate`, all of one
                batch size and length. Each item of the batch is a song, whose tracks are brought to the levels that
                the models expect. Groups may be absent; an absent or silent group gives a silent stem.
            balance: Gains of the groups, and how much of the networks' work is wanted.

        Raises:
            ValueError: If there is no group, an unknown one, or the shapes do not go together.
        """
        unknown = sorted(set(tracks) - set(GROUPS))
        if unknown or not tracks:
            raise ValueError(f"give tracks for one or more of {', '.join(GROUPS)}; got {', '.join(tracks) or 'none'}")
        shapes = {(tensor.shape[0], tensor.shape[-1]) for tensor in tracks.values() if tensor.ndim == 3}
        if len(shapes) != 1 or any(tensor.ndim != 3 for tensor in tracks.values()):
            raise ValueError("tracks must be (batch, tracks, samples), of one batch size and length")
        ((batch, samples),) = shapes
        silence = next(iter(tracks.values())).new_zeros((batch, 1, samples))
        levelled = {
            group: self.model(group).levelled(tracks[group]) if group in tracks else silence for group in GROUPS
        }
        stems = {group: _stem(self.model(group), inputs) for group, inputs in levelled.items()}
        return self._balanced(stems, levelled, balance or Balance())

    def _balanced(self, stems: Mapping[str, Tensor], levelled: Mapping[str, Tensor], balance: Balance) -> Mixdown:
        """Mix the stems, and go as far as the balance says from the plain sum of the tracks at their levels."""
        mixer = self.model(MIX)
        inputs = mixer.levelled(torch.cat(list(stems.values()), dim=1))
        factors = [balance.factor(group) for group in GROUPS for _ in range(STEREO)]
        mix = balance.processed * mixer.mix_levelled(inputs * inputs.new_tensor(factors)[:, None])
        stems = {group: balance.processed * balance.factor(group) * stem for group, stem in stems.items()}
        for group, tracks in levelled.items():
            plain = balance.plain * balance.factor(group) * tracks.sum(dim=1, keepdim=True).to(mix)
            mix, stems[group] = mix + plain, stems[group] + plain
        return Mixdown(mix, stems)

    def mix(
        self,
        song: Session | Path | str,
        out: Path | str,
        delivery: Delivery | None = None,
        block_seconds: float | None = DEFAULT_BLOCK_SECONDS,
        progress: Progress | None = None,
        balance: Balance | None = None,
        overwrite: bool = False,
    ) -> Report:
        """Mix a song from disk to disk, in memory that does not grow with its length.

        `out` gets the mix, `stems/`, the routing as `session.yaml` and `report.json`, all or none of them. They replace
        those of earlier mixes; a `session.yaml` that was edited since is kept.

        Args:
            song: A folder of tracks, its `session.yaml`, or a session.
            out: The output folder; it is made if need be.
            delivery: Format, rate, loudness and ceiling of the files.
            block_seconds: What is computed at a time; the result does not depend on it. None is the whole song.
            progress: Told of every stage.
            balance: Gains of the groups, and how much of the networks' work is wanted.
            overwrite: Whether they may also replace files that no earlier mix wrote, other than the song's tracks.

        Raises:
            WavemixError: If the song cannot be mixed or the folder not be written, or files would be lost; nothing is
                left there then.
            ValueError: If `block_seconds` is not positive.
        """
        session = song if isinstance(song, Session) else open_session(Path(song))
        models = {name: self.model(name) for name in TASKS}
        return render(
            models,
            session,
            Path(out),
            delivery or Delivery(),
            block_seconds,
            progress or NoProgress(),
            balance or Balance(),
            overwrite,
        )


def pick_device(device: str | torch.device) -> torch.device:
    """The device of that name; `auto` is CUDA where there is a GPU, else the CPU.

    Raises:
        WavemixError: If there is no such device here.
    """
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    chosen = torch.device(device)
    if chosen.type == "cuda" and not torch.cuda.is_available():
        raise WavemixError("there is no CUDA device here; use the device cpu or auto.")
    return chosen


def _stem(model: Mixer, tracks: Tensor) -> Tensor:
    """A group's stem; songs of the batch in which the group is silent get silence, as in `mix`."""
    live = tracks.abs().amax(dim=(1, 2)) > 0  # (batch,)
    if not live.any():
        return tracks.new_zeros((tracks.shape[0], STEREO, tracks.shape[-1]))
    stem = model.mix_levelled(tracks)
    return stem * live[:, None, None]
