"""`manifest.json`: what `wavemix prepare` has written into a folder, file by file, so that it can go on later."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wavemix.audio.files import probe
from wavemix.data.hashing import sha256
from wavemix.data.installing import check_ours
from wavemix.documents.json_text import dump_json, read_json
from wavemix.errors import WavemixError
from wavemix.staging import stays_inside, write_text

LEDGER = "manifest.json"


@dataclass(frozen=True)
class Entry:
    """A prepared song.

    Attributes:
        fingerprint: Fingerprint of everything that it was made from; another one means that it must be made again.
        source: Where it came from, in words.
        files: For each file, by its path in the song's folder: `sha256`, and for sound `frames`, `rate` and
            `source` (paths).
    """

    fingerprint: str
    source: str
    files: Mapping[str, Mapping[str, Any]]


class Ledger:
    """The songs in a folder of prepared songs, by `SPLIT/NAME`."""

    def __init__(self, folder: Path) -> None:
        """Read the folder's ledger.

        Raises:
            WavemixError: If it is there and cannot be understood.
        """
        self._folder, self._path = folder, folder / LEDGER
        self._entries: dict[str, Entry] = {}
        if not self._path.exists():
            return
        try:
            body: Any = read_json(self._path)
            self._entries = {_checked(place): _entry(**entry) for place, entry in body["songs"].items()}
        except (WavemixError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise WavemixError(f"{self._path}: cannot be understood; remove it to prepare all songs anew.") from error

    def holds(self, split: str, name: str, fingerprint: str) -> bool:
        """Whether a song is there as it was written, and was made from what it would be made from now."""
        entry = self._entries.get(f"{split}/{name}")
        if entry is None or entry.fingerprint != fingerprint:
            return False
        song = self._folder / split / name
        return all(
            (song / file).is_file() and sha256(song / file) == row["sha256"] for file, row in entry.files.items()
        )

    def add(self, split: str, name: str, entry: Entry) -> None:
        """Note a song that has just been written."""
        self._entries[f"{split}/{name}"] = entry
        self._save()

    def files(self, split: str, name: str) -> dict[str, str]:
        """The files of a song that was written, their hashes by their names in its folder."""
        entry = self._entries.get(f"{split}/{name}")
        return {file: row["sha256"] for file, row in entry.files.items()} if entry else {}

    def remove_elsewhere(self, name: str, split: str) -> None:
        """Remove what was prepared of a song under other splits, so that it is in one only.

        Raises:
            WavemixError: If there is a person's file, or it cannot be removed.
        """
        stale = [place for place in self._entries if place.split("/", 1)[1] == name and place != f"{split}/{name}"]
        for place in stale:
            folder = self._folder / place
            check_ours(folder, self.files(*place.split("/")))
            try:
                if folder.exists():
                    shutil.rmtree(folder)
            except OSError as error:
                raise WavemixError(f"{folder}: cannot be removed ({error.strerror}); remove it by hand.") from error
            del self._entries[place]
        if stale:
            self._save()

    def _save(self) -> None:
        songs = {place: vars(entry) for place, entry in sorted(self._entries.items())}
        write_text(self._path, dump_json({"songs": songs}, indent=1))


def _checked(place: str) -> str:
    """The place of a song, `SPLIT/NAME`: what is written there replaces it, so it must not lead elsewhere."""
    if not stays_inside(place) or place.count("/") != 1:
        raise ValueError(f"{place} is no place of a song")
    return place


def _entry(fingerprint: str, source: str, files: Mapping[str, Mapping[str, Any]]) -> Entry:
    """An entry that anybody may have written: what is read of it is what it must be."""
    if not all(stays_inside(file) and isinstance(row["sha256"], str) for file, row in files.items()):
        raise ValueError("files are named by their places in the song's folder, and have a hash")
    return Entry(fingerprint, source, files)


def sound_facts(path: Path, origins: Sequence[Path] = ()) -> dict[str, Any]:
    """What the ledger notes of a sound file, and the files that it was made from."""
    info = probe(path)
    return {
        "sha256": sha256(path),
        "frames": info.frames,
        "rate": info.rate,
        "source": [str(origin.resolve()) for origin in origins],
    }
