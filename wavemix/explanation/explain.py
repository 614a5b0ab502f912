"""Finding the faders and pans that come nearest to what the networks wrote."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.reading import Block
from wavemix.dsp.bands import BANDS, SPAN_SAMPLES, BandProducts, Products
from wavemix.dsp.levels import db_to_gain, gain_to_db
from wavemix.explanation.explanation import BusStrip, Explanation, TrackStrip, snr_db
from wavemix.explanation.fitting import EQUALISER_TIE, best_faders, error_power
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.session.slots import Assignment
from wavemix.session.sources import GroupReader, Source, audible

EQUALISER_HELPS_DB = 1.0
"""An equaliser is told of where it brings the stem nearer by at least so much."""

EXPLAINED_DB = 60.0
"""From this SNR on, what faders miss is rounding, and no work for an equaliser."""

EQUALISER_RANGE_DB = 18.0
"""How far a band is turned up or down."""

Read = Callable[[int], Block]

Stream = Callable[[], AbstractContextManager[Read]]
"""Begins to read a stereo signal: gives the next so many samples, `(2, samples)`, and zeros after its end."""

Gains = NDArray[np.float64]
"""For each side the gains of the inputs, `(2, inputs)`."""


@dataclass(frozen=True)
class Heard:
    """What there is to explain.

    Attributes:
        song: The song's name.
        sources: Its tracks, checked.
        signals: The mix and the stems by their names, as the networks gave them and the user balanced them.
        rate: The signals' sample rate, in Hz.
        samples: Their length.
    """

    song: str
    sources: Sequence[Source]
    signals: Mapping[str, Stream]
    rate: int
    samples: int


def explain(heard: Heard, advance: Callable[[int], None] = lambda samples: None) -> Explanation:
    """The faders and pans that come nearest to a mix, and how near; see `METHOD`.

    All is read twice, block by block: once to fit, once to measure. Memory grows with the square of the tracks of a
    group, not with the length of the song.

    Args:
        heard: The song.
        advance: Told of the samples that were read, three times the song's in all.

    Raises:
        WavemixError: As reading the tracks.
    """
    groups = {group: live for group in GROUPS if (live := audible(heard.sources, group))}
    fits = {group: _fit_group(heard, group, live) for group, live in groups.items()}
    advance(heard.samples)
    buses = _fit_buses(heard)
    advance(heard.samples)
    gains = {group: fit.gains for group, fit in fits.items()}
    snrs = _measure(heard, groups, gains, buses)
    advance(heard.samples)
    strips = {
        id(source): fits[group].strip(source, place)
        for group, live in groups.items()
        for place, source in enumerate(live)
    }
    return Explanation(
        heard.song,
        heard.rate,
        [strips.get(id(source)) or _unheard(source) for source in heard.sources],
        [
            BusStrip(
                group,
                float(buses[0, place]),
                float(buses[1, place]),
                snrs[group],
                fits[group].equalised_snr_db if group in fits else None,
            )
            for place, group in enumerate(GROUPS)
        ],
        snrs["stems"],
        snrs[MIX],
    )


@dataclass(frozen=True)
class _Fit:
    """The faders of one group.

    Attributes:
        gains: From each track at its level to each side.
        parts: Power of each track's part over that of the stem.
        equaliser_db: Gain in each band of each track, `(bands, tracks)`; None where that does not help.
        equalised_snr_db: How near it comes with these.
    """

    gains: Gains
    parts: NDArray[np.float64]
    equaliser_db: NDArray[np.float64] | None
    equalised_snr_db: float | None

    def strip(self, source: Source, place: int) -> TrackStrip:
        """What became of the track at that place."""
        left, right = (self.gains[:, place] * source.gain).tolist()
        bands: dict[str, float] = {}
        if self.equaliser_db is not None and (left or right):
            bands = dict(zip(BANDS, self.equaliser_db[:, place].round(1).tolist(), strict=True))
        part = float(self.parts[place])
        return replace(
            _unheard(source),
            left=left,
            right=right,
            part_db=round(10 * np.log10(part), 1) if part > 0 else None,
            equaliser_db=bands,
            heard=True,
        )


def _unheard(source: Source) -> TrackStrip:
    """The strip of a track that goes nowhere: as it came, and as a person wanted it."""
    gain, track = source.gain, source.track
    level_db = round(gain_to_db(source.normalisation), 4)
    return TrackStrip(track.label, track.group, gain, gain, level_db, track.gain_db, heard=False)


def _fit_group(heard: Heard, group: str, live: Sequence[Source]) -> _Fit:
    with _open_tracks(live, heard.rate) as reader, heard.signals[group]() as stem:
        sides = _side_products(
            ((reader.read(samples), stem(samples)) for samples in _spans(heard.samples)), len(live), heard.rate
        )
    tracks = len(live)
    whole = [side.sum(axis=0) for side in sides]
    ones = np.ones(tracks)
    gains = np.stack([best_faders(side[:tracks, :tracks], side[tracks, :tracks], ones) for side in whole])
    target = sum(float(side[tracks, tracks]) for side in whole)
    power = sum(gain**2 * side.diagonal()[:tracks] for gain, side in zip(gains, whole, strict=True))
    parts = power / target if target > 0 else np.zeros(tracks)
    missed = sum(
        error_power(side[:tracks, :tracks], side[tracks, :tracks], float(side[tracks, tracks]), gain)
        for gain, side in zip(gains, whole, strict=True)
    )
    bands, missed_equalised = _equalise(sides, gains)
    plain, equalised = snr_db(target, missed), snr_db(target, missed_equalised)
    if plain is None or equalised is None or plain >= EXPLAINED_DB or equalised < plain + EQUALISER_HELPS_DB:
        return _Fit(gains, parts, None, None)
    return _Fit(gains, parts, bands, equalised)


def _equalise(sides: Sequence[Products], gains: Gains) -> tuple[NDArray[np.float64], float]:
    """Gains in dB on top of the faders, `(bands, tracks)`, alike on both sides, and the power that is missed then."""
    tracks = gains.shape[1]
    rows, missed = [], 0.0
    for band in range(len(BANDS)):
        power, reached, target = np.zeros((tracks, tracks)), np.zeros(tracks), 0.0
        for side, gain in zip(sides, gains, strict=True):
            power += side[band, :tracks, :tracks] * np.outer(gain, gain)
            reached += side[band, tracks, :tracks] * gain
            target += float(side[band, tracks, tracks])
        bounds = db_to_gain(-EQUALISER_RANGE_DB), db_to_gain(EQUALISER_RANGE_DB)
        found = best_faders(power, reached, np.ones(tracks), EQUALISER_TIE).clip(*bounds)
        rows.append(20 * np.log10(found))
        missed += error_power(power, reached, target, found)
    return np.stack(rows), missed


def _fit_buses(heard: Heard) -> Gains:
    """The gains from each stem to the mix."""
    with ExitStack() as opened:
        stems = [opened.enter_context(heard.signals[group]()) for group in GROUPS]
        mix = opened.enter_context(heard.signals[MIX]())
        pieces = (
            (np.stack([stem(samples) for stem in stems], axis=1), mix(samples)) for samples in _spans(heard.samples)
        )
        sides = _side_products(pieces, len(GROUPS), heard.rate)
    count, ones = len(GROUPS), np.ones(len(GROUPS))
    whole = [side.sum(axis=0) for side in sides]
    return np.stack([best_faders(side[:count, :count], side[count, :count], ones) for side in whole])


def _side_products(pieces: Iterator[tuple[Block, Block]], inputs: int, rate: int) -> list[Products]:
    """For each side the products of its inputs and, below them, its target, `(bands, inputs + 1, inputs + 1)`.

    Args:
        pieces: Blocks of inputs, `(sides, inputs, samples)` where 1 side stands for both, with their target.
        inputs: How many there are.
        rate: In Hz.
    """
    products: list[BandProducts] = []
    for tracks, target in pieces:
        stereo = len(tracks) == STEREO
        if not products:
            products = [BandProducts(rate, inputs + (1 if stereo else STEREO)) for _ in tracks]
        for side, ears in enumerate(products):
            ears.update(np.concatenate([tracks[side], target[side : side + 1] if stereo else target]))
    read = [ears.read() for ears in products]
    if len(read) == STEREO:
        return read
    rows = [[*range(inputs), inputs + side] for side in range(STEREO)]
    return [read[0][:, own][:, :, own] for own in rows]


def _measure(
    heard: Heard, groups: Mapping[str, Sequence[Source]], gains: Mapping[str, Gains], buses: Gains
) -> dict[str, float | None]:
    """How near the faders come: to each stem; to the mix from the stems (`stems`); and to the mix (`mix`)."""
    powers = dict.fromkeys((*GROUPS, MIX), 0.0)
    errors = dict.fromkeys((*GROUPS, "stems", MIX), 0.0)
    with ExitStack() as opened:
        readers = {group: opened.enter_context(_open_tracks(live, heard.rate)) for group, live in groups.items()}
        reads = {name: opened.enter_context(heard.signals[name]()) for name in (*GROUPS, MIX)}
        for samples in _spans(heard.samples):
            mix = reads[MIX](samples).astype(np.float64)
            powers[MIX] += float(np.square(mix).sum())
            without_stems, without_tracks = mix.copy(), mix
            for place, group in enumerate(GROUPS):
                stem = reads[group](samples).astype(np.float64)
                rendered = np.zeros_like(stem)
                if group in readers:
                    tracks = readers[group].read(samples)
                    for side in range(STEREO):
                        rendered[side] = gains[group][side] @ tracks[side % len(tracks)]
                powers[group] += float(np.square(stem).sum())
                errors[group] += float(np.square(stem - rendered).sum())
                without_stems -= buses[:, place, None] * stem
                without_tracks -= buses[:, place, None] * rendered
            errors["stems"] += float(np.square(without_stems).sum())
            errors[MIX] += float(np.square(without_tracks).sum())
    return {name: snr_db(powers[MIX if name == "stems" else name], error) for name, error in errors.items()}


def _open_tracks(live: Sequence[Source], rate: int) -> GroupReader:
    """Tracks as their model reads them, but each in a row of its own, `(sides, tracks, samples)`."""
    return GroupReader([_alone(source, row) for row, source in enumerate(live)], rate, len(live))


def _alone(source: Source, row: int) -> Source:
    assert source.assignment is not None  # else nobody hears it
    slots = (row,) * len(source.assignment.slots)
    return replace(source, assignment=Assignment(slots, source.assignment.folded))


def _spans(samples: int) -> Iterator[int]:
    """The lengths of the blocks in which a song is read."""
    for start in range(0, samples, SPAN_SAMPLES):
        yield min(SPAN_SAMPLES, samples - start)
