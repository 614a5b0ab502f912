"""What lies between a track's phrases and does not belong there: breaths, bumps, bleed and hum.

A track is read a few times: for its levels, for its phrases, for hum between them, and, once that is out, for what else
lies there. Voices and toms are gone through for all of it, other tracks that a microphone or an amplifier may have
recorded for hum; of drums that ring into each other nothing is cleaned.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.files import AudioInfo
from wavemix.audio.reading import decode
from wavemix.session.care import Place
from wavemix.session.session import Track
from wavemix.takes.between import OTHER, TOM, VOICE, Levels, phrase_finder, places_in
from wavemix.takes.frames import FRAME_SECONDS, Frames, analyse
from wavemix.takes.hum import REMOVED_DB, Hum, HumMeter, frame_length, is_hum
from wavemix.takes.lowering import Lowering
from wavemix.takes.phrases import Mask, between_phrases, runs

Wave = NDArray[np.float64]

HUM_GROUPS = ("vocals", "bass", "other")


def kind_of(track: Track) -> str | None:
    """How a track is gone through; None if it is not."""
    if track.group == "vocals":
        return VOICE
    if track.role == "toms":
        return TOM
    return OTHER if track.group in HUM_GROUPS else None


def find_places(track: Track, info: AudioInfo) -> tuple[Place, ...]:
    """The places of a track that are to be lowered, by their starts; none where there is nothing to clean.

    Args:
        track: The track.
        info: Its file, or the array that stands for one.

    Raises:
        WavemixError: As `wavemix.audio.reading.decode`.
    """
    kind = kind_of(track)
    if kind is None:
        return ()
    levels = Levels()
    for frames in analyse(_mono(track, info), info.rate, pitched=False):
        levels.update(frames)
    own = levels.measured()
    find = phrase_finder(kind, own)
    hum = [] if kind == TOM else _hum(track, info, find, kind == VOICE)
    places = list(hum)
    if kind != OTHER:
        pieces = between_phrases(analyse(_without(hum, _mono(track, info), info.rate), info.rate, kind == VOICE), find)
        places += [place for first, frames in pieces for place in places_in(kind, first, frames, own)]
    return tuple(sorted(places, key=lambda place: (place.start_seconds, place.kind)))


def _hum(track: Track, info: AudioInfo, find: Callable[[Frames], Mask], pitched: bool) -> list[Place]:
    """Where hum is heard between the phrases."""
    pieces = between_phrases(analyse(_mono(track, info), info.rate, pitched), find)
    gaps = [(first, first + len(frames)) for first, frames in pieces]
    hum = _measured_hum(track, info, gaps)
    return list(_hum_places(track, info, gaps, hum)) if hum else []


def _without(hum: Sequence[Place], blocks: Iterator[Wave], rate: int) -> Iterator[Wave]:
    """A stream whose hum is lowered."""
    lower = Lowering(hum, rate)
    for block in blocks:
        yield lower(block.astype(np.float32)).astype(np.float64)
    yield lower(np.zeros(0, np.float32), last=True).astype(np.float64)


def _measured_hum(track: Track, info: AudioInfo, gaps: Sequence[tuple[int, int]]) -> Hum | None:
    """The hum between the phrases; None where there is none."""
    meter = HumMeter(info.rate)
    starts = chain.from_iterable(_starts(gaps, info.rate, meter.samples, meter.samples))
    for wave in _cut(_mono(track, info), starts, meter.samples):
        meter.update(wave)
    return meter.hum()


def _hum_places(track: Track, info: AudioInfo, gaps: Sequence[tuple[int, int]], hum: Hum) -> Iterator[Place]:
    """From where to where hum is heard in each gap."""
    size = frame_length(info.rate)
    starts = _starts(gaps, info.rate, size, size // 2)
    cut = _cut(_mono(track, info), chain.from_iterable(starts), size)
    for starts_of_gap in starts:
        humming = np.array([is_hum(next(cut), hum, info.rate) for _ in starts_of_gap], bool)
        for low, high in runs(humming):
            start, end = starts_of_gap[low] / info.rate, (starts_of_gap[high - 1] + size) / info.rate
            yield Place(round(start, 3), round(end, 3), "hum", REMOVED_DB, hum.hz)


def _starts(gaps: Sequence[tuple[int, int]], rate: int, size: int, hop: int) -> list[range]:
    """For each gap, given in frames, where pieces of so many samples begin in it, one every `hop`."""
    edges = [(round(low * FRAME_SECONDS * rate), round(high * FRAME_SECONDS * rate)) for low, high in gaps]
    return [range(low, high - size + 1, hop) for low, high in edges]


def _cut(blocks: Iterator[Wave], starts: Iterable[int], size: int) -> Iterator[Wave]:
    """Pieces of a stream, `size` samples each, at rising starts; what a piece lacks at the stream's end is silence."""
    held, position, wanted = np.zeros(0), 0, iter(starts)
    start = next(wanted, None)
    for block in blocks:
        held = np.concatenate([held, block])
        while start is not None and start + size <= position + len(held):
            yield held[start - position : start - position + size]
            start = next(wanted, None)
        if start is None:
            return
        past = min(len(held), max(0, start - position))
        held, position = held[past:], position + past
    while start is not None:
        piece = held[start - position :]
        yield np.pad(piece, (0, size - len(piece)))
        start = next(wanted, None)


def _mono(track: Track, info: AudioInfo) -> Iterator[Wave]:
    for block in decode(info):
        yield (block[track.channel - 1] if track.channel else block.mean(axis=0)).astype(np.float64)
