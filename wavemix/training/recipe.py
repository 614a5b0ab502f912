"""Recipes: what a training is, as YAML that holds only what differs from the paper's protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from wavemix.data.augment import Augmentation
from wavemix.documents.schema import build
from wavemix.documents.yaml_text import parse_yaml, read_yaml
from wavemix.dsp.input_levels import InputLevels
from wavemix.errors import WavemixError
from wavemix.session.groups import STEREO
from wavemix.shipped import shipped
from wavemix.waveunet.size import check_size
from wavemix.zoo.registry import TASKS

RECIPES = shipped("recipes")
"""The recipes that wavemix comes with."""


MOST = {
    "patience": 1_000_000,
    "batch_size": 1024,
    "steps_per_epoch": 10_000_000,
    "target_samples": 1 << 23,
    "seed": (1 << 32) - 1,
    "workers": 256,
    "save_every_steps": 10_000_000,
}
"""Whole numbers in recipes beyond which nobody means them, and no machine has the memory."""

MOST_SAMPLES = 1 << 26
"""Most samples that the targets of a batch may have together."""

HIGHEST_RATE = 10.0
"""Highest learning rate that is taken for meant."""


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


@dataclass(frozen=True)
class Phase:
    """Training with one learning rate, until the validation loss no longer falls.

    Attributes:
        learning_rate: Adam's learning rate.
        patience: Epochs without a lower validation loss after which the phase ends.
        max_epochs: Epochs after which it ends at the latest; -1 for no limit.
        schedule: `constant`, or `cosine`: the rate rises first, and falls to nothing by the last of `max_epochs`.
    """

    learning_rate: float = 1e-4
    patience: int = 20
    max_epochs: int = -1
    schedule: Literal["constant", "cosine"] = "constant"

    def __post_init__(self) -> None:
        _require(0 < self.learning_rate <= HIGHEST_RATE, f"learning_rate must be above 0 and at most {HIGHEST_RATE:g}")
        _require(1 <= self.patience <= MOST["patience"], f"patience must be 1 to {MOST['patience']}")
        _require(self.max_epochs == -1 or self.max_epochs >= 1, "max_epochs must be at least 1, or -1 for no limit")
        _require(self.schedule == "constant" or self.max_epochs >= 1, "a cosine schedule needs max_epochs")


@dataclass(frozen=True)
class Recipe:
    """One training of one model; the defaults are the paper's (Koszewski et al. 2023, section 2).

    Attributes:
        model: The task, by its name in the registry.
        phases: Trained in order, each from the best weights of the one before.
        teacher: Who gives the targets: `songs`, their own stems and mixes; or `engineer`, the house engineer, for songs
            with raw tracks, those of the split `demo` included.
        start: `random`; `sum`, the plain sum of the inputs; `static`, the static gains that fit the training songs
            best, alike on both sides where songs teach; `published`, weights that were trained before; or `widened`,
            the same of a narrower network.
        freeze_encoder: Whether the way down of the network keeps its weights.
        levels: How many levels the network has.
        filters: Filters of the network's first level: 24 for the full family, 8 for the lite one.
        input_loudness_lufs: Loudness to which every input is brought; null for levels as they come.
        input_peak_dbfs: Highest sample of every input, which may keep it below that loudness; null for any.
        input_sum_loudness_lufs: Loudness to which the sum of all inputs is brought; null for any.
        stft_weight: Weight of the multi-resolution STFT distance beside the squared error; 0 for the paper's loss.
        side_weight: Weight of the side signal in the squared error; 1 for the paper's loss.
        treble_weight: Weight of the squared error of the second difference; 0 for the paper's loss.
        treble_level_weight: Weight of the error of the treble's level, by band; 0 for the paper's loss.
        chosen_by: What chooses weights on the validation songs: the paper's `squared_error`, or the `training_loss`.
        gradient_clip: Largest norm of a step's gradient; null for any.
        batch_size: Crops in a step, over all devices together.
        steps_per_epoch: Steps between two validations.
        target_samples: Length of a crop's target.
        seed: Seed of the first weights and of the crops.
        workers: Processes that load data, a device; 0 loads in the training process.
        resident: Whether the songs are held in the training device's memory.
        augmentation: How crops are varied; none by default.
        precision: As Lightning names it.
        save_every_steps: Steps after which the state of the training is saved, besides at every epoch's end.
    """

    model: str
    phases: tuple[Phase, ...] = (Phase(), Phase(learning_rate=1e-5))
    teacher: Literal["songs", "engineer"] = "songs"
    start: Literal["random", "sum", "static", "published", "widened"] = "random"
    freeze_encoder: bool = False
    levels: int = 10
    filters: int = 24
    input_loudness_lufs: float | None = None
    input_peak_dbfs: float | None = None
    input_sum_loudness_lufs: float | None = None
    stft_weight: float = 0.0
    side_weight: float = 1.0
    treble_weight: float = 0.0
    treble_level_weight: float = 0.0
    chosen_by: Literal["squared_error", "training_loss"] = "squared_error"
    gradient_clip: float | None = None
    batch_size: int = 16
    steps_per_epoch: int = 200
    target_samples: int = 88_200
    seed: int = 0
    workers: int = 0
    resident: bool = False
    augmentation: Augmentation | None = None
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = "32-true"
    save_every_steps: int = 50

    def __post_init__(self) -> None:
        _require(self.model in TASKS, f"model must be one of {', '.join(TASKS)}")
        _require(len(self.phases) > 0, "phases must list at least one")
        check_size(TASKS[self.model].inputs, STEREO, self.levels, self.filters)
        for name in ("batch_size", "steps_per_epoch", "target_samples", "save_every_steps"):
            _require(1 <= getattr(self, name) <= MOST[name], f"{name} must be 1 to {MOST[name]}")
        for name in ("seed", "workers"):
            _require(0 <= getattr(self, name) <= MOST[name], f"{name} must be 0 to {MOST[name]}")
        samples = self.batch_size * self.target_samples
        _require(samples <= MOST_SAMPLES, f"batch_size times target_samples must be at most {MOST_SAMPLES}")
        _require(self.stft_weight >= 0, "stft_weight must not be negative")
        _require(self.side_weight >= 0, "side_weight must not be negative")
        _require(self.treble_weight >= 0, "treble_weight must not be negative")
        _require(self.treble_level_weight >= 0, "treble_level_weight must not be negative")
        _require(
            not self.stft_weight or (self.side_weight == 1 and not self.treble_weight and not self.treble_level_weight),
            "stft_weight does not go with side_weight, treble_weight or treble_level_weight",
        )
        _require(self.gradient_clip is None or self.gradient_clip > 0, "gradient_clip must be above 0")
        lessons = self.teacher == "engineer"
        _require(
            not (lessons and self.augmentation), "the engineer's lessons vary by themselves: leave augmentation out"
        )
        _ = self.input_levels  # a level that nobody can mean is refused now

    @property
    def input_levels(self) -> InputLevels:
        """The levels to which inputs are brought.

        Raises:
            ValueError: As `InputLevels`.
        """
        return InputLevels(self.input_loudness_lufs, self.input_peak_dbfs, self.input_sum_loudness_lufs)


def read_recipe(path: Path, settings: Sequence[str] = ()) -> Recipe:
    """Read a recipe and change some of its settings.

    Args:
        path: The YAML file, or the name of one in `RECIPES`.
        settings: `key=value` each, the value in YAML; `phases.0.patience=5` reaches into the recipe.

    Raises:
        WavemixError: If the file cannot be read, or a key or value is wrong.
    """
    file = path if path.is_file() or str(path) not in own_recipes() else RECIPES / f"{path}.yaml"
    values = read_yaml(file, f"name a recipe's file, or one of {', '.join(own_recipes())}")
    if not isinstance(values, dict):
        raise WavemixError(f"{path}: must hold keys and values, such as `model: drums`.")
    for setting in settings:
        _change(values, setting)
    return build(Recipe, values, str(path), words_are_numbers=True)


def recorded_recipe(metrics: Mapping[str, Any], where: str) -> Recipe | None:
    """The recipe that a checkpoint's `metrics.json` says it was trained by; None if it says none.

    Raises:
        WavemixError: If it is not one that this version knows.
    """
    return build(Recipe, metrics["recipe"], where) if "recipe" in metrics else None


def own_recipes() -> list[str]:
    """The names of those that wavemix comes with."""
    return sorted(file.stem for file in RECIPES.glob("*.yaml"))


def _change(values: dict[str, Any], setting: str) -> None:
    """Apply one `key=value` in place, after writing out the default that its key reaches into."""
    key, equals, text = setting.partition("=")
    first, *rest = key.strip().split(".")
    if not equals:
        raise WavemixError(f"--set {setting}: must have the form key=value.")
    value = parse_yaml(text, f"--set {setting}")
    if not rest:
        values[first] = value
        return
    place = values[first] = values.get(first) or _default(first)
    try:
        for part in rest[:-1]:
            place = place[int(part) if isinstance(place, list) else part]
        place[int(rest[-1]) if isinstance(place, list) else rest[-1]] = value
    except (LookupError, TypeError, ValueError) as error:
        raise WavemixError(f"--set {setting}: there is no such place in the recipe; check the key.") from error


def _default(key: str) -> Any:
    """A recipe's default as YAML would hold it."""
    default = next((field.default for field in fields(Recipe) if field.name == key), None)
    if isinstance(default, tuple):
        return [asdict(item) for item in default]
    return {} if default is None else default
