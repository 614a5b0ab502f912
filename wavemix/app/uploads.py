"""Sound files that come in: their names and sizes are bounded, and each appears whole or not at all."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath

from wavemix.app.limits import Limits
from wavemix.app.refusals import Refusal
from wavemix.audio.files import READABLE, UNREADABLE
from wavemix.documents.names import name_problem
from wavemix.session.session import MANIFEST
from wavemix.staging import check_places, disk_in_words, stays_inside

TOO_LARGE = 413
INCOMPLETE = 400
NO_LENGTH = 411


class Uploads:
    """The files of one song on their way to its folder.

    Args:
        song: The folder that gets them.
        incoming: Where they lie until they are whole.
        limits: How much is taken.
    """

    def __init__(self, song: Path, incoming: Path, limits: Limits) -> None:
        self._song, self._incoming, self._limits = song, incoming, limits
        self._bytes: dict[str, int] = {}

    async def take(self, name: str, length: int | None, blocks: AsyncIterator[bytes]) -> None:
        """Take a file.

        Args:
            name: Its path in the song's folder, with `/`.
            length: How many bytes it has, as its sender says.
            blocks: Its bytes.

        Raises:
            WavemixError: If no track can be called so, it is too much, it breaks off, or the disk is full.
        """
        self._check(name, length)
        earlier = self._bytes.get(name)
        self._bytes[name] = length or 0  # the room is taken before the bytes come: many files come side by side
        try:
            with disk_in_words(Path(name)):
                await self._receive(name, length or 0, blocks)
        except BaseException:
            self._bytes.pop(name, None)
            if earlier is not None:
                self._bytes[name] = earlier
            raise

    async def _receive(self, name: str, length: int, blocks: AsyncIterator[bytes]) -> None:
        self._incoming.mkdir(exist_ok=True)
        self._song.mkdir(exist_ok=True)
        coming, received = self._incoming / secrets.token_hex(8), 0
        try:
            with coming.open("wb") as file:
                async for block in blocks:
                    received += len(block)
                    file.write(block)
            if received != length:
                raise Refusal(INCOMPLETE, f"{name}: broke off after {received} of {length} bytes; send it again.")
            check_places(self._song, [name])
            (self._song / name).parent.mkdir(parents=True, exist_ok=True)
            coming.replace(self._song / name)
        finally:
            coming.unlink(missing_ok=True)

    def _check(self, name: str, length: int | None) -> None:
        if problem := name_problem(name):
            raise Refusal(INCOMPLETE, f"{name[:60]}: {problem}; rename the file.")
        parts = PurePosixPath(name).parts
        if not stays_inside(name) or any(part.startswith(".") for part in parts):
            raise Refusal(INCOMPLETE, f"{name}: is hidden, or leads elsewhere; leave it out.")
        if PurePosixPath(name).suffix.lower() not in READABLE | UNREADABLE and parts[-1] != MANIFEST:
            raise Refusal(INCOMPLETE, f"{name}: is no sound file; leave it out.")
        if length is None:
            raise Refusal(NO_LENGTH, f"{name}: its sender does not say how long it is; use the app's own page.")
        if name not in self._bytes and len(self._bytes) >= self._limits.files:
            raise Refusal(TOO_LARGE, f"{name}: a song may have {self._limits.files} files here; leave some out.")
        if sum(self._bytes.values()) - self._bytes.get(name, 0) + length > self._limits.song_bytes:
            most = f"{self._limits.song_bytes / 1e9:g} GB"
            raise Refusal(
                TOO_LARGE, f"{name}: the files of a song may have {most} here; leave some out, or save them as FLAC."
            )
