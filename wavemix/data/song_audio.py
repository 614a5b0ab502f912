"""The samples of a song in the plain layout."""

from dataclasses import dataclass

import numpy as np

from wavemix.audio.files import AudioInfo, probe
from wavemix.audio.reading import TrackReader, resampled_length
from wavemix.data.plain import PlainSong, PlainTrack, Samples
from wavemix.dsp.alignment import delayed
from wavemix.errors import WavemixError


@dataclass
class SongAudio:
    """The samples of a song, all at one rate and of one length.

    Attributes:
        raw: Each track, `(channels, samples)`, in the song's order, moved by its lag and of its stem's polarity.
        stems: Each group's stem, `(2, samples)`.
        mix: The mix, `(2, samples)`, if there is one.
    """

    raw: list[Samples]
    stems: dict[str, Samples]
    mix: Samples | None


def read_song(song: PlainSong, rate: int) -> SongAudio:
    """Read a whole song into memory.

    Args:
        song: The song.
        rate: Hz to which every file is brought.

    Raises:
        WavemixError: If a file cannot be read, or a stem or mix is neither mono nor stereo.
    """
    infos = {path: probe(path) for path in song.files}
    samples = max(resampled_length(info.frames, info.rate, rate) for info in infos.values())
    if song.derived:
        return _derive(song, [read_stereo(infos[song.path(track)], rate, samples) for track in song.tracks])
    return SongAudio(
        [_raw(track, infos[song.path(track)], rate, samples) for track in song.tracks],
        {group: read_stereo(infos[path], rate, samples) for group, path in song.stems.items()},
        read_stereo(infos[song.mix], rate, samples) if song.mix else None,
    )


def read_stereo(info: AudioInfo, rate: int, samples: int) -> Samples:
    """A mono or stereo file as `(2, samples)`, cut or filled up with silence to that length.

    Args:
        info: The file.
        rate: Hz to which it is brought.
        samples: Length of the result.

    Raises:
        WavemixError: If it has more channels or cannot be read.
    """
    if info.channels > 2:
        raise WavemixError(f"{info.path}: has {info.channels} channels; export it again in stereo.")
    block = _read(info, rate, samples)
    return np.repeat(block, 2, axis=0) if info.channels == 1 else block


def _raw(track: PlainTrack, info: AudioInfo, rate: int, samples: int) -> Samples:
    lag_samples = round(track.lag_samples * rate / info.rate)
    return delayed(_read(info, rate, samples), lag_samples) * np.float32(track.polarity)


def _read(info: AudioInfo, rate: int, samples: int) -> Samples:
    with TrackReader(info, rate) as reader:
        return reader.read(samples)


def _derive(song: PlainSong, tracks: list[Samples]) -> SongAudio:
    """Raw tracks, stems and mix of a song that lies as finished tracks, each `(2, samples)`."""
    stems: dict[str, Samples] = {}
    for track, block in zip(song.tracks, tracks, strict=True):
        stems[track.group] = stems[track.group] + block if track.group in stems else block
    mix = np.sum(list(stems.values()), axis=0)
    return SongAudio([block.mean(axis=0, keepdims=True) for block in tracks], stems, mix)
