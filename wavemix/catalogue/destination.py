"""Where the mixes of a catalogue go: a folder that fsspec reaches, on a disk or in a store of objects.

Each song has a folder there. Before anything else of the song changes, its `report.json` becomes one that only lists
which files are ours; after everything else, one that tells what the song was made from and the size of every file.
These reports are the ledger of a catalogue. There is nothing else to keep in step with them, so that a kill at any
moment leaves each song either done or to be done again. What no report lists is not ours, and is never written over.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path, PurePosixPath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from wavemix.catalogue.mark import MARK, Mark, read_mark
from wavemix.data.hashing import sha256
from wavemix.documents.files import MOST_BYTES, read_bytes
from wavemix.documents.json_text import dump_json
from wavemix.errors import WavemixError
from wavemix.session.session import MANIFEST, REPORT

KEPT = "{name}.kept{number}"
"""What a file is called from now on that is not ours and is where ours has to be."""


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
            expected = {file: size for file, size in mark.files.items() if file != MANIFEST or file not in sizes}
            return all(sizes.get(file) == size for file, size in expected.items())  # a session may be edited

    def doubt(self, name: str) -> str:
        """What is wrong with the report of a song that is to be mixed again, in a sentence; empty if nothing is.

        Raises:
            WavemixError: If the place does not answer.
        """
        place = f"{self._root}/{name}"
        with self._sentences(place, "read"):
            return self._mark(place).doubt

    def put(self, name: str, folder: Path, fingerprint: str, worker: str) -> list[str]:
        """Copy a song's results there, its report last; those of an earlier mix go.

        A file that is not ours and lies where one of these has to be gets another name. A `session.yaml` that was
        edited stays, and the song's own is not written.

        Args:
            name: The song's.
            folder: What `AutoMix.mix` wrote.
            fingerprint: Fingerprint of what it was made from.
            worker: Who made it, for the report.

        Returns:
            A sentence for every file that has another name now.

        Raises:
            WavemixError: If the place does not take it, or a folder in it is a link that leads elsewhere.
        """
        place = f"{self._root}/{name}"
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        session = sha256(folder / MANIFEST)
        paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
        del paths[REPORT]
        with self._sentences(place, "written"):
            mark = self._mark(place)
            self._unlink(name, (*mark.files, *paths, REPORT))
            if self._edited(f"{place}/{MANIFEST}", {session, mark.session_sha256}):
                del paths[MANIFEST]
                session = ""
            files = {file: path.stat().st_size for file, path in paths.items()}
            strange = files.keys() - mark.files.keys() - {MANIFEST} | ({REPORT} if mark.doubt else set())
            kept = [self._set_aside(place, file) for file in sorted(strange) if self._files.isfile(f"{place}/{file}")]
            self._list(name, {**mark.files, **files}, session)
            self._replace(place, sorted(mark.files.keys() - files.keys() - {MANIFEST}), paths)
        report["session_sha256"] = session
        report[MARK] = {"fingerprint": fingerprint, "files": files, "worker": worker}
        self.write_text(f"{name}/{REPORT}", dump_json(report))
        return kept

    def _list(self, name: str, files: Mapping[str, int], session: str) -> None:
        """Write a report that says which files are ours, and of no song that it is done."""
        outputs = [{"file": file} for file in files if file != MANIFEST]
        mark = {"fingerprint": "", "files": dict(files)}
        report = {"outputs": outputs, "session_sha256": session, MARK: mark}
        self.write_text(f"{name}/{REPORT}", dump_json(report))

    def _replace(self, place: str, stale: Sequence[str], paths: Mapping[str, Path]) -> None:
        """Remove files, and copy others to their places; what a killed batch left of such goes, too."""
        for file in stale:
            if self._files.isfile(f"{place}/{file}"):
                self._files.rm_file(f"{place}/{file}")
            if self.folder is not None:
                _part(f"{place}/{file}").unlink(missing_ok=True)
        targets = [f"{place}/{file}" for file in paths]
        for parent in {target.rsplit("/", 1)[0] for target in targets}:
            self._files.makedirs(parent, exist_ok=True)
        if self.folder is None:
            self._files.put([str(path) for path in paths.values()], targets)
            return
        for path, target in zip(paths.values(), targets, strict=True):
            with _whole(target) as part:
                shutil.copyfile(path, part)

    def _edited(self, path: str, ours: set[str]) -> bool:
        """Whether there is a `session.yaml` that none of these hashes is of."""
        if not self._files.isfile(path):
            return False
        return hashlib.sha256(self._files.cat_file(path)).hexdigest() not in ours

    def _set_aside(self, place: str, file: str) -> str:
        """Give a file another name; tells of it in a sentence."""
        names = (KEPT.format(name=file, number=number if number > 1 else "") for number in count(1))
        free = next(name for name in names if not self._files.exists(f"{place}/{name}"))
        self._files.mv(f"{place}/{file}", f"{place}/{free}")
        return f"{self._files.unstrip_protocol(place)}/{file}: was not written by wavemix, and is {free} now."

    def read(self, file: str) -> bytes | None:
        """A small file; None if it is not there.

        Raises:
            WavemixError: If the place does not answer, or it is a pipe or too large.
        """
        path = f"{self._root}/{file}"
        with self._sentences(path, "read"):
            return self._read(path)

    def set_aside(self, file: str) -> str:
        """Give a file another name; tells of it in a sentence.

        Raises:
            WavemixError: If the place does not allow it.
        """
        with self._sentences(f"{self._root}/{file}", "renamed"):
            return self._set_aside(self._root, file)

    def write_text(self, file: str, text: str) -> None:
        """Write a small text file.

        Raises:
            WavemixError: If the place does not take it.
        """
        path = f"{self._root}/{file}"
        with self._sentences(path, "written"):
            self._unlink("", (file,))
            self._files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            if self.folder is None:
                self._files.pipe_file(path, text.encode())
                return
            with _whole(path) as part:
                part.write_bytes(text.encode())

    def _mark(self, place: str) -> Mark:
        """The mark of the song in a place. Anybody may have written it, and no name in it leads out of the place."""
        path = f"{place}/{REPORT}"
        report = self._read(path)
        if report is None:
            return Mark()
        mark = read_mark(report)
        if mark is None:
            return Mark(doubt=f"{self._files.unstrip_protocol(path)}: is no report of a batch; mixed anew.")
        return mark

    def _read(self, path: str) -> bytes | None:
        """A small file; None if it is not there."""
        try:
            if self.folder is None:
                found: bytes = self._files.cat_file(path, end=MOST_BYTES)
                return found
            Path(path).stat()
            return read_bytes(Path(path))
        except (FileNotFoundError, NotADirectoryError):
            return None

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


@contextmanager
def _whole(path: str) -> Iterator[Path]:
    """A hidden file beside this one, which takes its place at the end: a disk shows a file while it is written."""
    part = _part(path)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _part(path: str) -> Path:
    return Path(path).with_name(f".{Path(path).name}.part")
