"""The liveliest seconds of a track: the network needs no more than a few to tell what it is."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.excerpts import read_places
from wavemix.audio.files import AudioInfo
from wavemix.recognition.features import SEGMENT_SECONDS
from wavemix.session.groups import STEREO

SEGMENTS = 6
PROBES = 48
PROBE_SECONDS = 0.05
"""So many places of a longer track are sounded first: all in all it reads 18 s."""

CLOSER_PROBES = 240
"""So many more where those are silent, for an effect may sound once in a song: all in all it reads 30 s."""

SHORTEST_SECONDS = 0.5
QUIETEST = 1e-3
"""Peak under which a track counts as silent: -60 dBFS."""

MOST_CHANNELS = 32
"""Files of more channels are not heard: every channel would read them all."""

Samples = NDArray[np.float32]


def liveliest(info: AudioInfo, channel: int | None = None) -> list[Samples]:
    """The liveliest segments of a track, in mono, `(samples,)` each; none of one that is too short, silent or too wide.

    Args:
        info: Its file.
        channel: Which channel of the file it is, from 1; None for all of them.
    """
    if info.seconds < SHORTEST_SECONDS or info.channels > MOST_CHANNELS:
        return []
    samples = round(SEGMENT_SECONDS * info.rate)
    if info.frames <= SEGMENTS * samples:
        places = list(range(0, info.frames, samples))
        if len(places) > 1 and info.frames - places[-1] < samples // 2:
            places.pop()
    else:
        places = _loudest_places(info, channel, samples)
    sound = _read(info, places, samples, channel)
    if np.abs(sound).max(initial=0) < QUIETEST:
        return []
    if info.frames < samples:
        return [sound[: info.frames]]
    return list(sound.reshape(len(places), samples))


def _loudest_places(info: AudioInfo, channel: int | None, samples: int) -> list[int]:
    """Where the loudest segments begin, in order."""
    probe = round(PROBE_SECONDS * info.rate)
    for count in (min(PROBES, info.frames // samples), CLOSER_PROBES):
        places = _scattered(count, info.frames, probe)
        sound = _read(info, places, probe, channel).reshape(count, probe)
        if np.abs(sound).max() >= QUIETEST:
            break
    loudest = np.argsort(-np.square(sound).mean(axis=1), kind="stable")[:SEGMENTS]
    return sorted(max(0, min(places[at] + probe // 2 - samples // 2, info.frames - samples)) for at in loudest)


def _scattered(count: int, frames: int, samples: int) -> list[int]:
    """Where so many probes begin: one in each of as many slots of a file, at a place that the golden ratio scatters.

    Music has a beat, and evenly spaced probes might always miss it.
    """
    slot = frames / count
    return [int(at * slot + (at * 0.618034 % 1.0) * (slot - samples)) for at in range(count)]


def _read(info: AudioInfo, places: Sequence[int], samples: int, channel: int | None) -> Samples:
    """So many samples from each of some places on, in mono, one after the other; a place at a time of wide files."""
    if info.channels <= STEREO:
        return _mono(read_places(info, places, samples), channel)
    return np.concatenate([_mono(read_places(info, [place], samples), channel) for place in places])


def _mono(block: NDArray[np.float32], channel: int | None) -> Samples:
    """One channel of a block; or the mean of all, or of opposites the first."""
    if channel is not None:
        return np.asarray(block[min(channel, len(block)) - 1])
    mean: Samples = np.asarray(block.mean(axis=0))
    return mean if np.square(mean).sum() > 0.01 * np.square(block[0]).sum() else np.asarray(block[0])
