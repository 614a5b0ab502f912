"""Recipes: what a training is, as YAML that holds only what differs from the paper's protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from difflib import get_close_matches
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml

from wavemix.data.augment import Augmentation
from wavemix.dsp.input_levels import InputLevels
from wavemix.errors import WavemixError
from wavemix.shipped import shipped
from wavemix.zoo.registry import TASKS

RECIPES = shipped("recipes")
"""Those that wavemix comes with."""


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


@dataclass(frozen=True)
class Phase:
    """Training with one learning rate, until the validation loss no longer falls.

    Attributes:
        learning_rate: Of Adam.
        patience: Epochs without a lower validation loss after which the phase ends.
        max_epochs: Epochs after which it ends at the latest; -1 for no limit.
        schedule: `constant`, or `cosine`: the rate rises first, and falls to nothing by the last of `max_epochs`.
    """

    learning_rate: float = 1e-4
    patience: int = 20
    max_epochs: int = -1
    schedule: Literal["constant", "cosine"] = "constant"

    def __post_init__(self) -> None:
        _require(self.learning_rate > 0, "learning_rate must be above 0")
        _require(self.patience >= 1, "patience must be at least 1")
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
        levels: Of the network.
        filters: Filters of the network's first level: 24 for the full family, 8 for the lite one.
        input_loudness_lufs: Loudness to which every input is brought; null for levels as they come.
        input_peak_dbfs: Highest sample of every input, which may keep it below that loudness; null for any.
        input_sum_loudness_lufs: Loudness to which the sum of all inputs is brought; null for any.
        stft_weight: Of the multi-resolution STFT distance beside the squared error; 0 for the paper's loss.
        side_weight: Of the side signal in the squared error; 1 for the paper's loss.
        treble_weight: Of the squared error of the second difference; 0 for the paper's loss.
        chosen_by: What chooses weights on the validation songs: the paper's `squared_error`, or the `training_loss`.
        gradient_clip: Largest norm of a step's gradient; null for any.
        batch_size: Crops in a step, over all devices together.
        steps_per_epoch: Steps between two validations.
        target_samples: Length of a crop's target.
        seed: Of the first weights and of the crops.
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
        for name in ("levels", "filters", "batch_size", "steps_per_epoch", "target_samples", "save_every_steps"):
            _require(getattr(self, name) >= 1, f"{name} must be at least 1")
        _require(self.stft_weight >= 0, "stft_weight must not be negative")
        _require(self.side_weight >= 0, "side_weight must not be negative")
        _require(self.treble_weight >= 0, "treble_weight must not be negative")
        _require(
            not self.stft_weight or (self.side_weight == 1 and not self.treble_weight),
            "stft_weight does not go with side_weight or treble_weight",
        )
        _require(self.gradient_clip is None or self.gradient_clip > 0, "gradient_clip must be above 0")
        lessons = self.teacher == "engineer"
        _require(
            not (lessons and self.augmentation), "the engineer's lessons vary by themselves: leave augmentation out"
        )
        _require(self.workers >= 0, "workers must be at least 0")

    @property
    def input_levels(self) -> InputLevels:
        """The levels to which inputs are brought."""
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
    try:
        values = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WavemixError(
            f"{path}: cannot be read ({error.strerror}); name a recipe's file, or one of {', '.join(own_recipes())}."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WavemixError(f"{path}: is not valid YAML; correct it.") from error
    if not isinstance(values, dict):
        raise WavemixError(f"{path}: must hold keys and values, such as `model: drums`.")
    for setting in settings:
        _change(values, setting)
    recipe: Recipe = _build(Recipe, values, str(path))
    return recipe


def recorded_recipe(metrics: Mapping[str, Any], where: str) -> Recipe | None:
    """The recipe that a checkpoint's `metrics.json` says it was trained by; None if it says none.

    Raises:
        WavemixError: If it is not one that this version knows.
    """
    recipe: Recipe | None = _build(Recipe, metrics["recipe"], where) if "recipe" in metrics else None
    return recipe


def own_recipes() -> list[str]:
    """The names of those that wavemix comes with."""
    return sorted(file.stem for file in RECIPES.glob("*.yaml"))


def _change(values: dict[str, Any], setting: str) -> None:
    """Apply one `key=value` in place, after writing out the default that its key reaches into."""
    key, equals, text = setting.partition("=")
    first, *rest = key.strip().split(".")
    if not equals:
        raise WavemixError(f"--set {setting}: must have the form key=value.")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WavemixError(f"--set {setting}: the value is not valid YAML; correct it.") from error
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


def _build(kind: Any, values: Any, where: str) -> Any:
    """A dataclass from a mapping, every key and type checked."""
    if not isinstance(values, dict):
        raise WavemixError(f"{where}: must hold keys and values, not {values!r}.")
    hints = get_type_hints(kind)
    for key in values:
        if key not in hints:
            near = get_close_matches(str(key), hints, n=1, cutoff=0.5)
            remedy = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(hints)}."
            raise WavemixError(f"{where}: there is no key `{key}`; {remedy}")
    for field in fields(kind):
        if field.name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise WavemixError(f"{where}: lacks the key `{field.name}`; add it.")
    given = {key: _convert(hints[key], value, f"{where}: `{key}`") for key, value in values.items()}
    try:
        return kind(**given)
    except ValueError as error:
        raise WavemixError(f"{where}: {error}.") from error


def _convert(hint: Any, value: Any, where: str) -> Any:
    """A value as its type in the dataclass; YAML reads `1e-4` as text, so text that is a number counts as one."""
    origin, choices = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None and NoneType in choices:
            return None
        return _convert(next(choice for choice in choices if choice is not NoneType), value, where)
    if is_dataclass(hint):
        return _build(hint, value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_convert(choices[0], item, f"{where} {index}") for index, item in enumerate(value))
    if origin is Literal and value in choices:
        return value
    if hint is float and isinstance(value, int | str) and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            pass
    elif isinstance(hint, type) and type(value) is hint:
        return value
    wanted = f"one of {', '.join(map(str, choices))}" if origin is Literal else _in_words(hint)
    raise WavemixError(f"{where} must be {wanted}, not {value!r}.")


def _in_words(hint: Any) -> str:
    words = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
    return words.get(hint, "a list")
