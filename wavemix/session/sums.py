"""Mixes that no name gives away: a file that is nearly the sum of others. And tracks that are there twice.

A few seconds of each file are looked at. The least squares have no negative gains (Lawson and Hanson 1974, ch. 23), for
if a mix is the sum of its tracks, a track is the mix less the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.excerpts import read_places
from wavemix.session.found import Found

SECONDS = 1.0
PLACES = 6
STRIDE = 10
"""One sample in so many is looked at: sums remain sums, whatever was between."""

SHORTEST_SECONDS = 2.0
SHARE_OF_LONGEST = 0.9
"""Mixes are as long as the song."""

LARGEST_ERROR = 0.02
"""Power of what the sum of the others lacks, as a share of the file's: -17 dB."""

SMALLEST_PART = 0.001
"""Power of a track that is part of the sum, as a share."""

FEWEST_PARTS = 2
ALIKE = 0.999
"""Correlation from which on two files are one, at another gain: neither is a mix for that."""

MOST_DOUBT = 0.1
"""Power of the error, and of negative gains, up to which a first look at mono sums, without bounds, goes on."""

QUIETEST_SHARE = 1e-6
"""Smaller differences are not told apart: -60 dB."""

RIDGE = 1e-7
"""Share of the power of all that keeps equations solvable where files depend on each other."""


@dataclass(frozen=True)
class Sum:
    """A file that is nearly the sum of others.

    Attributes:
        found: The file.
        parts: What it is the sum of.
        error_db: Level of the difference, relative to the file.
    """

    found: Found
    parts: tuple[Found, ...]
    error_db: float


class Listening:
    """A few seconds of every file of a song, those of one time together.

    Args:
        files: The files; those whose header cannot be read, or that have another rate than most, are not heard.
        starts: When each begins, in seconds from the start of the song.
    """

    def __init__(self, files: Sequence[Found], starts: Sequence[float]) -> None:
        rates = [found.info.rate for found in files if found.info]
        rate = max(rates, key=rates.count, default=0)
        heard = [(found, found.info, round(at * rate)) for found, at in zip(files, starts, strict=True) if found.info]
        heard = [row for row in heard if row[1].rate == rate]
        self._end = max((at + info.frames for _, info, at in heard), default=0)
        samples = min(round(SECONDS * rate), self._end // PLACES)
        places = [(2 * place + 1) * self._end // (2 * PLACES) - samples // 2 for place in range(PLACES)]
        self._rate, self._files, self._blocks, self._long = rate, [], [], []
        for found, info, at in heard:
            block = read_places(info, [place - at for place in places], samples)[:, ::STRIDE]
            if block.any():
                self._files.append(found)
                self._blocks.append(block)
                self._long.append(at + info.frames >= SHARE_OF_LONGEST * self._end and info.channels <= 2)

    def twins(self) -> list[tuple[Found, ...]]:
        """The files that are the same, sample by sample, as far as they were heard."""
        alike: dict[object, list[Found]] = {}
        for found, block in zip(self._files, self._blocks, strict=True):
            assert found.info is not None
            alike.setdefault((found.info.frames, block.shape, block.tobytes()), []).append(found)
        return [tuple(files) for files in alike.values() if len(files) > 1]

    def sums(self) -> list[Sum]:
        """The files that are nearly sums of others, with gains of any size."""
        if self._end < SHORTEST_SECONDS * self._rate or len(self._files) <= FEWEST_PARTS:
            return []
        return [found for index in self._doubtful() if (found := self._as_sum(index))]

    @cached_property
    def _owners(self) -> NDArray[np.intp]:
        """The file of every channel."""
        return np.repeat(np.arange(len(self._blocks)), [len(block) for block in self._blocks])

    @cached_property
    def _products(self) -> NDArray[np.float64]:
        """Products of every channel with every other: all that least squares need to know of them."""
        channels = np.concatenate(self._blocks).astype(np.float64)  # (channels, samples)
        return channels @ channels.T

    def _doubtful(self) -> list[int]:
        """The long files whose mono sum the others' may make, at a first look."""
        folded = (self._owners == np.arange(len(self._files))[:, None]).astype(np.float64)  # (files, channels)
        products = folded @ self._products @ folded.T
        lengths = np.sqrt(np.maximum(np.diag(products), np.finfo(np.float64).tiny))
        inverse = np.linalg.inv(products / np.outer(lengths, lengths) + RIDGE * np.eye(len(products)))
        errors = 1 / np.diag(inverse)
        gains = -inverse * errors[:, None]  # row i: the others' gains that make file i
        np.fill_diagonal(gains, 0)
        negative = np.square(np.minimum(gains, 0)).sum(axis=1)
        return [
            index
            for index, is_long in enumerate(self._long)
            if is_long and errors[index] < MOST_DOUBT and negative[index] < MOST_DOUBT
        ]

    def _as_sum(self, index: int) -> Sum | None:
        """A file as the sum of the others; None if it is not."""
        from scipy.optimize import nnls  # takes a second to import, and few songs need it

        own = np.flatnonzero(self._owners == index)
        columns = np.flatnonzero([owner != index and not self._are_alike(index, owner) for owner in self._owners])
        if len(set(self._owners[columns])) < FEWEST_PARTS:
            return None
        inner = self._products[np.ix_(columns, columns)]
        powers = np.diag(inner)
        factor = np.linalg.cholesky(inner + RIDGE * powers.mean() * np.eye(len(inner)))  # inner = factor factor^T
        power, error, parts = float(np.diag(self._products)[own].sum()), 0.0, np.zeros(len(self._files))
        for side in own:
            product = self._products[columns, side]
            gains, _ = nnls(factor.T, np.linalg.solve(factor, product))
            error += float(self._products[side, side] - 2 * gains @ product + gains @ inner @ gains)
            np.add.at(parts, self._owners[columns], np.square(gains) * powers)
        members = tuple(self._files[other] for other in np.flatnonzero(parts >= SMALLEST_PART * power))
        if error > LARGEST_ERROR * power or len(members) < FEWEST_PARTS:
            return None
        return Sum(self._files[index], members, float(10 * np.log10(max(error / power, QUIETEST_SHARE))))

    def _are_alike(self, index: int, other: int) -> bool:
        """Whether two files are one, at any gain."""
        a, b = self._blocks[index].mean(axis=0), self._blocks[other].mean(axis=0)
        return bool(abs(a @ b) > ALIKE * np.linalg.norm(a) * np.linalg.norm(b))
