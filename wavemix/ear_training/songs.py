"""Raw tracks of songs in the plain layout."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import soxr

from wavemix.audio.files import probe
from wavemix.audio.rate import SAMPLE_RATE
from wavemix.data.plain import PlainSong
from wavemix.ear_training.sound import Sound
from wavemix.recognition.liveliest import liveliest
from wavemix.rendering.sounds import Samples
from wavemix.session.roles import role_told

SEMITONES = 4.0


def tracks_of(songs: Sequence[PlainSong], held_out: Sequence[str], takes: int, seed: int) -> Iterator[Sound]:
    """Every raw track of some songs, as it is and then faster or slower.

    Args:
        songs: The songs; of one without raw tracks, the stems, of which the role is not known.
        held_out: Names of songs that nothing is learned from.
        takes: How often each track is heard, the first time as it is.
        seed: Seed of all that chance decides.
    """
    rng = np.random.default_rng(seed)
    for song in songs:
        is_held_out = song.name in held_out
        files = [(song.path(track), track.group) for track in song.tracks]
        for path, group in files or [(path, group) for group, path in song.stems.items()]:
            info = probe(path)
            sounds = liveliest(info)
            if not sounds or info.rate != SAMPLE_RATE:
                continue
            loudest = np.concatenate(sounds)
            known = role_told(group, path.stem)
            kind = "rendered" if song.rendered else "songs"
            sound = Sound(loudest, group, known, kind, f"{song.name}: {path.stem}", is_held_out)
            for take in range(1 if is_held_out else takes):
                faster = 2 ** (float(rng.uniform(-SEMITONES, SEMITONES)) / 12) if take else 1.0
                yield replace(sound, samples=_played(loudest, faster))


def _played(samples: Samples, faster: float) -> Samples:
    if faster == 1.0:
        return samples
    return np.asarray(soxr.resample(samples, SAMPLE_RATE * faster, SAMPLE_RATE), np.float32)
