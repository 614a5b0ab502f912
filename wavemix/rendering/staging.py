"""Gain staging: a session whose faders at unity give about what the engineer will make of it.

A raw track's level is the preamplifier's, and that is where a recording engineer would have set it: the plain sum of a
group is roughly as loud as its stem. Levels move by powers of two, so that not a bit of the raw tracks changes and the
engineer's mix of them is the very same, with channel settings moved by as much.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from wavemix.audio.writing import FULL_SCALE
from wavemix.dsp.levels import gain_to_db
from wavemix.dsp.loudness import metered
from wavemix.rendering.effects import Samples
from wavemix.rendering.engineer import Channel, MixedDown, RawTrack
from wavemix.rendering.recording import Recording

Staged = tuple[list[RawTrack], list[Recording], MixedDown]

_STEP_DB = gain_to_db(2.0)
_FINEST = -7  # halvings that 16-bit samples may take in a file of 24


def stage(tracks: Sequence[RawTrack], recordings: Sequence[Recording], mixed: MixedDown, rate: int) -> Staged:
    """Bring the raw tracks of each group, all by one power of two, near to the loudness of its stem.

    Args:
        tracks: As recorded.
        recordings: How.
        mixed: What the engineer made of them; the settings of the channels move, the sound does not.
        rate: In Hz.
    """
    steps = {
        group: _steps([track.samples for track in tracks if track.group == group], stem, rate)
        for group, stem in mixed.stems.items()
    }
    own = [steps[track.group] for track in tracks]
    channels = tuple(_moved(channel, step) for channel, step in zip(mixed.desk.channels, own, strict=True))
    return (
        [
            replace(track, samples=np.ldexp(track.samples, step).astype(np.float32))
            for track, step in zip(tracks, own, strict=True)
        ],
        [
            replace(
                recording,
                peak_dbfs=round(recording.peak_dbfs + step * _STEP_DB, 1),
                noise_dbfs=round(recording.noise_dbfs + step * _STEP_DB, 1),
            )
            for recording, step in zip(recordings, own, strict=True)
        ],
        replace(mixed, desk=replace(mixed.desk, channels=channels)),
    )


def _steps(tracks: Sequence[Samples], stem: Samples, rate: int) -> int:
    """Doublings that bring the plain sum of mono tracks nearest to the loudness of their stem, as far as they fit."""
    summed = np.repeat(np.sum(list(tracks), axis=0), 2, axis=0)
    wanted_db = metered(stem, rate).integrated_lufs() - metered(summed, rate).integrated_lufs()
    if not math.isfinite(wanted_db):
        return 0
    peak = max(float(np.abs(track).max()) for track in tracks)
    room = math.floor(math.log2(FULL_SCALE / peak))
    return max(_FINEST, min(room, round(wanted_db / _STEP_DB)))


def _moved(channel: Channel, step: int) -> Channel:
    """A channel that does the same to a track that is so many doublings louder."""
    compressor = channel.compressor
    if compressor is not None:
        compressor = replace(compressor, threshold_db=round(compressor.threshold_db + step * _STEP_DB, 2))
    return replace(channel, gain_db=round(channel.gain_db - step * _STEP_DB, 2), compressor=compressor)
