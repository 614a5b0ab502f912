"""Training the recogniser: group and role of varied sounds, then how sure to be, on sounds held out."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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

WARM_STEPS = 40
SEGMENTS = (1, 4)
"""Fewest and most segments of a track that a step hears."""

SMOOTHING = 0.05
WEIGHT_DECAY = 0.02
SMALLEST = 1e-8


@dataclass(frozen=True)
class Course:
    """How long to train, and how.

    Attributes:
        steps: Steps in all; the learning rate rises first and falls to nothing by the last.
        tracks: Tracks a step.
        learning_rate: AdamW's highest.
        seed: Seed of all that chance decides.
    """

    steps: int = 1500
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


def fit(cache: Cache, course: Course, tell: Callable[[str], None] = lambda line: None) -> Fitted:
    """Train a network on a cache's sounds.

    Args:
        cache: The sounds.
        course: How.
        tell: Called with a line now and then.

    Raises:
        WavemixError: If there is nothing to learn from, or nothing held out.
    """
    kept = [row for row in cache.rows if not row.held_out]
    held_out = [row for row in cache.rows if row.held_out]
    if not kept or not held_out:
        raise WavemixError("the material has no sounds to learn from, or none held out; make it with more songs.")
    rng, draws = np.random.default_rng(course.seed), Draws(cache, kept)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(course.seed)
        net = RecogniserNet(normalised=True)
        for parameter in net.parameters():
            if parameter.ndim == 4:  # convolutions are half as slow again in the other order
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
        optimiser = torch.optim.AdamW(net.parameters(), course.learning_rate, weight_decay=WEIGHT_DECAY)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, course.steps))
        started, losses = time.monotonic(), []
        for step in range(course.steps):
            batch = draws.batch(course.tracks, int(rng.integers(SEGMENTS[0], SEGMENTS[1] + 1)), rng)
            loss = loss_of(net(torch.from_numpy(batch.frames)), batch.classes, batch.groups)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
            if (step + 1) % max(1, course.steps // 20) == 0:
                seconds = time.monotonic() - started
                tell(f"step {step + 1} of {course.steps}, {seconds:.0f} s: loss {np.mean(losses[-50:]):.3f}")
    net.eval()
    logits = logits_of(net, cache, held_out)
    groups = torch.tensor([list(GROUPS).index(row.group) for row in held_out])
    right = (group_log_probabilities(logits).argmax(-1) == groups).tolist()
    kinds = {
        kind: [is_right for row, is_right in zip(held_out, right, strict=True) if row.kind == kind]
        for kind in dict.fromkeys(row.kind for row in held_out)
    }
    shares = {kind: sum(found) / len(found) for kind, found in kinds.items()}
    return Fitted(net.folded(), temperature_of(logits, groups), shares)


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
