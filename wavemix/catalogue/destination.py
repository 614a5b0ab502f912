"""Where the mixes of a catalogue go: a folder that fsspec reaches, on a disk or in a store of objects.

Each song has a folder there. Its `report.json` is removed before anything else of the song changes and is written
after everything else: where one is, it tells what the song was made from and the size of every file. These reports
are the ledger of a catalogue. There is nothing else to keep in step with them, so that a kill at any moment leaves
each song either done or to be done again.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from wavemix.data.ledger import sha256
from wavemix.documents.files import MOST_BYTES, read_bytes
from wavemix.documents.json_text import parse_json
from wavemix.errors import WavemixError
from wavemix.session.session import MANIFEST, REPORT
from wavemix.staging import stays_inside

MARK = "batch"
"""What a batch adds to a report: `fingerprint`, `files` with their sizes in bytes, and `worker`."""


@dataclass(frozen=True)
class _Mark:
    """What a report says of a batch; empty if the song is not done.

    Attributes:
        fingerprint: Of what the mix was made from.
        files: Their sizes in bytes by their names.
        doubt: What is wrong with the report, if there is one that is no batch's.
    """

    fingerprint: str = ""
    files: Mapping[str, int] = field(default_factory=dict)
    doubt: str = ""


def _read_mark(report: bytes) -> _Mark | None:
    """The mark in a report; None if there is none of the right form."""
    try:
        body: Any = parse_json(report, REPORT)
        fingerprint, files = body[MARK]["fingerprint"], body[MARK]["files"]
    except (WavemixError, KeyError, TypeError):
        return None
    if not isinstance(fingerprint, str) or not isinstance(files, dict) or not all(map(stays_inside, files)):
        return None
    return _Mark(fingerprint, files)


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
            if mark.fingerprint != fingerprint:
                return False
            found = self._files.find(place, detail=True)
            sizes = {path.removeprefix(f"{place}/"): entry["size"] for path, entry in found.items()}
            return all(sizes.get(file) == size for file, size in mark.files.items())

    def doubt(self, name: str) -> str:
        """What is wrong with the report of a song that is to be mixed again, in a sentence; empty if nothing is.

        Raises:
            WavemixError: If the place does not answer.
        """
        place = f"{self._root}/{name}"
        with self._sentences(place, "read"):
            return self._mark(place).doubt

    def put(self, name: str, folder: Path, fingerprint: str, worker: str) -> None:
        """Copy a song's results there, its report last; those of an earlier mix go.

        Args:
            name: The song's.
            folder: What `AutoMix.mix` wrote.
            fingerprint: Of what it was made from.
            worker: Who made it, for the report.

        Raises:
            WavemixError: If the place does not take it, or a folder in it is a link that leads elsewhere.
        """
        place = f"{self._root}/{name}"
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != REPORT)
        files = {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}
        report["session_sha256"] = sha256(folder / MANIFEST)
        report[MARK] = {"fingerprint": fingerprint, "files": files, "worker": worker}
        targets = [f"{place}/{file}" for file in files]
        with self._sentences(place, "written"):
            stale = self._mark(place).files.keys() - files.keys()
            self._unlink(name, (*stale, *files, REPORT))
            for file in (*sorted(stale), REPORT):  # the report last: while it is there it tells of the others
                if self._files.isfile(f"{place}/{file}"):
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
            self._unlink("", (file,))
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            self._files.pipe_file(path, text.encode())

    def _mark(self, place: str) -> _Mark:
        """The mark of the song in a place. Anybody may have written it, and no name in it leads out of the place."""
        path = f"{place}/{REPORT}"
        try:
            if self.folder is None:
                report = self._files.cat_file(path, end=MOST_BYTES)
            else:
                Path(path).stat()
                report = read_bytes(Path(path))
        except FileNotFoundError:
            return _Mark()
        mark = _read_mark(report)
        if mark is None:  # its writing was killed, or it is not of a batch
            return _Mark(doubt=f"{self._files.unstrip_protocol(path)}: is no report of a batch; mixed anew.")
        return mark

    def _unlink(self, name: str, files: tuple[str, ...]) -> None:
        """Remove links in the places of a song's files, so that nothing is written or removed through them.

        Raises:
            WavemixError: If a folder in between is a link.
        """
        if self.folder is None:  # stores of objects have no links
            return
        for file in files:
            path = self.folder / name / file
            for parent in path.parents[: len(PurePosixPath(name, file).parts) - 1]:
                if parent.is_symlink():
                    raise WavemixError(f"{parent}: is a link, and mixes go into folders only; remove it.")
            if path.is_symlink():
                path.unlink()

    @contextmanager
    def _sentences(self, place: str, done: str) -> Iterator[None]:
        try:
            yield
        except WavemixError:
            raise
        except Exception as error:  # each kind of place has errors of its own
            why = str(error) or type(error).__name__
            where = self._files.unstrip_protocol(place)
            raise WavemixError(
                f"{where}: cannot be {done} ({why}); check the place and the right to use it."
            ) from error
