"""What tells how tracks lie against another: of all of a song, and of each section of it, so that sections can vote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.alignment import delayed
from wavemix.takes.arrivals import first_peak, meetings
from wavemix.takes.coherence import coherences, lag_curve, partial
from wavemix.takes.lags import LagProducts

Rows = NDArray[np.float64]
"""`(rows, samples)`, or `(rows, lags)`: by lag, 0 in the middle; right of it the track is late."""

SECTIONS = 3
SOUNDING = 0.05
"""A section in which a track has less of its energy than this has no vote."""

HEARD = 0.1
"""Height of what a track alone has heard from which on its lag is taken to be about there."""

WHITE_HZ = (100.0, 8_000.0)
LOUD_HZ = (60.0, 200.0, 2_000.0)
"""From the lowest to the second all frequencies count alike, and up to the last all octaves do."""


@dataclass(frozen=True)
class Evidence:
    """How a track and the one that it is held against belong together, by lag; first of all, then of each section.

    Attributes:
        arrival: The place of the lag at which sounds first arrive, None where that is not clear.
        arrivals: How nearly the moments meet when sounds arrive, `(1 + sections, lags)`.
        own: What the two share beyond what the other tracks explain, all frequencies alike, `(1 + sections, lags)`.
        shared: What they share, and what they share alone, all octaves alike, `(1 + sections, lags)`.
        waves: Correlation of the very samples, `(lags,)`.
        sounding: Which sections have a vote, `(sections,)`.
    """

    arrival: int | None
    arrivals: Rows
    own: Rows
    shared: Rows
    waves: NDArray[np.float64]
    sounding: NDArray[np.bool_]


def gather(blocks: Iterable[Rows], others: int, length: int, reach: int, rate: int) -> list[Evidence]:
    """Evidence of how tracks lie against a first one.

    Args:
        blocks: Arrivals and waveforms of all, the first first, `(1 + others, 2, samples)`.
        others: How many tracks there are beside the first.
        length: How long they are, in samples.
        reach: The largest lag to consider.
        rate: Their sample rate.
    """
    arrivals = LagProducts(1 + others, reach, SECTIONS, length, first_only=True)
    waves = LagProducts(1 + others, 2 * reach, SECTIONS, length)
    for block in blocks:
        arrivals.update(block[:, 0])
        waves.update(block[:, 1])
    met = meetings(_correlations(arrivals.products(), arrivals.energies()), rate)
    first = [first_peak(curve, rate) for curve in met[0]]
    highest = np.argmax(met[0], axis=-1)
    rough = [0] + [int(highest[i] if place is None else place) - reach for i, place in enumerate(first) if i]
    products, energies = waves.products(), waves.energies()
    correlated = _correlations(products, energies)[0, :, reach:-reach]
    whole_and_parts = _with_whole(products)
    white, loud = _weights((products.shape[-1] + 1) // 2 + 1, rate)
    alone = lag_curve(partial(coherences(_moved(whole_and_parts[:1], rough)))[0, 0], white, reach)
    rough = [
        at + int(np.argmax(curve)) - reach if i and curve.max() >= HEARD else at
        for i, (at, curve) in enumerate(zip(rough, np.abs(alone), strict=True))
    ]
    coherent = coherences(_moved(whole_and_parts, rough))
    own = partial(coherent)
    alone, both = lag_curve(own[:, 0], white, reach), lag_curve(own[:, 0] + coherent[:, 0], loud, reach)
    sounding = energies >= SOUNDING * energies.sum(axis=0)
    return [
        Evidence(first[i], met[:, i], delayed(alone[:, i], at), delayed(both[:, i], at), correlated[i], sounding[:, i])
        for i, at in list(enumerate(rough))[1:]
    ]


def _moved(products: NDArray[np.float64], lags: Sequence[int]) -> NDArray[np.float64]:
    """Products of streams as if each had been brought to the first by a lag: what coheres is then near the middle."""
    moved = np.empty_like(products)
    for i, j in np.ndindex(len(lags), len(lags)):
        moved[:, i, j] = delayed(products[:, i, j], lags[i] - lags[j])
    return moved


def _correlations(products: NDArray[np.float64], energies: Rows) -> NDArray[np.float64]:
    """How the streams correlate with the first, `(1 + sections, rows, lags)`; sections add up to the whole."""
    energy = energies.sum(axis=0)
    scale = np.sqrt(energy[0] * energy)[:, np.newaxis]
    sums = _with_whole(products[:, 0])
    correlations: NDArray[np.float64] = np.divide(sums, scale, out=np.zeros_like(sums), where=scale > 0)
    return correlations


def _with_whole(sections: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([sections.sum(axis=0, keepdims=True), sections])


def _weights(frequencies: int, rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    hz = np.linspace(0.0, rate / 2, frequencies)
    lowest, alike, highest = LOUD_HZ
    white = ((hz >= WHITE_HZ[0]) & (hz <= WHITE_HZ[1])).astype(float)
    loud = np.where((hz >= lowest) & (hz <= highest), alike / np.maximum(hz, alike), 0.0)
    return white, loud
