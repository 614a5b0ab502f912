"""What a sound file says of itself, before any of its samples is read."""

from dataclasses import dataclass
from pathlib import Path

import soundfile

from wavemix.audio.containers import missing_bytes
from wavemix.errors import WavemixError

READABLE = frozenset(".wav .wave .rf64 .w64 .flac .ogg .oga .opus .mp3 .aif .aiff .aifc .caf .au .snd".split())
"""File name endings that we read."""

UNREADABLE = frozenset(".m4a .aac .mp4 .wma .ape .wv .dsf .dff .ac3 .amr .mka .tta .alac".split())
"""Endings of audio that we cannot decode; naming them gives a better answer than ignoring them."""


@dataclass(frozen=True)
class AudioInfo:
    """The header of a sound file.

    Attributes:
        path: The file.
        rate: Sample rate in Hz.
        channels: Number of channels.
        frames: Length in samples of one channel.
    """

    path: Path
    rate: int
    channels: int
    frames: int

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate


def probe(path: Path) -> AudioInfo:
    """Read a file's header.

    Raises:
        WavemixError: If the file is missing, not readable, empty, of an unknown format, or cut short.
    """
    _check_readable(path)
    try:
        info = soundfile.info(str(path))
    except soundfile.LibsndfileError as error:
        raise WavemixError(
            f"{path}: not a sound file that can be read ({error.error_string.rstrip('.')}); "
            "export it again as WAV or FLAC."
        ) from error
    missing = missing_bytes(path)
    if missing:
        raise WavemixError(f"{path}: is cut short ({missing}); copy or export it again.")
    if info.frames == 0:
        raise WavemixError(f"{path}: has no samples; export it again or remove it.")
    return AudioInfo(path, int(info.samplerate), int(info.channels), int(info.frames))


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
        with path.open("rb"):
            pass
    except OSError as error:
        raise WavemixError(f"{path}: cannot be opened ({error.strerror}); check its permissions.") from error
