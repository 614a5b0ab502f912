"""What the stem models read, from wherever it comes: tracks in their slots, at their levels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from wavemix.session.groups import GROUPS
from wavemix.session.sources import GroupReader, Source, audible
from wavemix.system.stages import Read
from wavemix.zoo.mixer import Mixer, endless


@dataclass(frozen=True)
class Feed:
    """The inputs of one stem model.

    Attributes:
        open: Begins to read: gives the next so many samples, `(songs, sides, slots, samples)`, and zeros after their
            end; see `wavemix.waveunet.sides`.
        sounds: Whether each song has a sound in the group, `(songs,)`; None where all have.
    """

    open: Callable[[], AbstractContextManager[Read]]
    sounds: Tensor | None = None


def feed_of_sources(sources: Sequence[Source], models: Mapping[str, Mixer]) -> dict[str, Feed]:
    """A song's tracks by group, of the groups that have a sound."""
    return {group: _reading(live, models[group]) for group in GROUPS if (live := audible(sources, group))}


def feed_of_tensors(slots: Mapping[str, Tensor]) -> dict[str, Feed]:
    """Tensors by group, of the groups that have a sound in one of the songs.

    Args:
        slots: What each group's model reads, at its levels: `(songs, slots, samples)`.
    """
    sounds = {group: tracks.detach().ne(0).any(dim=2).any(dim=1) for group, tracks in slots.items()}
    return {group: _streaming(slots[group], found) for group, found in sounds.items() if found.any()}


def _reading(sources: Sequence[Source], model: Mixer) -> Feed:
    @contextmanager
    def open_tracks() -> Iterator[Read]:
        with GroupReader(sources, model.sample_rate, model.net.inputs) as reader:
            yield lambda samples: torch.from_numpy(reader.read(samples))[None]

    return Feed(open_tracks)


def _streaming(tracks: Tensor, sounds: Tensor) -> Feed:
    @contextmanager
    def open_tensor() -> Iterator[Read]:
        yield endless(tracks[:, None])

    return Feed(open_tensor, None if sounds.all() else sounds)
