"""The sound files that a session plays: the tracks where they lie, or copies where other programs read otherwise."""

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.files import AudioInfo
from wavemix.audio.reading import decode
from wavemix.audio.reworked import Reworked
from wavemix.audio.sides import Sides
from wavemix.audio.writing import BYTES_PER_SAMPLE, AudioWriter
from wavemix.documents.names import file_stem, written
from wavemix.session.groups import STEREO
from wavemix.session.sources import Source

EXACT = frozenset(".wav .wave .aif .aiff .flac".split())
"""Endings of files that every program reads sample by sample as we do; a coded one may begin elsewhere in another."""

STRANGE = ("Cc", "Cs", "Zl", "Zp")
"""Categories of characters that sessions cannot hold: controls, halves of characters, and ends of lines."""

FOLDER = "daw"
"""Where copies lie."""


@dataclass(frozen=True)
class Media:
    """A sound file.

    Attributes:
        file: Where it lies once all is written.
        rate: Its sample rate, in Hz.
        channels: Number of channels, 1 or 2.
        frames: Its length in samples.
    """

    file: Path
    rate: int
    channels: int
    frames: int

    @property
    def seconds(self) -> float:
        """Its length in seconds."""
        return self.frames / self.rate

    def path_from(self, folder: Path) -> str:
        """The way to it from a folder, with slashes; the whole path where there is no such way (another drive)."""
        file = self.file.parent.resolve() / self.file.name
        try:
            return written(PurePath(os.path.relpath(file, folder.resolve())).as_posix())
        except ValueError:
            return written(file.as_posix())


def track_media(source: Source, stage: Path, out: Path) -> list[Media]:
    """What plays a track: its file, the files of its two sides, or a copy; nothing of a track that is silent.

    A copy is a WAV file of floats at the track's own rate: of the channels that the networks heard, where the file has
    others too, and of what is coded (MP3, Ogg), has a name that a session cannot hold, or was aligned or cleaned. More
    than two channels become one, as their sum, or their mean where they shared a slot.

    Args:
        source: The track.
        stage: Where a copy is written now, in the folder `daw`.
        out: Where that will lie in the end.

    Raises:
        WavemixError: As reading the track.
        OSError: If the disk does not take the copy.
    """
    info = source.scan.info
    if _plays_itself(source):
        return [Media(file.path, file.rate, file.channels, file.frames) for file in _files(source)]
    if source.scan.silent:
        return []
    matrix = _heard_channels(source)
    folder = stage / FOLDER
    folder.mkdir(exist_ok=True)
    stem = file_stem(written(track_name(source)).encode("ascii", "replace").decode().replace("?", "_"))
    names = (f"{stem}{f'-{number}' if number > 1 else ''}.wav" for number in count(1))
    name = next(name for name in names if not (folder / name).exists())
    with AudioWriter(folder / name, info.rate, len(matrix), info.frames, "wav", "32f") as file:
        for block in decode(info):
            file.write(matrix @ block)
    return [Media(out / FOLDER / name, info.rate, len(matrix), info.frames)]


def copy_bytes(source: Source) -> int:
    """What the copy of a track takes of a disk, about; 0 where its own files play."""
    if source.scan.silent or _plays_itself(source):
        return 0
    return len(_heard_channels(source)) * source.scan.info.frames * BYTES_PER_SAMPLE["32f"]


def track_name(source: Source) -> str:
    """What a track is called on a console: its file's name without the ending, and its channel if it is one of many."""
    channel = f", channel {source.track.channel}" if source.track.channel else ""
    return f"{source.track.file.stem}{channel}"


def track_names(sources: Sequence[Source]) -> list[str]:
    """The names of tracks; with their folders where two would have the same."""
    names = [track_name(source) for source in sources]
    return [
        name if names.count(name) == 1 else (source.track.file.parent / name).as_posix()
        for name, source in zip(names, sources, strict=True)
    ]


def _files(source: Source) -> list[AudioInfo]:
    """The track's file, or those of its two sides."""
    info = source.scan.info
    return list(info.sides) if isinstance(info, Sides) else [info]


def _plays_itself(source: Source) -> bool:
    """Whether a session plays the track's own files, and all that is in them."""
    whole = source.track.channel is None and source.scan.info.channels <= STEREO
    return whole and all(map(_can_be_named, _files(source)))


def _can_be_named(info: AudioInfo) -> bool:
    """Whether a session can play the very file: it has such a name, and samples that all read alike."""
    path = str(info.path)
    strange = any(unicodedata.category(character) in STRANGE for character in path)
    quoted = all(mark in path for mark in "\"'`")  # Reaper's files have no way to write them all
    as_mixed = info.head is None and not isinstance(info, Reworked)
    return info.path.suffix.lower() in EXACT and as_mixed and not (strange or quoted)


def _heard_channels(source: Source) -> NDArray[np.float32]:
    """What takes the channels of a track's file to those that the networks heard, `(1 or 2, channels)`."""
    live, channels = source.scan.live_channels, source.scan.info.channels
    if source.track.channel is None and channels <= STEREO:
        return np.eye(channels, dtype=np.float32)
    picked = np.zeros((len(live), channels), np.float32)
    picked[range(len(live)), live] = 1
    if len(live) <= STEREO:
        return picked
    folded = source.assignment is None or source.assignment.folded
    together: NDArray[np.float32] = picked.mean(axis=0, keepdims=True) if folded else picked.sum(axis=0, keepdims=True)
    return together
