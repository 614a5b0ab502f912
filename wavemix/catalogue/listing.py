"""The songs of a catalogue: listed in a YAML, CSV or JSONL file, or the sub-folders of a folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wavemix.audio.files import READABLE
from wavemix.catalogue.failures import has_mixes
from wavemix.documents.csv_text import read_rows
from wavemix.documents.files import read_text
from wavemix.documents.json_text import parse_json
from wavemix.documents.values import file_name, shown
from wavemix.documents.yaml_text import read_yaml
from wavemix.errors import WavemixError
from wavemix.session.finding import song_name
from wavemix.session.session import MANIFEST

KEYS = {"song", "name"}


@dataclass(frozen=True)
class Song:
    """A song of a catalogue.

    Attributes:
        name: Name of the folder that its mix gets; no other song has it.
        source: The folder of its tracks, or its `session.yaml`; an absolute path.
    """

    name: str
    source: Path


def read_catalogue(path: Path) -> tuple[Song, ...]:
    """The songs that a list has, in its order.

    An entry has `song`, a path relative to the list, and may have `name`; without one the song is named as its
    folder is. YAML holds a list of entries, CSV a column for each key, JSONL an entry a line. In YAML and JSONL an
    entry may be the path alone. A folder in place of a list has its sub-folders, but for hidden ones and
    outputs of earlier batches.

    Whether the songs can be mixed is not looked at.

    Raises:
        WavemixError: If the list cannot be read, an entry is not of this form, two songs have one name, or there
            is no song at all.
    """
    if path.is_dir():
        songs = [Song(folder.name, folder) for folder in _song_folders(path.absolute())]
    else:
        songs = [_song(path, where, entry) for where, entry in _entries(path)]
    if not songs:
        raise WavemixError(f"{path}: lists no songs; add at least one.")
    seen: dict[str, Song] = {}
    for song in songs:
        if song.name in seen:
            raise WavemixError(
                f"{path}: {seen[song.name].source} and {song.source} would both be mixed into `{song.name}`; give "
                "one another `name`."
            )
        seen[song.name] = song
    return tuple(songs)


def _song_folders(folder: Path) -> list[Path]:
    if any(path.name == MANIFEST or path.suffix.lower() in READABLE for path in folder.iterdir()):
        raise WavemixError(f"{folder}: is itself a song; give a folder of such folders, or use `wavemix mix`.")
    folders = (path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    return sorted(path for path in folders if not has_mixes(path))


def _entries(path: Path) -> Iterator[tuple[str, object]]:
    """The entries of a file, each with its place in words."""
    kind = path.suffix.lower()
    if kind in (".yaml", ".yml"):
        rows = read_yaml(path)
        if not isinstance(rows, list):
            raise WavemixError(f"{path}: is not a list of songs; write a line `- song: FOLDER` for each.")
        yield from ((f"{path}, entry {number}", row) for number, row in enumerate(rows, 1))
    elif kind == ".csv":
        yield from _table(path)
    elif kind in (".jsonl", ".ndjson"):
        lines = enumerate(read_text(path).split("\n"), 1)
        places = ((f"{path}, line {number}", line) for number, line in lines if line.strip())
        yield from ((where, parse_json(line, where)) for where, line in places)
    else:
        raise WavemixError(f"{path}: is no catalogue; give a .yaml, .csv or .jsonl file, or a folder of songs.")


def _table(path: Path) -> Iterator[tuple[str, object]]:
    """The rows of a CSV file by its header; a row may be shorter."""
    rows = read_rows(path)
    _, header = next(rows, ("", []))
    for where, row in rows:
        if len(row) > len(header):
            raise WavemixError(f"{where}: has {len(row)} cells for {len(header)} columns; correct it.")
        yield where, dict(zip(header, row, strict=False))


def _song(path: Path, where: str, entry: object) -> Song:
    values = {"song": entry} if isinstance(entry, str) else entry
    if not isinstance(values, dict):
        raise WavemixError(f"{where}: is neither a path nor has the keys song, name.")
    unknown = [shown(key) for key in values if key not in KEYS]
    if unknown or not values.get("song"):
        problem = f"has the unknown key {unknown[0]}" if unknown else "names no `song`"
        raise WavemixError(f"{where}: {problem}; an entry has `song` and may have `name`.")
    source = path.absolute().parent / file_name(values["song"], f"{where}: `song`").strip()
    folder = source.parent if source.suffix.lower() in (".yaml", ".yml") else source
    name = file_name(values.get("name") or "", f"{where}: `name`").strip() or song_name(folder)
    if name in (".", "..") or "/" in name or "\\" in name:
        raise WavemixError(f"{where}: has the name `{name}`, which is no name of a folder; give another.")
    return Song(name, source)
