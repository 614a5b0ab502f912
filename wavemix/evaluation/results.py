"""What an evaluation finds: all that its tables, files and report are made of."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wavemix.metrics.artefacts import Artefacts
from wavemix.metrics.course import Course
from wavemix.metrics.descriptors import Descriptors
from wavemix.metrics.excerpt import Window
from wavemix.metrics.levels import Levels
from wavemix.metrics.matching import Match
from wavemix.metrics.measure import AGAINST_REFERENCE, PRODUCTION, SIMILARITY, Measure
from wavemix.metrics.production import ProductionDistances
from wavemix.metrics.reference import AgainstReference
from wavemix.metrics.similarity import Similarity
from wavemix.statistics import Comparison

REFERENCE = "reference"
"""Name of the mix that the song came with."""


MEASURES = (
    Measure("levels.rms_dbfs", "RMS", "dBFS", 2),
    Measure("levels.integrated_lufs", "loudness", "LUFS", 2),
    Measure("levels.range_lu", "loudness range", "LU", 2),
    Measure("levels.true_peak_dbtp", "true peak", "dBTP", 2),
    Measure("levels.crest_db", "crest", "dB", 2),
    Measure("match.lag_samples", "lag", "samples", 0),
    Measure("match.polarity", "polarity", "", 0),
    Measure("match.gain_db", "gain to match", "dB", 2),
    *(replace(one, name=f"production.{one.name}", label=f"{one.label} distance") for one in PRODUCTION),
    *(replace(one, name=f"against.{one.name}") for one in AGAINST_REFERENCE),
    Measure("against.width", "width", ""),
    Measure("against.imbalance", "imbalance", ""),
    Measure("artefacts.noise_floor_dbfs", "noise floor", "dBFS", 1),
    Measure("artefacts.high_frequencies_db", "above 10 kHz", "dB", 2),
    Measure("artefacts.pre_echo_db", "pre-echo", "dB", 2),
    *(replace(one, name=f"similarity.{one.name}") for one in SIMILARITY),
)
"""Every measure of a mix, in the order of the tables, each named after the part that it comes from and its field."""


@dataclass(frozen=True)
class MixResult:
    """One mix of a song.

    Attributes:
        name: Name of the mix.
        levels: Levels of the whole mix as it came, before it was matched.
        match: What was done to it before it was held against the reference; None for the reference itself, and
            where there is none.
        production: Distances of the whole song to the reference, whatever the waveform, once matched; None where either
            is silent, too.
        against: Distances to the reference over the whole song, once matched.
        artefacts: Artefacts of the whole song, once matched.
        course: Over the whole song, once matched.
        descriptors: Frame by frame, of the excerpt's middle signal, (L + R) / 2.
        similarity: How its self-similarity matrix compares with the reference's.
        self_similarity: `(frames, frames)`, 0 to 255, of the excerpt.
        excerpt: `(2, samples)`, as loud as those of the song's other mixes.
        note: What was done to a file to make it one of the song's mixes; empty where nothing had to be.
    """

    name: str
    levels: Levels
    match: Match | None
    production: ProductionDistances | None
    against: AgainstReference | None
    artefacts: Artefacts
    course: Course
    descriptors: Descriptors
    similarity: Similarity | None
    self_similarity: NDArray[np.float64]
    excerpt: NDArray[np.float32]
    note: str = ""

    def value(self, measure: Measure) -> float | None:
        """One of `MEASURES`; None if this mix has none, or it is undefined."""
        part, field = measure.name.split(".")
        found = getattr(getattr(self, part), field, None)
        return None if found is None or math.isnan(found) else float(found)


@dataclass(frozen=True)
class SongResult:
    """All mixes of one song.

    Attributes:
        name: The song.
        computed_by: For each of our models the backend, precision and device that computed it.
        rate: In Hz, of all that is measured.
        seconds: How long the song is.
        window: Where the excerpt lies.
        excerpt_lufs: How loud the excerpts are: -14 LUFS, or less if one of them would pass the ceiling.
        raw_excerpts: The raw tracks in the window, folded to mono, `(samples,)` each, by their files' names.
        mixes: Each mix; the reference first if there is one.
        comparisons: For each descriptor, between all mixes: the paper's form, and the one for frames that depend
            on each other, which is the one to believe.
    """

    name: str
    computed_by: Mapping[str, Mapping[str, str]]
    rate: int
    seconds: float
    window: Window
    excerpt_lufs: float
    raw_excerpts: Mapping[str, NDArray[np.float32]]
    mixes: tuple[MixResult, ...]
    comparisons: Mapping[str, tuple[Comparison, Comparison]]

    @property
    def computation(self) -> str:
        """What computed our models, in words."""
        ways = (f"{how['backend']} in {how['precision']} on {how['device']}" for how in self.computed_by.values())
        return ", ".join(dict.fromkeys(ways))

    @property
    def reference(self) -> MixResult | None:
        """The mix that the song came with, if it did."""
        return self.mixes[0] if self.mixes[0].name == REFERENCE else None


def measures_of(songs: Sequence[SongResult]) -> tuple[Measure, ...]:
    """The measures that at least one mix of the songs has."""
    mixes = [mix for song in songs for mix in song.mixes]
    return tuple(measure for measure in MEASURES if any(mix.value(measure) is not None for mix in mixes))


def rows(songs: Sequence[SongResult]) -> Iterator[tuple[str, str, Measure, float]]:
    """Song, mix, measure and value, one after the other: the tidy table."""
    for song in songs:
        for mix in song.mixes:
            for measure in MEASURES:
                value = mix.value(measure)
                if value is not None:
                    yield song.name, mix.name, measure, value
