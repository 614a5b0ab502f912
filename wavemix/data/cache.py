"""The songs of one model on disk, ready to be cropped: one memory-mapped array a song, made once.

An array holds the inputs in their slots, side by side, and the target below them, `(sides * inputs + 2, samples)`,
float32; there is one side where every track is mono. Where the house engineer teaches a stem model, what it makes of
each slot lies between, as large as the inputs. An array's name carries a hash of all that it was made from, so that a
song that changes gets a new one. Slots that nobody took are holes in the file and take no room on the disk. While
nothing trains the folder may be deleted.
"""

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wavemix.data.inputs import Inputs
from wavemix.data.plain import SONG, PlainSong, Samples
from wavemix.documents.files import read_bytes
from wavemix.documents.names import written
from wavemix.engineer.engineer import rules
from wavemix.session.groups import STEREO
from wavemix.staging import staged_folder

VERSION = 2
"""Version of the arrays; raise it when the same song would give another one."""

AUDIBLE = 1e-3
"""A target counts as silent where it stays below this: -60 dB relative to full scale."""

ACTIVITY_SAMPLES = 1024
"""Samples for which it is noted together whether the target is silent."""


class CachedSong:
    """The inputs and the target of one song.

    Its array is opened when it is first used, so that a song goes to another process as a mere path.

    Attributes:
        facts: What is known of the song.
        samples: Its length.
        sides: 2 if a track is stereo, else 1.
    """

    def __init__(self, facts: PlainSong, path: Path, inputs: int, treated: bool = False) -> None:
        self.facts, self._path, self._inputs = facts, path, inputs
        rows, self.samples = map(int, np.load(path, mmap_mode="r").shape)
        self.sides = (rows - STEREO) // (inputs * (2 if treated else 1))
        self._active: NDArray[np.bool_] = np.load(_activity(path))
        self._audio: Tensor | None = None
        self._held = False

    @property
    def name(self) -> str:
        """The song's name."""
        return self.facts.name

    @property
    def tracks(self) -> Tensor:
        """The inputs, `(sides, inputs, samples)`; not to be written to."""
        return self._rows[: self.sides * self._inputs].view(self.sides, self._inputs, self.samples)

    @property
    def treated(self) -> Tensor:
        """What the house engineer blends to the target, `(sides, inputs, samples)`; the inputs themselves for a mix."""
        return self._rows[-STEREO - self.sides * self._inputs : -STEREO].view(self.sides, self._inputs, self.samples)

    @property
    def target(self) -> Tensor:
        """The target, `(2, samples)`; not to be written to."""
        return self._rows[-STEREO:]

    @property
    def _rows(self) -> Tensor:
        if self._audio is None:
            # Copy on write, because torch has no read-only tensors; nothing is ever copied.
            self._audio = torch.from_numpy(np.load(self._path, mmap_mode="c"))
        return self._audio

    def hold(self, device: torch.device) -> None:
        """Keep the song in the memory of a device from now on."""
        if not self._held:
            self._audio, self._held = self._rows.to(device, copy=True), True

    def silent(self, start: int, samples: int) -> bool:
        """Whether the target is silent from `start` on for so many samples."""
        first, last = max(0, start) // ACTIVITY_SAMPLES, -(-(start + samples) // ACTIVITY_SAMPLES)
        return not self._active[first:last].any()

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_audio": None, "_held": False}


def default_folder(songs: Path) -> Path:
    """Where arrays go unless the user says otherwise: beside the songs, or among the user's caches.

    A folder whose owner made it read-only is left alone, also by a superuser who could write there.
    """
    if songs.is_dir() and songs.stat().st_mode & stat.S_IWUSR and os.access(songs, os.W_OK):
        return songs / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wavemix"


def cached(song: PlainSong, inputs: Inputs, folder: Path) -> CachedSong:
    """The array of a song, made now if it is not there.

    Args:
        song: A song that the model can learn from (`Inputs.obstacle`).
        inputs: What to make of it.
        folder: Folder of the cache.

    Raises:
        WavemixError: If a file of the song cannot be read, or the array cannot be written.
    """
    path = folder / inputs.model / f"{song.name}-{_key(song, inputs)}.npy"
    if not (path.is_file() and _activity(path).is_file()):
        _write(inputs.read(song), path)
    return CachedSong(song, path, inputs.count, treated=inputs.taught and bool(inputs.slots))


def _key(song: PlainSong, inputs: Inputs) -> str:
    """Short hash of everything that decides what the array holds."""
    described = [VERSION, inputs, inputs.slots, [(track.file.as_posix(), track.role) for track in song.tracks]]
    if inputs.taught:
        described.append(rules(inputs.model))
    digest = hashlib.sha256(repr(described).encode())
    digest.update(read_bytes(song.folder / SONG))
    for file in song.files:
        status = file.stat()
        place = file.relative_to(song.folder).as_posix()
        digest.update(written(f"{place} {status.st_size} {status.st_mtime_ns}\n").encode())
    return digest.hexdigest()[:16]


def _activity(path: Path) -> Path:
    """The file beside an array that says where its target is not silent."""
    return path.with_suffix(".active.npy")


def _write(data: Samples, path: Path) -> None:
    samples = data.shape[1]
    blocks = np.zeros(-(-samples // ACTIVITY_SAMPLES) * ACTIVITY_SAMPLES, np.float32)
    blocks[:samples] = np.abs(data[-STEREO:]).max(axis=0)
    with staged_folder(path.parent) as stage:
        np.save(stage / _activity(path).name, blocks.reshape(-1, ACTIVITY_SAMPLES).max(axis=1) > AUDIBLE)
        array = np.lib.format.open_memmap(stage / path.name, mode="w+", dtype=np.float32, shape=data.shape)
        for row in np.flatnonzero(data.any(axis=1)):
            array[row] = data[row]
        array.flush()
