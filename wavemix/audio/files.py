"""What a sound file says of itself, before any of its samples is read."""

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import soundfile

from wavemix.audio.containers import FORMATS, examine, shortened
from wavemix.audio.contents import Head
from wavemix.audio.opening import Stamp, open_bytes, open_sound, stamp_of
from wavemix.errors import WavemixError

READABLE = frozenset(".wav .wave .rf64 .w64 .flac .ogg .oga .opus .mp3 .aif .aiff .aifc .caf .au .snd".split())
"""File name endings that we read."""

UNREADABLE = frozenset(".m4a .aac .mp4 .wma .ape .wv .dsf .dff .ac3 .amr .mka .tta .alac".split())
"""Endings of audio that we cannot decode; naming them gives a better answer than ignoring them."""


LOWEST_RATE, HIGHEST_RATE = 1000, 1_000_000
"""Hz. What a header says beyond them is damage: to resample it would fill any memory."""


@dataclass(frozen=True)
class AudioInfo:
    """The header of a sound file.

    Attributes:
        path: The file.
        rate: Sample rate in Hz.
        channels: Number of channels.
        frames: Length in samples of one channel.
        stamp: What tells whether the file is still the same; None for samples in memory.
        head: What it must be read with in place of its own beginning.
    """

    path: Path
    rate: int
    channels: int
    frames: int
    stamp: Stamp | None = None
    head: Head | None = None

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate


def probe(path: Path) -> AudioInfo:
    """Read a file's header, and check that the samples which it promises are there.

    Raises:
        WavemixError: If the file is missing, not readable, empty, of an unknown format, or cut short.
    """
    _check_readable(path)
    try:
        with open_bytes(path) as file:
            return _read_header(path, file)
    except OSError as error:
        raise cannot_open(path, error) from error


def cannot_open(path: Path, error: OSError) -> WavemixError:
    """Why the system does not open a file, and what helps."""
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return WavemixError(
            f"{path}: cannot be opened, as too many files are open; raise the limit with `ulimit -n 1024`."
        )
    if error.errno == errno.ENOENT:
        return WavemixError(f"{path}: is no longer there; put it back and mix again.")
    return WavemixError(f"{path}: cannot be opened ({error.strerror}); check its permissions.")


def _read_header(path: Path, file: BinaryIO) -> AudioInfo:
    contents = examine(file)
    if contents.problem:
        raise WavemixError(f"{path}: {contents.problem}; copy it again, or export it as WAV or FLAC.")
    try:
        with open_sound(file, contents.head) as sound:
            form, encoding = sound.format, sound.subtype
            rate, channels, frames = int(sound.samplerate), int(sound.channels), int(sound.frames)
    except soundfile.LibsndfileError as error:
        why = error.error_string.rstrip(".")
        raise WavemixError(f"{path}: not a sound file that can be read ({why}); export it as WAV or FLAC.") from error
    if form not in FORMATS or (form != "MP3" and encoding.startswith("MPEG")):
        raise WavemixError(f"{path}: holds {form} ({encoding}), which cannot be read; convert it to WAV or FLAC.")
    problem = shortened(contents, encoding, channels, frames)
    if problem:
        raise WavemixError(f"{path}: {problem}; copy or export it again.")
    if frames == 0:
        raise WavemixError(f"{path}: has no samples; export it again or remove it.")
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise WavemixError(
            f"{path}: has a sample rate of {rate:,} Hz by its header; {LOWEST_RATE:,} to {HIGHEST_RATE:,} Hz can be "
            "read; export it again."
        )
    return AudioInfo(path, rate, channels, frames, stamp_of(file), contents.head)


def _check_readable(path: Path) -> None:
    if path.suffix.lower() in UNREADABLE:
        raise WavemixError(f"{path}: {path.suffix} files cannot be read; convert it to WAV or FLAC.")
    try:
        if not path.exists():
            raise WavemixError(f"{path}: no such file.")
        if not path.is_file():
            raise WavemixError(f"{path}: is not a file; remove it from the song's folder.")
        if path.stat().st_size == 0:
            raise WavemixError(f"{path}: is empty (0 bytes); copy or export it again.")
    except OSError as error:
        raise cannot_open(path, error) from error
