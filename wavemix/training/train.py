"""Training a model by a recipe, from the first step to weights that `wavemix mix` takes."""

import hashlib
import json
import logging
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from lightning import Trainer
from lightning.pytorch.callbacks import EarlyStopping
from lightning.pytorch.utilities import rank_zero_only

from wavemix.data.datamodule import MixDataModule
from wavemix.documents.json_text import read_json
from wavemix.errors import WavemixError
from wavemix.models import MODULES
from wavemix.staging import STAGE_PREFIX, disk_in_words, write_text
from wavemix.training.baselines import even_gains, fit_gains, plain_gains
from wavemix.training.checkpoints import VALID_LOSS, AtomicCheckpoints, KeepBest, SaveState, read_best, take_best
from wavemix.training.examples import Examples
from wavemix.training.loggers import Pace, WandbMode, make_loggers
from wavemix.training.losses import choosing_loss, training_loss
from wavemix.training.model_folder import write_model_folder
from wavemix.training.recipe import Recipe
from wavemix.training.resuming import check_state
from wavemix.training.songs import learned_from, song_rows
from wavemix.training.start import FROM_WEIGHTS, earlier_name, starting_net
from wavemix.training.students import students_of
from wavemix.waveunet.initialise import static_mix_
from wavemix.waveunet.network import WaveUNet
from wavemix.zoo.config import WEIGHTS
from wavemix.zoo.places import find

LOG_EVERY_STEPS = 10
LAST, BEST = "last.ckpt", "best.safetensors"


@dataclass(frozen=True)
class Run:
    """Where and how a training runs; none of this changes what it learns, but for the time that it has.

    Attributes:
        data: Folder of songs in the plain layout, in its `train` and `valid` splits.
        out: Gets the weights in a folder named after the model, and the training's state in `training/`.
        train: Folders whose `train` split is learned from in place of that of `data`; validation stays with `data`.
        weights: Weights of the user's own that a recipe with `start: published` or `start: widened` starts from.
        students: Folder of four stem models, whose stems the mix model learns from beside the engineer's.
        resume: Whether to go on with a training that was stopped; without one, begin.
        max_minutes: Time after which to stop, exporting included; None for no limit.
        accelerator: As Lightning names it.
        devices: Devices a node.
        nodes: Machines.
        strategy: As Lightning names it.
        wandb: Whether to log to Weights & Biases.
    """

    data: Path
    out: Path
    train: tuple[Path, ...] = ()
    weights: Path | None = None
    students: Path | None = None
    resume: bool = False
    max_minutes: float | None = None
    accelerator: str = "auto"
    devices: int = 1
    nodes: int = 1
    strategy: str = "auto"
    wandb: WandbMode = "offline"


def train(recipe: Recipe, run: Run, tell: Callable[[str], None] = print) -> Path:
    """Train a model through all phases of a recipe and export its best weights.

    Args:
        recipe: What to train.
        run: Where and how.
        tell: Takes a line an epoch.

    Returns:
        The folder of the exported weights, `run.out / recipe.model`.

    Raises:
        WavemixError: Before anything starts, if the data, the weights or the options do not allow it; when the disk is
            full; at the end, if no validation gave a finite loss.
    """
    with _quiet_lightning(), disk_in_words(run.out):
        training = _Training(recipe, run, tell)
        for index in range(len(recipe.phases)):
            if not training.phase(index):
                break
        return training.write_model()


class _Training:
    """One training under way: its network goes from phase to phase."""

    def __init__(self, recipe: Recipe, run: Run, tell: Callable[[str], None]) -> None:
        processes = run.devices * run.nodes
        if recipe.batch_size % processes:
            raise WavemixError(f"a batch of {recipe.batch_size} cannot be divided over {processes} processes.")
        self._deadline = None if run.max_minutes is None else time.monotonic() + 60 * run.max_minutes
        self._recipe, self._run, self._tell = recipe, run, tell
        self._folder = run.out / "training" / recipe.model
        self._net = starting_net(recipe, run.weights)
        self._students = students_of(recipe, run.students)
        self._seconds = 0.0
        data = self._data(0, torch.device("cpu"))
        data.prepare_data()
        if recipe.start == "static":
            gains = fit_gains(data.songs("train"), plain_gains(data.inputs))
            # The engineer's slots have their sides; those of songs are an accident.
            static_mix_(self._net, gains.float() if data.inputs.taught else even_gains(gains, data.inputs))
        _claim(self._folder, recipe, run)

    def phase(self, index: int) -> bool:
        """Train a phase, or what is left of it, and take its best weights; False if time ran out."""
        recipe, run, phase = self._recipe, self._run, self._recipe.phases[index]
        folder = self._phase_folder(index)
        title = f"{recipe.model} phase {index + 1}"
        loggers = make_loggers(folder, title, run.wandb)
        for logger in loggers:
            logger.log_hyperparams(
                asdict(recipe) | {"phase": index + 1, "data": str(run.data), "train": list(map(str, run.train))}
            )
        mark = _mark(recipe, index)
        state = SaveState(folder / LAST, recipe.save_every_steps, self._deadline, mark)
        trainer = self._trainer(
            max_epochs=phase.max_epochs,
            num_sanity_val_steps=-1,  # the whole validation set: the weights that training starts from count too
            log_every_n_steps=min(LOG_EVERY_STEPS, recipe.steps_per_epoch),
            logger=loggers,
            callbacks=[
                EarlyStopping(VALID_LOSS, patience=phase.patience),
                KeepBest(folder / BEST, Examples(folder / "examples", loggers)),
                Pace(title, self._tell),
                state,
            ],
        )
        steps = phase.max_epochs * recipe.steps_per_epoch if phase.schedule == "cosine" else None
        module = MODULES[recipe.model](
            self._net, training_loss(recipe), choosing_loss(recipe), phase.learning_rate, cosine_steps=steps
        )
        last = folder / LAST if (folder / LAST).exists() else None
        if last is not None:
            check_state(last, module, mark)
        trainer.fit(
            module, datamodule=self._data(index, trainer.strategy.root_device), ckpt_path=last, weights_only=True
        )
        self._seconds += state.elapsed()
        if (folder / BEST).exists():
            take_best(self._net, folder / BEST)
        return not state.out_of_time

    def write_model(self) -> Path:
        """Write the best weights of all phases, and what is known of them."""
        bests = {
            index: read_best(path)
            for index in range(len(self._recipe.phases))
            if (path := self._phase_folder(index) / BEST).exists()
        }
        if not bests:
            raise WavemixError(f"{self._folder}: no validation gave a finite loss; start with a lower learning rate.")
        phase = min(bests, key=lambda index: bests[index].loss)
        trainer = self._trainer(logger=False)
        data = self._data(0, trainer.strategy.root_device)

        def measure(net: WaveUNet) -> float:
            [metrics] = trainer.validate(
                MODULES[self._recipe.model](net, chosen_by=choosing_loss(self._recipe)), datamodule=data, verbose=False
            )
            return metrics[VALID_LOSS]

        start = (
            find(earlier_name(self._recipe), self._run.weights).folder if self._recipe.start in FROM_WEIGHTS else None
        )
        about = {
            "phase": phase + 1,
            "seconds": round(self._seconds),
            "device": _device_name(trainer),
            "songs": {"train": learned_from(start, song_rows(data, "train"))},
        }
        folder = self._run.out / self._recipe.model
        write_model_folder(bests[phase], self._recipe, measure, folder, about)
        return folder

    def _data(self, index: int, device: torch.device) -> MixDataModule:
        """The songs; every phase draws other crops."""
        recipe = self._recipe
        return MixDataModule(
            self._run.data,
            recipe.model,
            net=self._net,
            batch_size=recipe.batch_size,
            steps_per_epoch=recipe.steps_per_epoch,
            target_samples=recipe.target_samples,
            seed=recipe.seed + index,
            workers=recipe.workers,
            resident=device if recipe.resident else None,
            augmentation=recipe.augmentation,
            input_levels=recipe.input_levels,
            train=self._run.train,
            taught=recipe.teacher == "engineer",
            students=self._students,
        )

    def _trainer(self, **options: Any) -> Trainer:
        run = self._run
        return Trainer(
            accelerator=run.accelerator,
            devices=run.devices,
            num_nodes=run.nodes,
            strategy=run.strategy,
            precision=self._recipe.precision,
            gradient_clip_val=self._recipe.gradient_clip,
            plugins=[AtomicCheckpoints()],
            use_distributed_sampler=False,  # the data module divides the batches itself
            enable_checkpointing=False,
            enable_model_summary=False,
            enable_progress_bar=sys.stderr.isatty(),
            default_root_dir=self._folder,
            **options,
        )

    def _phase_folder(self, index: int) -> Path:
        return self._folder / f"phase{index + 1}"


def _mark(recipe: Recipe, phase: int) -> str:
    """What tells the states of a phase from those of other phases and recipes."""
    return hashlib.sha256(json.dumps([asdict(recipe), phase]).encode()).hexdigest()


@rank_zero_only
def _claim(folder: Path, recipe: Recipe, run: Run) -> None:
    """Make the folder this training's: a new one, or that of the same recipe to be resumed."""
    stored, model = folder / "recipe.json", run.out / recipe.model
    values = json.loads(json.dumps(asdict(recipe)))
    if stored.exists():
        if not run.resume:
            raise WavemixError(f"{folder}: holds a training; add --resume to go on with it, or choose another --out.")
        earlier = read_json(stored, remedy="choose another --out")
        if not isinstance(earlier, dict):
            raise WavemixError(f"{stored}: is no recipe; choose another --out.")
        changed = [key for key in values if values[key] != earlier.get(key)]
        if changed:
            raise WavemixError(f"{folder}: was begun with another {changed[0]}; resume with the same recipe.")
    elif (model / WEIGHTS).exists():
        raise WavemixError(f"{model}: holds a model, which this training would replace; choose another --out.")
    for leftover in folder.rglob(f"{STAGE_PREFIX}*"):  # of a process that was killed while it wrote
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
    write_text(stored, json.dumps(values, indent=2) + "\n")


@contextmanager
def _quiet_lightning() -> Iterator[None]:
    """Without Lightning's hints about products, hardware that is not used, and its own use of torch."""
    logger = logging.getLogger("lightning.pytorch")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*LeafSpec", category=FutureWarning)
            yield
    finally:
        logger.setLevel(level)


def _device_name(trainer: Trainer) -> str:
    device = trainer.strategy.root_device
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    return name if trainer.world_size == 1 else f"{trainer.world_size} x {name}"
