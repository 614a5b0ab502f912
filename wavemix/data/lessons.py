"""Crops to learn from the house engineer: of songs, of parts of their tracks, and of tracks of different songs.

The engineer's stem is a blend of slots that it treats one by one, and the treated slots lie beside the inputs
(`wavemix.data.cache`). So the target of any slots that are put together, by whomever they were played, follows at once.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from wavemix.data.augment import Example
from wavemix.data.cache import CachedSong
from wavemix.data.crops import ALL, DRAWS, Batch, Share, Window, generator, stack, stretch
from wavemix.dsp.levels import db_to_gain
from wavemix.engineer.dynamics import CONTROL_SAMPLES
from wavemix.engineer.engineer import blend, mix_of, reach
from wavemix.session.groups import GROUPS, MIX, STEREO

TOGETHER, FEWER = 0.45, 0.3
"""Shares of the crops of a stem model in which slots come from two places, and in which some slots are left out."""

STEM_SPREAD_DB, MIX_SPREAD_DB, STEM_MISSING = 2.5, 1.0, 0.12
"""How stems vary for the mix model: deviation of each stem's level and of all together, how often one is missing."""

Slots = NDArray[np.float32]
"""Inputs and, as many rows again, the same treated: `(2, inputs, samples)`."""


class Lessons:
    """Random crops with the engineer's targets. Batch `number` depends on the seed and on that number alone.

    A folder of songs is drawn, each as often as another, then a song of it by its length, a side of it and a place.
    """

    def __init__(
        self,
        folders: Sequence[Sequence[CachedSong]],
        window: Window,
        batch_size: int,
        model: str,
        rate: int,
        seed: int = 0,
        share: Share = ALL,
    ) -> None:
        """Build the source.

        Args:
            folders: Songs by folder; no folder is empty.
            window: Lengths of a crop.
            batch_size: Crops of a batch, over all processes.
            model: `drums`, `bass`, `vocals`, `other` or `mix`.
            rate: Sample rate of the songs in Hz.
            seed: Seed of all draws, not negative.
            share: Which crops of each batch are drawn here.

        Raises:
            ValueError: If the seed is negative, or the crops of a batch cannot be divided evenly.
        """
        share.check(seed, batch_size)
        self._folders, self._batch_size, self._seed, self._share = folders, batch_size, seed, share
        self._ends = [np.cumsum([song.samples for song in songs]) for songs in folders]
        self._window, self._model, self._rate = window, model, rate
        self._margin = -(-reach(model, rate) // CONTROL_SAMPLES) * CONTROL_SAMPLES

    def __getitem__(self, number: int, /) -> Batch:
        """This process's share of a batch."""
        return stack([self._crop(index) for index in self._share.crops(number, self._batch_size)])

    def _crop(self, index: int) -> Example:
        rng = generator(self._seed, index)
        slots = self._draw(rng)
        slots = _vary_stems(slots, rng) if self._model == MIX else self._vary_slots(slots, rng)
        target = self._blend(slots[1])[:, self._margin + self._window.context :][:, : self._window.target]
        tracks = slots[:1, :, self._margin :][..., : self._window.tracks]
        return torch.from_numpy(np.ascontiguousarray(tracks)), torch.from_numpy(np.ascontiguousarray(target))

    def _draw(self, rng: np.random.Generator) -> Slots:
        """A piece of one side of a song, as long as what the target depends on; silent ones are drawn anew."""
        folder = int(rng.integers(len(self._folders)))
        for _ in range(DRAWS):
            place = rng.integers(self._ends[folder][-1])
            song = self._folders[folder][int(np.searchsorted(self._ends[folder], place, side="right"))]
            side = int(rng.integers(song.sides))
            start = int(rng.integers(max(1, song.samples - self._window.target)))
            if not song.silent(start, self._window.target):
                break
        first, samples = start - self._window.context - self._margin, self._window.tracks + 2 * self._margin
        pieces = [stretch(rows[side], first, samples).numpy() for rows in (song.tracks, song.treated)]
        return np.stack(pieces)

    def _vary_slots(self, slots: Slots, rng: np.random.Generator) -> Slots:
        """Some slots of another place, or some left out, or all as they are; any of them upside down."""
        inputs, kind = slots.shape[1], rng.random()
        if kind < TOGETHER:
            exchanged = rng.random(inputs) < 0.5
            slots[:, exchanged] = self._draw(rng)[:, exchanged]
        elif kind < TOGETHER + FEWER:
            kept = rng.random(inputs) < rng.uniform(0.3, 0.9)
            if slots[0, kept].any():
                slots[:, ~kept] = 0
        # To the engineer a sound is as loud upside down; to a network that has learned what leaks where it is not.
        slots *= rng.choice(np.array([-1, 1], np.float32), inputs)[:, None]
        return slots

    def _blend(self, treated: NDArray[np.float32]) -> NDArray[np.float32]:
        return mix_of(treated, self._rate) if self._model == MIX else blend(self._model, treated, self._rate)


def _vary_stems(slots: Slots, rng: np.random.Generator) -> Slots:
    """Stems at other levels, some missing: whatever reaches the mix model, it has to hold the peaks of."""
    gains_db = rng.normal(0, STEM_SPREAD_DB, len(GROUPS)) + rng.normal(0, MIX_SPREAD_DB)
    gains = np.array([db_to_gain(gain_db) for gain_db in gains_db]) * (rng.random(len(GROUPS)) >= STEM_MISSING)
    return slots * np.repeat(gains, STEREO).astype(np.float32)[:, None]
