"""Tracks that heard the same source, brought to one time and polarity.

Where a microphone has heard something that no other has, and the other track holds it just so, what the two alone share
makes one narrow peak, and that is believed. Mostly microphones differ too much. Then a track lies where its arrivals
(`arrivals.py`) best meet those of the other, and within a millisecond or two of there the waveforms decide, octave by
octave, whose sign is the polarity. Where two lags of arrivals are good, the earlier one is the direct sound: the
microphone under a snare hears the head, and up to 10 ms later and often louder the wires. None is believed where more
than two are good, where waveforms turned over or elsewhere fit nearly as well, or where the sections of the song do not
agree (`peaks.py`). Drums that a machine plays on the same beat meet too: so a kit is believed to be one only if some
microphone of it proves that beyond doubt.

Who is asked at all follows from the roles: the close microphones of a kit against its overheads; without overheads,
microphones of one drum against each other; and DI, amplifier and further microphones of a bass, a guitar or a
lead voice, whose waveforms must correlate clearly. Overheads stay where they are, for how they differ is the stereo
image, and so do room microphones, whose lateness is the room.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.files import AudioInfo
from wavemix.audio.reading import TrackReader, resampled_length
from wavemix.session.care import Alignment
from wavemix.session.session import Track
from wavemix.takes.arrivals import Arrivals
from wavemix.takes.evidence import Evidence, gather
from wavemix.takes.parts import STEPS, highest_part
from wavemix.takes.peaks import Peak, find_peak, has_met

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
FADE_SECONDS = 0.05
HEARD_SECONDS = 30.0
"""How much of a song is listened to."""

MOST_OF_A_TRACK = 0.1
"""A second and a half counts for no more than this part of a track's energy."""

CLEAR_CORRELATION = 0.3
"""Correlation of the waveforms from which two tracks that are no kit's are believed to have heard one source."""

WORTH_PARTS = 0.01
"""By so much more must such tracks correlate to be moved by parts of a sample, too."""

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
    if not kit and len(others) > 1:  # takes of one source would explain each other away
        return [compare(first, [other], kit)[0] for other in others]
    rate = first[1].rate
    length = max(_end(track, rate) for track in [first, *others])
    heard = _liveliest([first, *others], rate, length)
    blocks = _read([first, *others], rate, *heard)
    evidence = gather(blocks, len(others), heard[1] - heard[0], round(REACH_SECONDS * rate), rate)
    peaks = [find_peak(tells, rate) for tells in evidence]
    # Arrivals are believed of a kit if one microphone leaves no doubt that it is one, and alone only if all differ.
    sole, met = any(peak and peak.sole for peak in peaks), any(map(has_met, evidence))
    return [
        _found(first[0], other, rate, tells, peak, kit)
        if peak and (not kit or peak.sole or (sole or met if peak.heard else met and not sole))
        else None
        for other, tells, peak in zip(others, evidence, peaks, strict=True)
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


def _begin(opened: Opened, rate: int) -> int:
    return round(opened[0].start_seconds * rate)


def _end(opened: Opened, rate: int) -> int:
    info = opened[1]
    return _begin(opened, rate) + resampled_length(info.frames, info.rate, rate)


def _liveliest(tracks: Sequence[Opened], rate: int, length: int) -> tuple[int, int]:
    """From where to where the tracks have most of their energy, each track counting alike; all of a short song."""
    if length <= HEARD_SECONDS * rate:
        return 0, length
    energies = np.array([np.square(waves).sum(axis=-1) for waves in _waves(tracks, rate, 0, length)])
    shares = energies / np.maximum(energies.sum(axis=0), np.finfo(float).tiny)
    wanted = max(1, min(len(shares), round(HEARD_SECONDS * rate / _BLOCK)))
    played = np.convolve(np.minimum(shares, MOST_OF_A_TRACK).sum(axis=-1), np.ones(wanted), "valid")
    start = _BLOCK * int(np.argmax(played))
    return start, min(length, start + wanted * _BLOCK)


def _read(tracks: Sequence[Opened], rate: int, start: int, end: int) -> Iterator[NDArray[np.float64]]:
    """Arrivals and waveforms of tracks from a block's start on, block by block: `(tracks, 2, samples)`."""
    arrivals = [Arrivals() for _ in tracks]
    for waves in _waves(tracks, rate, start, end):
        yield np.stack([[hear(wave) for hear, wave in zip(arrivals, waves, strict=True)], waves], axis=1)


def _waves(tracks: Sequence[Opened], rate: int, start: int, end: int) -> Iterator[NDArray[np.float64]]:
    """Waveforms of tracks at one rate, from a block's start on, block by block: `(tracks, samples)`.

    Tracks fade in and out: where they are cut all at once, that is nothing that their microphones heard.
    """
    begins = np.array([[max(start, _begin(track, rate))] for track in tracks])
    ends = np.array([[min(end, _end(track, rate))] for track in tracks])
    with ExitStack() as opened:
        readers = [
            opened.enter_context(TrackReader(info, rate, round(track.start_seconds * rate))) for track, info in tracks
        ]
        for place in range(0, end, _BLOCK):
            places = np.arange(place, min(place + _BLOCK, end))
            waves = np.array(
                [_mono(reader.read(len(places)), track) for reader, (track, _) in zip(readers, tracks, strict=True)]
            )
            if place >= start:
                inside = np.minimum(places - begins, ends - 1 - places) / (FADE_SECONDS * rate)
                yield waves * np.sin(np.pi / 2 * np.clip(inside, 0.0, 1.0)) ** 2


def _mono(block: NDArray[np.float32], track: Track) -> NDArray[np.float64]:
    wave: NDArray[np.float64]
    wave = (block[track.channel - 1] if track.channel else block.mean(axis=0)).astype(np.float64)
    return wave


def _found(first: Track, other: Opened, rate: int, evidence: Evidence, peak: Peak, kit: bool) -> Found | None:
    """What a peak says; None where the waveforms of two tracks that are no kit's do not correlate there."""
    zero = len(evidence.waves) // 2
    after = peak.polarity * float(evidence.waves[zero + peak.lag])
    if not kit and after < CLEAR_CORRELATION:
        return None
    own: float = round(peak.lag * other[1].rate / rate)
    part, by_parts = highest_part(peak.polarity * evidence.waves, zero + peak.lag)
    if not kit and by_parts >= after + WORTH_PARTS:
        own, after = round((peak.lag + part) * other[1].rate / rate * STEPS) / STEPS, by_parts
    alignment = Alignment(0 if abs(own) <= UNMOVED_SAMPLES else own, peak.polarity)
    return Found(alignment, first.label, float(evidence.waves[zero]), after)
