"""Tracks that heard the same source, brought to one time and polarity.

Where a close microphone records a sound just as the other track holds it, the whitened waveforms make one narrow peak,
and that is believed. Mostly microphones differ too much. Then a track lies where its arrivals (`arrivals.py`) best meet
those of the other, and within a millisecond or two of there the waveforms decide, whose sign is the polarity. Where two
lags are good, the earlier one is the direct sound: the microphone under a snare hears the head, and up to 10 ms later
and often louder the wires. Where more than two are, none is believed.

Who is asked at all follows from the roles: the close microphones of a kit against its overheads; without overheads,
microphones of one drum against each other; and DI, amplifier and further microphones of a bass, a guitar or a
lead voice, whose waveforms must correlate clearly. Overheads stay where they are, for how they differ is the stereo
image, and so do room microphones, whose lateness is the room.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

from wavemix.audio.files import AudioInfo
from wavemix.audio.reading import TrackReader, resampled_length
from wavemix.session.care import Alignment
from wavemix.session.session import Track
from wavemix.takes.arrivals import Arrivals
from wavemix.takes.lags import LagProducts

OVERHEAD = "overhead"
CLOSE = ("kick", "snare", "hihat", "toms", "cymbals")
FAMILIES = {
    "drums": (("kick",), ("snare",)),
    "bass": (("bass", "amp"),),
    "vocals": (("lead",),),
    "other": (("electric-guitar",), ("acoustic-guitar",)),
}
"""Roles that may have heard one source, within a group."""

REACH_SECONDS = 0.03
FINE_SECONDS = 0.001
APART_SECONDS = 0.0025
"""Another peak of the arrivals is one that is so far away."""

CLEAR_ARRIVALS = 0.15
RIVAL = 0.5
"""A peak is as good as the highest if it has this part of its height."""

WAVE = 1
"""The row of waveforms, after that of arrivals."""

WHITE_HZ = (100.0, 8_000.0)
SOLE_HEIGHT = 0.15
SOLE_RIVAL = 0.6
"""A peak of the whitened waveforms is believed alone if no other has this part of its height."""

CLEAR_CORRELATION = 0.3
"""Correlation of the waveforms from which two tracks that are no kit's are believed to have heard one source."""

UNMOVED_SAMPLES = 1
_BLOCK = 65_536


@dataclass(frozen=True)
class Found:
    """How a track lies against another.

    Attributes:
        alignment: Its lag, at its own file's rate, and polarity.
        against: What the other is called.
        correlation_before: Correlation of the two as they are.
        correlation_after: Their correlation once it was moved and turned.
    """

    alignment: Alignment
    against: str
    correlation_before: float
    correlation_after: float


Opened = tuple[Track, AudioInfo]


def find_alignments(tracks: Sequence[Opened], advance: Callable[[int], None] = lambda tracks: None) -> dict[int, Found]:
    """The tracks that are to be moved or turned, by their place in the song.

    Args:
        tracks: The tracks of a song and their files.
        advance: Called with the number of tracks that were read.

    Raises:
        WavemixError: As `wavemix.audio.reading.decode`.
    """
    found: dict[int, Found] = {}
    for first, others, kit in _families([track for track, _ in tracks], found):
        measured = compare(tracks[first], [tracks[i] for i in others], kit)
        found |= {i: lies for i, lies in zip(others, measured, strict=True) if lies is not None}
        advance(len(others))
    return {i: lies for i, lies in found.items() if lies.alignment.moves}


def has_families(tracks: Sequence[Track]) -> bool:
    """Whether any two tracks may have heard one source, by their roles."""
    return next(_families(tracks, {}), None) is not None


def compare(first: Opened, others: Sequence[Opened], kit: bool) -> list[Found | None]:
    """How some tracks lie against another; None where they did not clearly hear the same.

    Args:
        first: The track that the others are brought to.
        others: The tracks.
        kit: Whether they are microphones of one kit: arrivals are enough then.

    Raises:
        WavemixError: As `wavemix.audio.reading.decode`.
    """
    rate = first[1].rate
    reach = round(REACH_SECONDS * rate)
    products = LagProducts(len(others), 2, reach)
    for block in _read([first, *others], rate):
        products.update(block[0], block[1:])
    whitened = products.whitened(WAVE, *(hz / rate for hz in WHITE_HZ))
    return [
        _found(first[0], other, rate, heard, white, kit)
        for other, heard, white in zip(others, products.correlations(), whitened, strict=True)
    ]


def _families(tracks: Sequence[Track], found: dict[int, Found]) -> Iterator[tuple[int, list[int], bool]]:
    """Tracks to compare: one, those that may be brought to it, and whether they are a kit's.

    What was `found` of one of them is looked up before the next: tracks that belong to one need no other.
    """
    overheads = [i for i, track in enumerate(tracks) if track.role == OVERHEAD and not track.mute]
    close = [i for i, track in enumerate(tracks) if track.group == "drums" and track.role in CLOSE and not track.mute]
    if overheads and close:
        yield overheads[0], close, True
    for group, families in FAMILIES.items():
        for roles in families:
            left = [i for i, track in enumerate(tracks) if track.group == group and track.role in roles]
            left = [i for i in left if not (tracks[i].mute or (overheads and i in close))]
            while len(left) > 1:
                first, *others = left
                yield first, others, False
                left = [i for i in others if i not in found]


def _read(tracks: Sequence[Opened], rate: int) -> Iterator[NDArray[np.float64]]:
    """Arrivals and waveforms of tracks, block by block, at one rate: `(tracks, 2, samples)`."""
    ends = [
        round(track.start_seconds * rate) + resampled_length(info.frames, info.rate, rate) for track, info in tracks
    ]
    arrivals = [Arrivals() for _ in tracks]
    with ExitStack() as opened:
        readers = [
            opened.enter_context(TrackReader(info, rate, round(track.start_seconds * rate))) for track, info in tracks
        ]
        for start in range(0, max(ends), _BLOCK):
            size = min(_BLOCK, max(ends) - start)
            waves = [_mono(reader.read(size), track) for reader, (track, _) in zip(readers, tracks, strict=True)]
            rows = [[hear(wave), wave] for hear, wave in zip(arrivals, waves, strict=True)]
            yield np.array(rows)


def _mono(block: NDArray[np.float32], track: Track) -> NDArray[np.float64]:
    wave: NDArray[np.float64]
    wave = (block[track.channel - 1] if track.channel else block.mean(axis=0)).astype(np.float64)
    return wave


def _found(
    first: Track, other: Opened, rate: int, heard: NDArray[np.float64], whitened: NDArray[np.float64], kit: bool
) -> Found | None:
    """Where the peaks say that a track lies against the first; None where they are not clear."""
    arrivals, waves = heard
    zero = len(waves) // 2
    best = _sole_peak(whitened, round(FINE_SECONDS * rate))
    if best is None:
        peak = _first_peak(_smoothed(arrivals, round(FINE_SECONDS * rate)), round(APART_SECONDS * rate))
        if peak is None:
            return None
        best = _best_wave(waves, peak, round(FINE_SECONDS * rate))
    if not kit and abs(waves[best]) < CLEAR_CORRELATION:
        return None
    lag, polarity = best - zero, -1 if waves[best] < 0 else 1
    own = round(lag * other[1].rate / rate)
    alignment = Alignment(0 if abs(own) <= UNMOVED_SAMPLES else own, polarity)
    return Found(alignment, first.label, float(waves[zero]), abs(float(waves[best])))


def _sole_peak(whitened: NDArray[np.float64], apart: int) -> int | None:
    """Where the very waveform arrives, if it clearly does at one place; else None."""
    height = np.abs(whitened)
    peak = int(np.argmax(height))
    rest = np.concatenate([height[: max(0, peak - apart)], height[peak + apart + 1 :]])
    return peak if height[peak] > SOLE_HEIGHT and rest.max() < SOLE_RIVAL * height[peak] else None


def _first_peak(arrivals: NDArray[np.float64], apart: int) -> int | None:
    """Where the direct sound arrives; None where no peak is clear, or more than two rival each other."""
    left, peaks, highest = arrivals.copy(), [], float(arrivals.max())
    if highest < CLEAR_ARRIVALS:
        return None
    while left.max() >= RIVAL * highest:
        peaks.append(int(np.argmax(left)))
        left[max(0, peaks[-1] - apart) : peaks[-1] + apart + 1] = 0
    return min(peaks) if len(peaks) <= 2 else None


def _best_wave(waves: NDArray[np.float64], peak: int, fine: int) -> int:
    """Where the waveforms agree best, near to where sounds arrive; the further away, the less that counts."""
    away = np.arange(len(waves)) - peak
    near = np.maximum(0.0, 1 - np.abs(away) / (2 * fine))
    return int(np.argmax(np.abs(waves) * near))


def _smoothed(arrivals: NDArray[np.float64], fine: int) -> NDArray[np.float64]:
    """Arrivals that are as near as a waveform's choice are one."""
    smoothed: NDArray[np.float64] = scipy.ndimage.gaussian_filter1d(arrivals, fine / 4, mode="constant")
    return smoothed
