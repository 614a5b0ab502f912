"""Writing a sound file block by block, without clipping anything."""

import errno
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from wavemix.audio.reading import Block

Format = Literal["wav", "flac"]
Bits = Literal["16", "24", "32f"]

SUBTYPES: dict[Bits, str] = {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}
BYTES_PER_SAMPLE: dict[Bits, int] = {"16": 2, "24": 3, "32f": 4}
FULL_SCALE = 1 - 2.0**-14
"""Largest sample that fits every integer format with its dither and rounding."""

LARGEST_WAV_BYTES = 2**32 - 2**16
"""Above this a WAV file's 32-bit sizes overflow, and RF64 (EBU Tech 3306), its 64-bit form, is written."""


SYSTEM_ERROR = 2
"""libsndfile's number for what the system refused."""


def check_rate(form: Format, rate: int) -> None:
    """Refuse a rate in Hz that files of a format cannot have.

    Raises:
        ValueError: If FLAC has no place for it: above 65,535 Hz it counts by tens (RFC 9639, section 9.1.2).
    """
    if form == "flac" and rate > 65_535 and (rate % 10 or rate > 655_350):
        raise ValueError(f"FLAC files cannot have {rate} Hz; choose a multiple of 10 up to 655350, or WAV")


class AudioWriter:
    """A sound file that is being written.

    16-bit files get triangular dither of two steps' width (Lipshitz et al. 1992), from a fixed seed, so that
    quiet passages fade into noise and not into distortion. Wider formats need none.

    Attributes:
        path: The file.
    """

    def __init__(
        self, path: Path, rate: int, channels: int, frames: int, form: Format = "wav", bits: Bits = "24"
    ) -> None:
        if form == "flac" and bits == "32f":
            raise ValueError("FLAC has no floating-point samples")
        self.path, self._bits, self._frames = path, bits, frames
        container = form.upper()
        if form == "wav" and frames * channels * BYTES_PER_SAMPLE[bits] > LARGEST_WAV_BYTES:
            container = "RF64"
        self._limit = np.inf if bits == "32f" else FULL_SCALE
        self._dither = np.random.default_rng(0) if bits == "16" else None
        check_rate(form, rate)
        self._bytes = path.open("w+b", buffering=0)  # libsndfile cannot take every name
        self._file = soundfile.SoundFile(
            self._bytes.fileno(),
            "w",
            samplerate=rate,
            channels=channels,
            format=container,
            subtype=SUBTYPES[bits],
            closefd=False,
        )

    def write(self, block: Block) -> None:
        """Append samples, `(channels, samples)`.

        Raises:
            ValueError: If a sample is not finite, or beyond `FULL_SCALE` in a format that would clip it.
            OSError: If the disk does not take them.
        """
        peak = float(np.abs(block).max(initial=0))
        if not (np.isfinite(peak) and peak <= self._limit):
            raise ValueError(f"{self.path}: a sample of {peak} does not fit {self._bits} bits")
        try:
            self._file.write(self._quantise(np.ascontiguousarray(block.T)))
        except AssertionError as error:  # it took fewer samples than it was given
            raise self._refused() from error
        except soundfile.LibsndfileError as error:
            raise (
                self._refused()
                if error.code == SYSTEM_ERROR
                else OSError(errno.EIO, error.error_string, str(self.path))
            ) from error

    def _quantise(self, frames: NDArray[np.float32]) -> NDArray[np.float32] | NDArray[np.int32]:
        """Round to the nearest step; libsndfile would round down, half a step too low."""
        if self._bits == "32f":
            return frames
        steps = np.ldexp(frames.astype(np.float64), int(self._bits) - 1)
        if self._dither is not None:
            steps += self._dither.random(frames.shape) - self._dither.random(frames.shape)
        return np.left_shift(np.rint(steps).astype(np.int32), 32 - int(self._bits))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._bytes:
            self._file.close()
            if kind is None and self._frames_written() != self._frames:
                raise self._refused()

    def _frames_written(self) -> int:
        self._bytes.seek(0)
        with soundfile.SoundFile(self._bytes.fileno(), closefd=False) as file:
            return int(file.frames)

    def _refused(self) -> OSError:
        """The system's reason is not told by libsndfile; a full disk is the usual one."""
        return OSError(errno.ENOSPC, "the disk did not take all samples", str(self.path))
