"""Training the recogniser: group and role of varied sounds, then how sure to be, on sounds held out."""

import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from wavemix.ear_training.cache import Cache, Row
from wavemix.ear_training.draws import UNKNOWN, Draws, whole
from wavemix.errors import WavemixError
from wavemix.recognition.classes import GROUP_OF
from wavemix.recognition.network import RecogniserNet
from wavemix.session.groups import GROUPS
from wavemix.staging import staged_folder

WARM_STEPS = 40
SEGMENTS = (1, 4)
"""Fewest and most segments of a track that a step hears."""

SMOOTHING = 0.05
WEIGHT_DECAY = 0.05
SMALLEST = 1e-8
AVERAGED, AVERAGED_FIRST = 0.999, 20
"""What is published is the running average of the weights (Polyak & Juditsky 1992), of which a step leaves so much as
it was, and less in the beginning: after so many steps one half."""

KEPT_STEPS = 500
REAL = "songs"
"""The kind of sound that is like what the network will hear: it tells how sure to be, if any is held out."""


@dataclass(frozen=True)
class Course:
    """How long to train, and how.

    Attributes:
        steps: Steps in all; the learning rate rises first and falls to nothing by the last.
        tracks: Tracks a step.
        learning_rate: AdamW's highest.
        seed: Seed of all that chance decides.
    """

    steps: int = 6000
    tracks: int = 32
    learning_rate: float = 3e-3
    seed: int = 0

    def __post_init__(self) -> None:
        if self.steps < 1 or self.tracks < 2:
            raise ValueError("a training has a step or more, of two tracks or more")


@dataclass(frozen=True)
class Fitted:
    """What came of a training.

    Attributes:
        net: The network, without normalisation.
        temperature: By which its logits are to be divided.
        held_out: Share of the sounds held out whose group it hears, by their kind.
    """

    net: RecogniserNet
    temperature: float
    held_out: dict[str, float]


def fit(
    cache: Cache, course: Course, tell: Callable[[str], None] = lambda line: None, checkpoint: Path | None = None
) -> Fitted:
    """Train a network on a cache's sounds.

    Args:
        cache: The sounds.
        course: How.
        tell: Called with a line now and then.
        checkpoint: Where the state is kept every `KEPT_STEPS` steps; a training of the same course goes on there.

    Raises:
        WavemixError: If there is nothing to learn from, or nothing held out, or the checkpoint is of another course.
    """
    kept = [row for row in cache.rows if not row.held_out]
    held_out = [row for row in cache.rows if row.held_out]
    if not kept or not held_out:
        raise WavemixError("the material has no sounds to learn from, or none held out; make it with more songs.")
    draws = Draws(cache, kept)
    with torch.random.fork_rng(devices=[]):
        learner = _Learner(course)
        if checkpoint is not None and checkpoint.exists():
            learner.read(checkpoint)
            tell(f"goes on after step {learner.step} of {course.steps}")
        started, first, losses = time.monotonic(), learner.step, []
        while learner.step < course.steps:
            losses.append(learner.learn(draws))
            if learner.step % max(1, course.steps // 20) == 0:
                seconds = time.monotonic() - started
                left = seconds / (learner.step - first) * (course.steps - learner.step)
                tell(
                    f"step {learner.step} of {course.steps}, loss {np.mean(losses[-200:]):.3f}, "
                    f"{seconds:.0f} s gone and {left:.0f} s to go"
                )
            if checkpoint is not None and learner.step % KEPT_STEPS == 0:
                learner.write(checkpoint)
    net = learner.average.eval()
    logits = logits_of(net, cache, held_out)
    groups = torch.tensor([list(GROUPS).index(row.group) for row in held_out])
    right = (group_log_probabilities(logits).argmax(-1) == groups).tolist()
    kinds = {
        kind: [is_right for row, is_right in zip(held_out, right, strict=True) if row.kind == kind]
        for kind in dict.fromkeys(row.kind for row in held_out)
    }
    shares = {kind: sum(found) / len(found) for kind, found in kinds.items()}
    real = [at for at, row in enumerate(held_out) if row.kind == REAL] or list(range(len(held_out)))
    return Fitted(net.folded(), temperature_of(logits[real], groups[real]), shares)


class _Learner:
    """A network that learns, a step at a time."""

    def __init__(self, course: Course) -> None:
        self.course, self.step = course, 0
        torch.manual_seed(course.seed)
        self.net = RecogniserNet(normalised=True)
        for parameter in self.net.parameters():
            if parameter.ndim == 4:  # convolutions are half as slow again in the other order
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
        self.average = deepcopy(self.net)
        self._optimiser = torch.optim.AdamW(self.net.parameters(), course.learning_rate, weight_decay=WEIGHT_DECAY)

    def learn(self, draws: Draws) -> float:
        """Makes a step; returns its loss."""
        self.step += 1
        rng = np.random.default_rng((self.course.seed, self.step))
        for group in self._optimiser.param_groups:
            group["lr"] = self.course.learning_rate * _rate(self.step, self.course.steps)
        batch = draws.batch(self.course.tracks, int(rng.integers(SEGMENTS[0], SEGMENTS[1] + 1)), rng)
        loss = loss_of(self.net(torch.from_numpy(batch.frames)), batch.classes, batch.groups)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()
        self._take_into_average()
        return float(loss.detach())

    def _take_into_average(self) -> None:
        kept = min(AVERAGED, self.step / (self.step + AVERAGED_FIRST))
        for mean, value in zip(self.average.state_dict().values(), self.net.state_dict().values(), strict=True):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - kept)
            else:
                mean.copy_(value)

    def write(self, checkpoint: Path) -> None:
        state = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "chance": torch.get_rng_state(),
            "step": self.step,
            "course": asdict(self.course),
        }
        with staged_folder(checkpoint.parent) as stage:
            torch.save(state, stage / checkpoint.name)

    def read(self, checkpoint: Path) -> None:
        remedy = "remove it, or name another output"
        try:
            state = torch.load(checkpoint, weights_only=True)
            if (course := state["course"]) == asdict(self.course):
                self.net.load_state_dict(state["net"])
                self.average.load_state_dict(state["average"])
                self._optimiser.load_state_dict(state["optimiser"])
                torch.set_rng_state(state["chance"])
                self.step = int(state["step"])
        except Exception as error:  # whatever random bytes lead to, deep inside of torch
            raise WavemixError(f"{checkpoint}: is not the whole state of a training; {remedy}.") from error
        if course != asdict(self.course):
            raise WavemixError(f"{checkpoint}: is the state of another training; {remedy}.")


def loss_of(
    logits: Tensor,
    classes: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    groups: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> Tensor:
    """Cross entropy of the groups, and of the classes where they are known."""
    loss = functional.nll_loss(group_log_probabilities(logits), torch.from_numpy(groups))
    known = torch.from_numpy(classes)
    if bool((known != UNKNOWN).any()):
        loss = loss + functional.cross_entropy(logits, known, ignore_index=UNKNOWN, label_smoothing=SMOOTHING)
    return loss


def group_log_probabilities(logits: Tensor) -> Tensor:
    """Logarithms of the groups' probabilities, `(batch, groups)`, from logits of the classes."""
    members = functional.one_hot(torch.tensor(GROUP_OF), len(GROUPS)).to(logits.dtype)
    return torch.log((torch.softmax(logits, dim=-1) @ members).clamp_min(SMALLEST))


def temperature_of(logits: Tensor, groups: Tensor) -> float:
    """The temperature with which sounds held out are least surprising (Guo et al. 2017).

    Args:
        logits: What the network says of the classes, `(sounds, classes)`.
        groups: What they are, `(sounds,)`.
    """
    temperatures = np.exp(np.linspace(np.log(0.3), np.log(6), 121))
    losses = [float(functional.nll_loss(group_log_probabilities(logits / t), groups)) for t in temperatures]
    return float(round(temperatures[int(np.argmin(losses))], 3))


def logits_of(net: RecogniserNet, cache: Cache, rows: Sequence[Row]) -> Tensor:
    """What a network says of whole sounds, `(sounds, classes)`."""
    with torch.inference_mode():
        return torch.cat([net(torch.from_numpy(whole(cache, row))) for row in rows])


def _rate(step: int, steps: int) -> float:
    """Share of the highest learning rate: up in a line, down in a cosine."""
    return min(1.0, (step + 1) / WARM_STEPS) * 0.5 * (1 + float(np.cos(np.pi * step / steps)))
