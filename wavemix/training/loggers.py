"""What a training writes down: CSV always, Weights & Biases where it works."""

import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from lightning import Callback, LightningModule, Trainer
from lightning.pytorch.loggers import CSVLogger, Logger
from lightning.pytorch.utilities import rank_zero_only

from wavemix.training.checkpoints import VALID_LOSS

WandbMode = Literal["offline", "online", "off"]

PROJECT = "wavemix"
ONLINE_PATIENCE_SECONDS = 15
"""How long a training waits for the W&B server before it goes on without it."""


class TolerantLogger(Logger):
    """Hands everything to another logger until that fails once; then the training goes on without it."""

    def __init__(self, build: Callable[[], Any]) -> None:
        """Build the logger.

        Args:
            build: Makes the other logger; it may fail too.
        """
        super().__init__()
        self._inner: Any = None
        self._start(build)

    @property
    def name(self) -> str:
        """Name of the project."""
        return PROJECT

    @property
    def version(self) -> str:
        """Runs are told apart by the other logger."""
        return ""

    def log_hyperparams(self, params: Any, *args: Any, **kwargs: Any) -> None:
        """Log settings; the arguments are those of `Logger.log_hyperparams`."""
        self._hand_on("log_hyperparams", params)

    def log_metrics(self, metrics: Any, step: int | None = None) -> None:
        """Log figures; the arguments are those of `Logger.log_metrics`."""
        self._hand_on("log_metrics", metrics, step)

    def log_audio(self, key: str, files: list[str], step: int, caption: list[str]) -> None:
        """Log sounds; the arguments are those of `WandbLogger.log_audio`."""
        self._hand_on("log_audio", key, files, step, caption=caption)

    def log_image(self, key: str, files: list[str], step: int) -> None:
        """Log pictures; the arguments are those of `WandbLogger.log_image`."""
        self._hand_on("log_image", key, files, step)

    def finalize(self, status: str) -> None:
        """End the run: the next phase begins another."""
        if self._inner is not None:
            self._attempt(lambda: self._inner.experiment.finish(exit_code=int(status != "success")))
            self._inner = None

    @rank_zero_only
    def _start(self, build: Callable[[], Any]) -> None:
        self._attempt(lambda: setattr(self, "_inner", build()))

    def _hand_on(self, method: str, *args: Any, **kwargs: Any) -> None:
        if self._inner is not None:
            self._attempt(lambda: getattr(self._inner, method)(*args, **kwargs))

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # no failure of a logger may stop a training
            self._inner = None
            warnings.warn(f"W&B failed ({type(error).__name__}: {error}); going on without it.", stacklevel=2)


def make_loggers(folder: Path, run: str, wandb: WandbMode) -> list[Logger]:
    """The loggers of one phase.

    Args:
        folder: Where they write.
        run: The run's name on W&B.
        wandb: Whether to log there: `offline` into files that `wandb sync` uploads.
    """
    loggers: list[Logger] = [CSVLogger(folder, name="logs")]
    if wandb != "off":
        loggers.append(TolerantLogger(lambda: _wandb_logger(folder, run, wandb == "offline")))
    return loggers


def _wandb_logger(folder: Path, run: str, offline: bool) -> Any:
    import wandb
    from lightning.pytorch.loggers import WandbLogger

    settings = wandb.Settings(silent=True, console="off", disable_git=True, init_timeout=ONLINE_PATIENCE_SECONDS)
    logger = WandbLogger(
        name=run, save_dir=folder, offline=offline, project=PROJECT, group=str(folder), settings=settings
    )
    logger.experiment  # noqa: B018  # starts the run, so that a failure shows here
    return logger


class Pace(Callback):
    """Logs the learning rate and the seconds a step, and tells a line an epoch."""

    def __init__(self, title: str, tell: Callable[[str], None]) -> None:
        """Build the callback.

        Args:
            title: What every line begins with.
            tell: Takes the lines.
        """
        self._title, self._tell = title, tell
        self._steps, self._start, self._last = 0, 0.0, 0.0

    def on_sanity_check_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Tell where training starts; Lightning logs nothing yet."""
        loss = float(trainer.callback_metrics[VALID_LOSS])
        for logger in trainer.loggers:
            logger.log_metrics({VALID_LOSS: loss}, step=0)
        self._line(trainer, f"start: valid {loss:.4e}")

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Take the time."""
        self._steps, self._start = 0, time.monotonic()
        self._last = self._start

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Log a step."""
        now = time.monotonic()
        seconds, self._last, self._steps = now - self._last, now, self._steps + 1
        rate = trainer.optimizers[0].param_groups[0]["lr"]
        pl_module.log_dict({"seconds_per_step": seconds, "learning_rate": rate}, on_step=True, on_epoch=False)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Tell an epoch."""
        metrics = trainer.callback_metrics
        self._line(
            trainer,
            f"epoch {trainer.current_epoch + 1}: train {float(metrics['train/loss_epoch']):.4e}, "
            f"valid {float(metrics[VALID_LOSS]):.4e}, {(self._last - self._start) / max(1, self._steps):.2f} s/step",
        )

    def _line(self, trainer: Trainer, text: str) -> None:
        if trainer.is_global_zero:
            self._tell(f"{self._title} {text}")
