"""Where the mixes of a catalogue go: a folder that fsspec reaches, on a disk or in a store of objects.

Each song has a folder there. Its `report.json` is removed before anything else of the song changes and is written
after everything else: where one is, it tells what the song was made from and the size of every file. These reports
are the ledger of a catalogue. There is nothing else to keep in step with them, so that a kill at any moment leaves
each song either done or to be done again.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from wavemix.data.session import REPORT
from wavemix.errors import WavemixError

MARK = "batch"
"""What a batch adds to a report: `fingerprint`, `files` with their sizes in bytes, and `worker`."""


class Destination:
    """A folder of mixes.

    Attributes:
        url: Its address, the same from wherever it is used on one machine.

    Raises:
        WavemixError: If there is no such kind of place, or the package that reaches it is missing.
    """

    def __init__(self, url: str) -> None:
        try:
            # A listing that was kept would not know what other workers have written.
            self._files, self._root = fsspec.url_to_fs(url, use_listings_cache=False)
        except ImportError as error:
            raise WavemixError(f"{url}: {error}; wavemix[scale] brings what s3 needs.") from error
        except ValueError as error:
            raise WavemixError(
                f"{url}: is no place for mixes ({error}); give a folder or a URL like s3://..."
            ) from error
        self.url = self._files.unstrip_protocol(self._root)

    @property
    def folder(self) -> Path | None:
        """The folder on this machine; None for other places."""
        return Path(self._root) if isinstance(self._files, LocalFileSystem) else None

    def holds(self, name: str, fingerprint: str) -> bool:
        """Whether a song is there, whole, made from what this is the fingerprint of.

        Raises:
            WavemixError: If the place does not answer.
        """
        place = f"{self._root}/{name}"
        with self._sentences(place, "read"):
            mark = self._mark(place)
            if mark.get("fingerprint") != fingerprint:
                return False
            found = self._files.find(place, detail=True)
            sizes = {path.removeprefix(f"{place}/"): entry["size"] for path, entry in found.items()}
            return all(sizes.get(file) == size for file, size in mark["files"].items())

    def put(self, name: str, folder: Path, fingerprint: str, worker: str) -> None:
        """Copy a song's results there, its report last; those of an earlier mix go.

        Args:
            name: The song's.
            folder: What `AutoMix.mix` wrote.
            fingerprint: Of what it was made from.
            worker: Who made it, for the report.

        Raises:
            WavemixError: If the place does not take it.
        """
        place = f"{self._root}/{name}"
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != REPORT)
        files = {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}
        report[MARK] = {"fingerprint": fingerprint, "files": files, "worker": worker}
        targets = [f"{place}/{file}" for file in files]
        with self._sentences(place, "written"):
            stale = self._mark(place).get("files", {}).keys() - files.keys()
            for file in (*sorted(stale), REPORT):  # the report last: while it is there it tells of the others
                if self._files.exists(f"{place}/{file}"):
                    self._files.rm_file(f"{place}/{file}")
            for parent in {target.rsplit("/", 1)[0] for target in targets}:
                self._files.makedirs(parent, exist_ok=True)
            self._files.put([str(path) for path in paths], targets)
        self.write_text(f"{name}/{REPORT}", json.dumps(report, indent=2, ensure_ascii=False) + "\n")

    def write_text(self, file: str, text: str) -> None:
        """Write a small text file.

        Raises:
            WavemixError: If the place does not take it.
        """
        path = f"{self._root}/{file}"
        with self._sentences(path, "written"):
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            self._files.pipe_file(path, text.encode())

    def _mark(self, place: str) -> dict[str, Any]:
        """The mark of the song in a place; empty if it is not done."""
        try:
            mark: dict[str, Any] = json.loads(self._files.cat_file(f"{place}/{REPORT}"))[MARK]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return {}  # no report, one whose writing was killed, or one that is not of a batch
        return mark

    @contextmanager
    def _sentences(self, place: str, done: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each kind of place has errors of its own
            why = str(error) or type(error).__name__
            where = self._files.unstrip_protocol(place)
            raise WavemixError(
                f"{where}: cannot be {done} ({why}); check the place and the right to use it."
            ) from error
