"""Pieces of songs as batches: random ones to train on, a fixed grid to validate on.

A piece's target is some stretch of a song; its tracks are what the network reads for it, with the context before
and after. Beyond a song's ends there is silence, as when a song is mixed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from wavemix.data.augment import Augmentation, Example
from wavemix.data.cache import CachedSong
from wavemix.waveunet.network import WaveUNet

Batch = tuple[Tensor, Tensor]
"""Tracks `(batch, sides, inputs, input_samples)` and target `(batch, 2, output_samples)`.

There are two sides, left and right, where a track of the batch is stereo, else one. The tracks carry the network's
context: the target's first sample lies `context` samples into them, and `input_samples` is
`input_length(output_samples)`.
"""

SILENT_KEPT = 0.05
"""Share of the drawn crops with a silent target that is trained on; the others are drawn anew."""

DRAWS = 100
"""After so many draws the last crop is taken, silent or not: the songs may be silent throughout."""


class Batches(Protocol):
    """A numbered source of batches: the same number gives the same batch."""

    def __getitem__(self, number: int, /) -> Batch:
        """One batch."""


@dataclass(frozen=True)
class Share:
    """Which part of the work is this process's.

    Attributes:
        rank: Number of this process, from 0.
        processes: How many there are.
    """

    rank: int = 0
    processes: int = 1

    def crops(self, number: int, batch_size: int) -> range:
        """The crops of a batch that are this process's, counted through all batches."""
        mine = batch_size // self.processes
        first = number * batch_size + self.rank * mine
        return range(first, first + mine)

    def check(self, seed: int, batch_size: int) -> None:
        """See that a source can be divided.

        Raises:
            ValueError: If the seed is negative, or the crops of a batch cannot be divided evenly.
        """
        if seed < 0:
            raise ValueError(f"seed must not be negative, got {seed}")
        if batch_size < 1 or batch_size % self.processes:
            raise ValueError(f"a batch of {batch_size} cannot be divided among {self.processes} processes")


ALL = Share()
"""The share of a process that works alone."""


@dataclass(frozen=True)
class Window:
    """The lengths of a piece, in samples.

    It stands for the network where pieces are cut, so that no network travels to the processes that cut them.

    Attributes:
        target: Where the target lies.
        tracks: Where the tracks lie that the network reads for that target.
        context: From the tracks' first sample to the target's.
    """

    target: int
    tracks: int
    context: int

    @classmethod
    def of(cls, net: WaveUNet, target_samples: int) -> "Window":
        """The window of a network for a target of that length."""
        return cls(target_samples, net.input_length(target_samples), net.context)

    def cut(self, song: CachedSong, start: int) -> Example:
        """The piece of a song whose target begins at `start`: tracks and target, maybe views, not to be written to."""
        return stretch(song.tracks, start - self.context, self.tracks), stretch(song.target, start, self.target)


class RandomBatches:
    """Random crops. Batch `number` depends on the seed and on that number alone.

    A song is drawn with a probability proportional to its length, then a place in it, evenly. A song that is
    shorter than a crop lies somewhere inside it. Crops with a silent target are rare (`SILENT_KEPT`).
    """

    def __init__(
        self,
        songs: Sequence[CachedSong],
        window: Window,
        batch_size: int,
        seed: int = 0,
        share: Share = ALL,
        augmentation: Augmentation | None = None,
        slots: Sequence[str] = (),
    ) -> None:
        """Build the source.

        Args:
            songs: At least one.
            window: Lengths of a crop.
            batch_size: Crops of a batch, over all processes.
            seed: Seed of all draws, not negative.
            share: Which crops of each batch are drawn here.
            augmentation: How to vary the crops; None for not at all.
            slots: Role of each input; empty for stereo stems.

        Raises:
            ValueError: If the seed is negative, or the crops of a batch cannot be divided evenly.
        """
        share.check(seed, batch_size)
        self._songs, self._window, self._batch_size, self._seed = list(songs), window, batch_size, seed
        self._share, self._augmentation, self._slots = share, augmentation, slots
        self._ends = np.cumsum([song.samples for song in songs])

    def __getitem__(self, number: int, /) -> Batch:
        """This process's share of a batch."""
        return stack([self._crop(index) for index in self._share.crops(number, self._batch_size)])

    def _crop(self, index: int) -> Example:
        """One crop, counted through all batches."""
        rng = generator(self._seed, index)
        crop = self._draw(rng)
        if self._augmentation is None:
            return crop
        return self._augmentation(crop, rng, self._slots, lambda: self._draw(rng))

    def _draw(self, rng: np.random.Generator) -> Example:
        for _ in range(DRAWS):
            song = self._songs[int(np.searchsorted(self._ends, rng.integers(self._ends[-1]), side="right"))]
            room = song.samples - self._window.target
            start = int(rng.integers(min(0, room), max(0, room) + 1))
            if not song.silent(start, self._window.target) or rng.random() < SILENT_KEPT:
                break
        return self._window.cut(song, start)


class GridBatches:
    """Whole songs in pieces that do not overlap, every sample once.

    A batch holds pieces of one length and as many sides. The last piece of a song is shorter than the others and lies
    in a batch with its like, so that nothing is padded: the mean losses of the batches, weighted by the samples of
    their targets, add up to the mean over all samples.
    """

    def __init__(
        self, songs: Sequence[CachedSong], net: WaveUNet, batch_size: int, target_samples: int, share: Share = ALL
    ) -> None:
        """Build the source.

        Args:
            songs: The songs.
            net: The network that the pieces are for.
            batch_size: Pieces of a batch, here.
            target_samples: Length of a piece's target.
            share: Which of the pieces are made here.

        Raises:
            ValueError: If there are fewer pieces than processes.
        """
        pieces = [
            (song, start, min(target_samples, song.samples - start))
            for song in songs
            for start in range(0, song.samples, target_samples)
        ]
        if len(pieces) < share.processes:
            raise ValueError(f"{len(pieces)} pieces cannot be divided among {share.processes} processes")

        def shape(piece: tuple[CachedSong, int, int]) -> tuple[int, int]:
            song, _, samples = piece
            return -samples, song.sides

        mine = sorted(pieces[share.rank :: share.processes], key=shape)
        self._batches = [
            (Window.of(net, alike[0][2]), alike[first : first + batch_size])
            for alike in (list(group) for _, group in groupby(mine, shape))
            for first in range(0, len(alike), batch_size)
        ]

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, number: int, /) -> Batch:
        """One batch."""
        window, pieces = self._batches[number]
        return stack([window.cut(song, start) for song, start, _ in pieces])

    def __iter__(self) -> Iterator[Batch]:
        return (self[number] for number in range(len(self)))


def generator(seed: int, index: int) -> np.random.Generator:
    """What decides on one crop. Counter-based (Salmon et al. 2011): it has no history, and its key says which it is."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, index], np.uint64)))


def stretch(audio: Tensor, start: int, samples: int) -> Tensor:
    """Some samples of `(..., samples)`, with silence beyond the ends; a view where there is none."""
    end, length = start + samples, audio.shape[-1]
    if 0 <= start and end <= length:
        return audio[..., start:end]
    out = audio.new_zeros((*audio.shape[:-1], samples))
    out[..., max(0, -start) : max(0, length - start)] = audio[..., max(0, start) : max(0, end)]
    return out


def stack(examples: Sequence[Example]) -> Batch:
    """One batch of all; where one has two sides, the one side of the others is both."""
    tracks, targets = zip(*examples, strict=True)
    sides = max(map(len, tracks))
    return torch.stack([example.expand(sides, -1, -1) for example in tracks]), torch.stack(targets)
