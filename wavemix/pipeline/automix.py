"""The whole system in one object: four stem models and the mix model, connected."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self, cast

from numpy.typing import ArrayLike
from torch import Tensor, nn

from wavemix.backends.engine import Engine
from wavemix.daw.formats import check_formats
from wavemix.errors import WavemixError
from wavemix.pipeline.arrays import ArrayMixdown, mix_in_memory
from wavemix.pipeline.delivery import Delivery
from wavemix.pipeline.files import mix_to_files
from wavemix.pipeline.mixing import Wishes
from wavemix.pipeline.report import Report
from wavemix.session.groups import GROUPS, MIX
from wavemix.session.hearing import Identify
from wavemix.session.manifest import open_session
from wavemix.session.session import Session
from wavemix.system.balance import Balance
from wavemix.system.feeds import feed_of_tensors
from wavemix.system.progress import NoProgress, Progress
from wavemix.system.road import Road
from wavemix.system.stages import MemoryStage
from wavemix.takes.care import Care
from wavemix.zoo.ears import ear
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
        *,
        engine: Engine | None = None,
        revision: str | None = None,
        family: str = FULL.name,
    ) -> Self:
        """The system with published weights, or with your own where you have them.

        Args:
            weights: A folder with a sub-folder a model (`drums`, `bass`, `vocals`, `other`, `mix`), or the
                folder of a single one; or an organisation or a repository on the Hub, see `wavemix.load`. Models that
                a folder or repository lacks are the published ones.
            engine: Where and in what to compute; None for PyTorch, on CUDA where there is a GPU.
            revision: Commit, tag or branch on the Hub, of all five; None for the published one.
            family: Which published models: `full`, or `lite` to mix in real time on a CPU.

        Raises:
            WavemixError: If weights are missing, not what they should be or of several sample rates, there is no such
                family, or the engine is not here.
        """
        engine = engine or Engine()
        backend, place = engine.start(), engine.place
        models = {task: load(entry_of(task, family).name, weights, place, revision) for task in TASKS}
        rate = models[MIX].sample_rate
        for model in models.values():
            if model.sample_rate != rate:
                raise WavemixError(
                    f"{model.origin}: works at {model.sample_rate} Hz and {models[MIX].origin} at {rate} Hz; use five "
                    "models of one sample rate."
                )
        for model in models.values():
            model.backend = backend
        return cls(models, family)

    @property
    def sample_rate(self) -> int:
        """Rate in Hz of what the models read and write."""
        return self.model(MIX).sample_rate

    @property
    def computed_by(self) -> dict[str, dict[str, str]]:
        """For each model the backend, precision and device that compute it."""
        return {task: self.model(task).computed_by for task in TASKS}

    def model(self, name: str) -> Mixer:
        """The model of a task."""
        return cast(Mixer, self.models[name])

    def forward(self, tracks: Mapping[str, Tensor], balance: Balance | None = None) -> Mixdown:
        """Mix tensors of tracks in their slots: differentiable where gradients are on.

        Args:
            tracks: For each group its mono tracks, `(batch, tracks, samples)` at `sample_rate`, all of one
                batch size and length. Each item of the batch is a song, whose tracks are brought to the levels that
                the models expect; the first track goes to the group's first slot, and so on. Groups may be absent; an
                absent or silent group gives a silent stem. `mix_arrays` finds the slots, of any number of tracks.
            balance: Gains of the groups, and how much of the networks' work is wanted.

        Raises:
            ValueError: If there is no group, an unknown one, the shapes do not go together, or a group has more tracks
                than slots.
            WavemixError: If a model gives no numbers.
        """
        unknown = sorted(set(tracks) - set(GROUPS))
        if unknown or not tracks:
            raise ValueError(f"give tracks for one or more of {', '.join(GROUPS)}; got {', '.join(tracks) or 'none'}")
        shapes = {(tensor.shape[0], tensor.shape[-1]) for tensor in tracks.values() if tensor.ndim == 3}
        if len(shapes) != 1 or any(tensor.ndim != 3 for tensor in tracks.values()):
            raise ValueError("tracks must be (batch, tracks, samples), of one batch size and length")
        ((songs, samples),) = shapes
        feeds = feed_of_tensors({group: self.model(group).as_inputs(tensor) for group, tensor in tracks.items()})
        road = Road(self._by_task, samples, songs=songs, differentiable=True)
        device = self.model(MIX).device
        layers = road.travel(feeds, balance or Balance(), lambda name: MemoryStage(songs, device)).layers
        return Mixdown(road.total(layers[MIX]), {group: road.total(layers[group]) for group in GROUPS})

    def mix(
        self,
        song: Session | Path | str,
        out: Path | str,
        delivery: Delivery | None = None,
        block_seconds: float | None = DEFAULT_BLOCK_SECONDS,
        progress: Progress | None = None,
        balance: Balance | None = None,
        overwrite: bool = False,
        explain: bool = False,
        daw: Sequence[str] = (),
        care: Care | None = None,
        identify: Identify = "both",
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
            explain: Whether to find the faders and pans that come nearest to the mix: `explanation` of the report,
                and `explanation.json` and its picture in `out`.
            daw: DAWs to write a session of the tracks with these faders and pans for: `reaper`, `dawproject`.
            care: What to measure and do of tracks before they are mixed; None for nothing but what the session says.
            identify: What tells groups and roles of a folder's tracks: `names`, `sound`, or `both`: the name where it
                tells, else the sound.

        Raises:
            WavemixError: If the song cannot be mixed or the folder not be written, or files would be lost; nothing is
                left there then.
            ValueError: If `block_seconds` is not positive, or there is no such DAW.
        """
        check_formats(daw)
        session = song if isinstance(song, Session) else open_session(Path(song), ear=ear(identify))
        wishes = Wishes(
            delivery or Delivery(),
            balance or Balance(),
            block_seconds,
            progress or NoProgress(),
            explain or bool(daw),
            tuple(daw),
            care or Care(),
        )
        return mix_to_files(self._by_task, session, Path(out), wishes, overwrite)

    def mix_arrays(
        self,
        tracks: Mapping[str, ArrayLike],
        sample_rate: int,
        *,
        roles: Mapping[str, str] | None = None,
        gains_db: Mapping[str, float] | None = None,
        delivery: Delivery | None = None,
        block_seconds: float | None = DEFAULT_BLOCK_SECONDS,
        progress: Progress | None = None,
        balance: Balance | None = None,
        explain: bool = False,
        care: Care | None = None,
        name: str = "song",
        identify: Identify = "both",
    ) -> ArrayMixdown:
        """Mix a song in memory: the same mix as `mix` makes of files of the same names and samples.

        Args:
            tracks: By name, `(samples,)` or `(channels, samples)` each, floats whose full scale is 1; of any lengths
                and channels. A name tells a track's role as a file's does, its folders too: `Kick In`, `Drums/Audio 1`.
            sample_rate: Sample rate of all tracks, in Hz.
            roles: For tracks whose names do not tell: a group and, if it is known, a role in it, such as `drums/kick`,
                `other/keys` or `bass`.
            gains_db: For tracks that are to be louder than their models would hear them, as `gain_db` in
                `session.yaml`.
            delivery: Sample rate, loudness and ceiling, and whether stems are wanted. Arrays are floats whatever its
                format, and pass full scale unless its bits say `16` or `24`. None leaves rate and levels to the models.
            block_seconds: What is computed at a time; the result does not depend on it. None is the whole song.
            progress: Told of every stage.
            balance: Gains of the groups, and how much of the networks' work is wanted.
            explain: Whether to find the faders and pans that come nearest to the mix.
            care: What to measure and do of tracks before they are mixed; None for nothing.
            name: What the report and errors call the song.
            identify: What tells groups and roles of tracks without a role, as in `mix`.

        Raises:
            WavemixError: If a track is no array of samples or all are silent, a role is given for no track or does not
                exist, or a model gives no numbers.
            ValueError: If `block_seconds` is not positive.
        """
        wishes = Wishes(
            delivery or Delivery(bits="32f"),
            balance or Balance(),
            block_seconds,
            progress or NoProgress(),
            explain,
            care=care or Care(),
        )
        given = roles or {}
        return mix_in_memory(self._by_task, tracks, sample_rate, given, gains_db or {}, wishes, name, ear(identify))

    @property
    def _by_task(self) -> dict[str, Mixer]:
        return {task: self.model(task) for task in TASKS}
