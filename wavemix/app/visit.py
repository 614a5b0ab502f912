"""One user's stay: a folder of their own, the song in it, its routing and its mix."""

import secrets
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wavemix.app.job import Job
from wavemix.app.limits import Limits
from wavemix.app.refusals import Refusal, without_folder
from wavemix.app.routing import corrected
from wavemix.app.uploads import Uploads
from wavemix.errors import WavemixError
from wavemix.session.finding import session_from_folder
from wavemix.session.manifest import open_session
from wavemix.session.session import MANIFEST, Session
from wavemix.session.summary import summary

if TYPE_CHECKING:
    from wavemix.app.mixed import Mixed
    from wavemix.app.wishes import MixWishes

MISSING = 404
BUSY = 409
GONE = 410

MixSong = Callable[["Session", "MixWishes", Path, Job], "Mixed"]
"""Mixes a session, and its plain sum into a folder, telling a job how far it has come."""


class Visit:
    """What one page has here.

    Attributes:
        id: Whoever knows it is the visitor: it cannot be guessed.
        job: The mix in work, or the last that was.
        mixed: The newest mix.
        seen: When its page was last heard of, by the monotonic clock.
    """

    def __init__(self, parent: Path, limits: Limits) -> None:
        self.id = secrets.token_urlsafe(16)
        self.job: Job | None = None
        self.mixed: Mixed | None = None
        self.seen = time.monotonic()
        self._folder = parent / secrets.token_hex(8)
        self._folder.mkdir()
        self._song = self._folder / "song"
        self._uploads = Uploads(self._song, self._folder / "incoming", limits)
        self._session: Session | None = None
        self._mixes = 0
        self._ended = False

    @property
    def is_mixing(self) -> bool:
        """Whether a mix is in work or waits for its turn."""
        return self.job is not None and not self.job.is_over

    @property
    def session(self) -> Session:
        """The routed song.

        Raises:
            WavemixError: If there is none yet.
        """
        if self._session is None:
            raise Refusal(MISSING, "there is no song yet; add its tracks, or take the example.")
        return self._session

    async def take(self, name: str, length: int | None, blocks: AsyncIterator[bytes]) -> None:
        """Take a file of the song; see `Uploads.take`."""
        self._must_be_idle()
        try:
            await self._uploads.take(name, length, blocks)
        except OSError:
            if self._ended:
                raise Refusal(GONE, "the visit has ended; load the page again.") from None
            raise

    def take_example(self, write: Callable[[Path], object]) -> None:
        """Have the example song written, and route it."""
        self._must_be_idle()
        write(self._song / "example song")
        self.route()

    def route(self, anyway: bool = False) -> None:
        """Find the tracks of the song among the files, and their groups and roles.

        Args:
            anyway: As in `session_from_folder`, whose remedy it is.

        Raises:
            WavemixError: As `open_session`, or if a `session.yaml` names files that are not the visitor's.
        """
        from wavemix.zoo.ears import ear  # with torch, which the page is not to wait for

        self._must_be_idle()
        if not self._song.is_dir():
            raise Refusal(MISSING, "there are no tracks yet; add some, or take the example.")
        entries = list(self._song.iterdir())
        folder = entries[0] if len(entries) == 1 and entries[0].is_dir() else self._song
        with own_names(self._song):
            by_sound = ear("both")  # where names do not tell
            found = session_from_folder(folder, anyway, by_sound) if anyway else open_session(folder, ear=by_sound)
            own = self._song.resolve()
            for track in found.tracks:
                if not all(path.resolve().is_relative_to(own) for path in found.paths(track)):
                    raise WavemixError(f"{MANIFEST}: names {track.label}, which is not among your files; correct it.")
        self._session = found

    def correct(self, body: object) -> None:
        """Take the routing as the page has it.

        Raises:
            WavemixError: As `corrected`.
        """
        self._must_be_idle()
        self._session = corrected(self.session, body)

    def new_job(self, wishes: "MixWishes", steps: int, mix: MixSong) -> Job:
        """A job that mixes the song; what it leaves is whole or nothing.

        Raises:
            WavemixError: If there is no song, or a mix is in work.
        """
        self._must_be_idle()
        session = self.session
        self._mixes += 1
        plain_out = self._folder / f"plain {self._mixes}"

        def work(job: Job) -> None:
            try:
                with own_names(self._song):
                    mixed = mix(session, wishes, plain_out, job)
                earlier, self.mixed = self.mixed, mixed
                if earlier:
                    earlier.remove()
            finally:
                if self._ended:
                    shutil.rmtree(self._folder, ignore_errors=True)

        self.job = Job(work, steps)
        return self.job

    def end(self) -> None:
        """Remove everything; a mix in work is cancelled, and removes its own when it leaves."""
        self._ended = True
        if self.job:
            self.job.cancel()
        shutil.rmtree(self._folder, ignore_errors=True)

    def told(self) -> Mapping[str, Any]:
        """What there is, for the page."""
        session = self._session
        return {
            "session": _told(session) if session else None,
            "job": self.job.told() if self.job else None,
            "mixed": self.mixed.told() if self.mixed else None,
        }

    def _must_be_idle(self) -> None:
        if self._ended:
            raise Refusal(GONE, "the visit has ended; load the page again.")
        if self.is_mixing:
            raise Refusal(BUSY, "the song is being mixed; cancel that first, or wait for it.")


@contextmanager
def own_names(folder: Path) -> Iterator[None]:
    """Where an error is raised, files are called in it as their owner calls them."""
    try:
        yield
    except Refusal:
        raise
    except WavemixError as error:
        raise WavemixError(without_folder(str(error), folder)) from error


def _told(session: Session) -> Mapping[str, Any]:
    return {
        "song": session.name,
        "tracks": [
            {
                "label": track.label,
                "group": track.group,
                "role": track.role,
                "gain_db": track.gain_db,
                "mute": track.mute,
                "reason": track.reason,
                "recognised": track.recognised,
            }
            for track in session.tracks
        ],
        "ignored": [{"file": item.file.as_posix(), "reason": item.reason} for item in session.ignored],
        "warnings": list(session.warnings),
        "summary": list(summary(session)),
    }
