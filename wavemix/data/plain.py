"""The plain layout: a folder a song, to which `wavemix prepare` brings every other layout.

A song holds `song.yaml` and either `raw/<group>/`, `stems/<group>.*` and `mix.*` (all but one of them may be
missing), or stereo `tracks/<group>/` alone, from which raw tracks, stems and mix are derived. Songs lie in a
folder, directly or in a sub-folder a split. All files of a song start together.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavemix.audio.files import READABLE
from wavemix.audio.folders import files_below, natural_order
from wavemix.documents.values import text_of
from wavemix.documents.yaml_text import read_yaml
from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS
from wavemix.session.roles import place

SONG = "song.yaml"
RAW, TRACKS, STEMS, MIX = "raw", "tracks", "stems", "mix"
RENDERING = "rendering"
"""Key of a `song.yaml` under which `wavemix render` says how the song was made."""

SPLITS = ("train", "valid", "test", "demo")

MOST_LAG_SAMPLES = 1 << 31

Samples = NDArray[np.float32]
"""Samples as `(channels, samples)`."""


@dataclass(frozen=True)
class PlainTrack:
    """A track of a song, and how it lies against its group's stem.

    Attributes:
        file: Path relative to the song's folder.
        group: `drums`, `bass`, `vocals` or `other`.
        role: One of the group's roles.
        lag_samples: By how many samples, at the file's own rate, the stem lags behind the track.
        polarity: 1, or -1 where the stem holds the track upside down.
    """

    file: PurePath
    group: str
    role: str
    lag_samples: int = 0
    polarity: int = 1


@dataclass(frozen=True)
class PlainSong:
    """One song in the plain layout.

    Attributes:
        name: Its folder's name.
        folder: Where it lies.
        title: As `song.yaml` has it.
        artist: As `song.yaml` has it; empty if it is not known.
        licence: As `song.yaml` has it.
        split: `train`, `valid`, `test`, `demo`, or empty if nobody has said.
        tracks: The raw tracks, or those of `tracks/`.
        stems: The file of each group's stem; empty where they are derived or not there.
        mix: The file of the mix, if there is one.
        derived: Whether the tracks are the finished ones: a raw track is then a track folded to mono,
            (L + R) / 2, a stem the sum of its group's tracks, and the mix the sum of the stems.
        left_out: Groups that no stem model must learn from, and why.
        rendered: Whether it was made by `wavemix render`, and nobody played or mixed it.
    """

    name: str
    folder: Path
    title: str
    artist: str
    licence: str
    split: str
    tracks: tuple[PlainTrack, ...]
    stems: Mapping[str, Path]
    mix: Path | None
    derived: bool
    left_out: Mapping[str, str]
    rendered: bool = False

    def path(self, track: PlainTrack) -> Path:
        """The file of a track."""
        return self.folder / track.file

    @property
    def files(self) -> tuple[Path, ...]:
        """Every sound file of the song."""
        mix = (self.mix,) if self.mix else ()
        return (*(self.path(track) for track in self.tracks), *self.stems.values(), *mix)


def open_song(folder: Path) -> PlainSong:
    """Read what a song is; none of its samples.

    Raises:
        WavemixError: If `song.yaml` or a folder of the song is not as the layout has it, or cannot be read.
    """
    facts = read_facts(folder)
    deque(files_below(folder), maxlen=0)  # what cannot be read would only be missing in what follows
    derived = (folder / TRACKS).is_dir()
    mixes = files_by_name(path for path in sound_files(folder, "*") if path.stem == MIX)
    beside = [path.name for path in (folder / RAW, folder / STEMS, *mixes.values()) if path.exists()]
    if derived and beside:
        raise WavemixError(f"{folder}: has {beside[0]} beside {TRACKS}/, from which it is derived; remove one of them.")
    files = [path.relative_to(folder) for path in sound_files(folder / (TRACKS if derived else RAW), "**/*")]
    stems = files_by_name(sound_files(folder / STEMS, "*"))
    strangers = [*(file.parts[1] for file in files), *stems]
    if unknown := [name for name in strangers if name not in GROUPS]:
        raise WavemixError(f"{folder}: `{unknown[0]}` is not a group; use {', '.join(GROUPS)}.")
    if not files and not stems:
        raise WavemixError(f"{folder}: holds no sound files in {RAW}/, {TRACKS}/ or {STEMS}/; add them or remove it.")
    alignment = _Alignment(folder, facts.get("alignment"))
    return PlainSong(
        folder.name,
        folder,
        _text(folder, facts, "title") or folder.name,
        _text(folder, facts, "artist"),
        _text(folder, facts, "licence"),
        _split(folder, facts),
        tuple(alignment.track(file) for file in files),
        stems,
        mixes.get(MIX),
        derived,
        alignment.left_out(),
        RENDERING in facts,
    )


def find_songs(folder: Path, split: str | None = None) -> list[PlainSong]:
    """The songs in a folder, directly or in a sub-folder a split, by name.

    Args:
        folder: Where to look.
        split: Only songs of this split.

    Raises:
        WavemixError: If there is no such folder, or as `open_song`.
    """
    songs = [open_song(path) for path in song_folders(folder)]
    return [song for song in songs if split in (None, song.split)]


def song_folders(folder: Path) -> list[Path]:
    """The folders of the songs that `find_songs` opens.

    Raises:
        WavemixError: If there is no such folder.
    """
    if not folder.is_dir():
        raise WavemixError(f"{folder}: no such folder; give one that holds songs in the plain layout.")
    places = [folder, *(folder / name for name in SPLITS)]
    return [path.parent for place in places for path in sorted(place.glob(f"*/{SONG}"))]


def read_facts(folder: Path) -> dict[str, Any]:
    """What a song's `song.yaml` says; keys that we do not know are the song's own business.

    Raises:
        WavemixError: If it cannot be read or has no keys.
    """
    facts = read_yaml(folder / SONG)
    if not isinstance(facts, dict):
        raise WavemixError(f"{folder / SONG}: must have keys such as `title` and `licence`; correct it.")
    return facts


def sound_files(folder: Path, pattern: str) -> list[Path]:
    """The sound files in a folder, in the order of a session; none if it does not exist."""
    found = (path for path in folder.glob(pattern) if path.suffix.lower() in READABLE and not path.name.startswith("."))
    return sorted(found, key=natural_order)


def files_by_name(paths: Iterable[Path]) -> dict[str, Path]:
    """The paths by their names without suffix.

    Raises:
        WavemixError: If two share one.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if path.stem in found:
            raise WavemixError(f"{path}: there is also {found[path.stem].name}; remove one of them.")
        found[path.stem] = path
    return found


class _Alignment:
    """The section `alignment` of a `song.yaml`."""

    def __init__(self, folder: Path, section: object) -> None:
        self._file = folder / SONG
        body = self._mapping(section, "alignment")
        self._tracks = self._mapping(body.get("tracks"), "alignment.tracks")
        self._left_out = self._mapping(body.get("left_out"), "alignment.left_out")
        missing = [name for name in self._tracks if not (folder / name).is_file()]
        if missing:
            raise WavemixError(f"{self._file}: aligns {missing[0]}, which is not there; prepare the song again.")

    def track(self, file: PurePath) -> PlainTrack:
        """A track with its lag and polarity."""
        group = file.parts[1]
        values = self._mapping(self._tracks.get(file.as_posix()), f"alignment of {file}")
        lag, polarity = values.get("lag_samples", 0), values.get("polarity", 1)
        if type(lag) is not int or abs(lag) > MOST_LAG_SAMPLES or type(polarity) is not int or polarity not in (1, -1):
            raise WavemixError(
                f"{self._file}: the alignment of {file} needs a whole number as `lag_samples` and 1 or -1 as "
                "`polarity`; prepare the song again."
            )
        return PlainTrack(file, group, place(PurePath(*file.parts[1:])).role, lag, polarity)

    def left_out(self) -> dict[str, str]:
        """The groups that are not to be learned from, and why."""
        if unknown := [group for group in self._left_out if group not in GROUPS]:
            raise WavemixError(f"{self._file}: leaves out `{unknown[0]}`, which is no group; use {', '.join(GROUPS)}.")
        return {group: str(reason) for group, reason in self._left_out.items()}

    def _mapping(self, value: object, what: str) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise WavemixError(f"{self._file}: `{what}` must have names and values; prepare the song again.")
        return value


def _text(folder: Path, facts: Mapping[str, Any], key: str) -> str:
    """What a `song.yaml` says under a key; empty if nothing."""
    return text_of(facts.get(key) or "", f"{folder / SONG}: `{key}`")


def _split(folder: Path, facts: Mapping[str, Any]) -> str:
    """The split that `song.yaml` says, else that of the folder around the song."""
    around = folder.resolve().parent.name
    split = _text(folder, facts, "split") or (around if around in SPLITS else "")
    if split and split not in SPLITS:
        raise WavemixError(f"{folder / SONG}: the split `{split}` does not exist; choose from {', '.join(SPLITS)}.")
    return split
