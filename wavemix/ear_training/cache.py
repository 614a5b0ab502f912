"""The frames of all sounds to learn from, made once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.documents.json_text import dump_json, read_json
from wavemix.documents.schema import build
from wavemix.ear_training.sound import Sound
from wavemix.ear_training.treatments import treated
from wavemix.errors import WavemixError
from wavemix.recognition.features import BANDS, Frames, band_db
from wavemix.rendering.sounds import Samples
from wavemix.staging import staged_folder

FRAMES, INDEX = "frames.npy", "index.json"
STEP_DB = 0.4
"""Levels are stored in 255 such steps below the loudest band of a sound."""

_MOST_BYTES = 64 << 20


@dataclass(frozen=True)
class Row:
    """Where the frames of a sound are, and what it is; see `Sound`."""

    start: int
    frames: int
    group: str
    role: str
    kind: str
    name: str
    held_out: bool


@dataclass(frozen=True)
class Cache:
    """All sounds.

    Attributes:
        levels: `(frames, bands)`, in steps of `STEP_DB` above the quietest.
        rows: Each sound's.
    """

    levels: NDArray[np.uint8]
    rows: tuple[Row, ...]

    def frames(self, row: Row, start: int = 0, count: int | None = None) -> Frames:
        """The frames of a sound in dB below its loudest band, from one on, so many or all."""
        first = row.start + start
        last = row.start + row.frames if count is None else first + count
        return self.levels[first:last].astype(np.float32) * np.float32(STEP_DB) - np.float32(255 * STEP_DB)


def write_cache(sounds: Iterable[Sound], rooms: Mapping[str, Samples], folder: Path, rng: Generator) -> int:
    """Write the frames of sounds, each after treatments of its own; those held out are as they come every other time.

    Returns:
        How many sounds there are.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    rows: list[Row] = []
    blocks: list[NDArray[np.uint8]] = []
    start = 0
    for sound in sounds:
        samples = sound.samples if rng.random() < 0.55 else treated(sound.samples, sound.group, sound.role, rooms, rng)
        frames = band_db(samples, SAMPLE_RATE)
        below = np.maximum(frames - frames.max(), -255 * STEP_DB)
        blocks.append(np.rint(below / STEP_DB + 255).astype(np.uint8))
        rows.append(Row(start, len(frames), sound.group, sound.role, sound.kind, sound.name, sound.held_out))
        start += len(frames)
    folder.mkdir(parents=True, exist_ok=True)
    with staged_folder(folder) as stage:
        np.save(stage / FRAMES, np.concatenate(blocks))
        (stage / INDEX).write_text(dump_json([asdict(row) for row in rows]), encoding="utf-8")
    return len(rows)


def read_caches(folders: Sequence[Path]) -> Cache:
    """Read several, as one.

    Raises:
        WavemixError: If one is not there, or of another form.
    """
    caches = [read_cache(folder) for folder in folders]
    starts = np.cumsum([0, *(len(cache.levels) for cache in caches)])
    rows = [
        replace(row, start=row.start + int(start))
        for cache, start in zip(caches, starts, strict=False)
        for row in cache.rows
    ]
    return Cache(np.concatenate([cache.levels for cache in caches]), tuple(rows))


def read_cache(folder: Path) -> Cache:
    """Read what `write_cache` wrote.

    Raises:
        WavemixError: If it is not there, or of another form.
    """
    index = folder / INDEX
    rows = read_json(index, _MOST_BYTES, "make it with `wavemix recogniser material`")
    if not isinstance(rows, list):
        raise WavemixError(f"{index}: lists no sounds; make it with `wavemix recogniser material`.")
    levels = np.load(folder / FRAMES, mmap_mode="r", allow_pickle=False)
    read = tuple(build(Row, row, str(index)) for row in rows)
    if levels.dtype != np.uint8 or levels.shape != (sum(row.frames for row in read), BANDS):
        raise WavemixError(f"{folder / FRAMES}: does not go with {index}; make both again.")
    return Cache(levels, read)
