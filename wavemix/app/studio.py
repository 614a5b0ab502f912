"""What all visits share: the models, the queue for them, and where the visits are."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wavemix.app.job import Job, Queue
from wavemix.app.limits import Limits
from wavemix.app.visit import Visit
from wavemix.app.visits import Visits
from wavemix.audio.files import READABLE, UNREADABLE
from wavemix.dsp.loudness_targets import TARGETS
from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS
from wavemix.session.session import MANIFEST, Session

if TYPE_CHECKING:
    from wavemix.app.mixed import Mixed
    from wavemix.app.wishes import MixWishes
    from wavemix.pipeline import AutoMix


class Studio:
    """The app without its web server.

    Args:
        folder: For the visits.
        load: Gives the models; called once, in a thread of its own, so that the page is there before they are.
        limits: How much is taken in.
        example_seconds: Length of the example song.

    Attributes:
        visits: Who is here.
        queue: Mixes in work.
        problem: Why there are no models.
    """

    def __init__(
        self, folder: Path, load: "Callable[[], AutoMix]", limits: Limits, example_seconds: float = 20.0
    ) -> None:
        self.visits, self.queue = Visits(folder, limits), Queue()
        self.problem = ""
        self._limits, self._example_seconds = limits, example_seconds
        self._load = load
        self._system: AutoMix | None = None

    def start(self, on_problem: Callable[[], None] = lambda: None) -> None:
        """Begin to load the models.

        Args:
            on_problem: Called if they cannot be loaded.
        """

        def work() -> None:
            try:
                self._system = self._load()
            except WavemixError as error:
                self.problem = str(error)
                on_problem()

        self.queue.first(work)

    def write_example(self, folder: Path) -> None:
        """Write the example song."""
        from wavemix.example.session import write_example

        write_example(folder, self._example_seconds)

    def mix(self, visit: Visit, body: object) -> None:
        """Have a visit's song mixed when its turn comes.

        Args:
            visit: The visit.
            body: How, from the page.

        Raises:
            WavemixError: If that cannot be, or there is nothing to mix.
        """
        from wavemix.app.mixed import steps_of
        from wavemix.app.wishes import MixWishes
        from wavemix.documents.schema import build

        wishes = build(MixWishes, body, "the mix")
        self.queue.add(visit.new_job(wishes, steps_of(wishes), self._mix))

    def told(self) -> Mapping[str, Any]:
        """What the page needs to know of us."""
        return {
            "groups": {name: {"roles": group.roles, "role": group.default_role} for name, group in GROUPS.items()},
            "endings": sorted(READABLE | UNREADABLE),
            "manifest": MANIFEST,
            "targets": {name: target.lufs for name, target in TARGETS.items()},
            "most_files": self._limits.files,
            "most_bytes": self._limits.song_bytes,
        }

    def close(self) -> None:
        """Cancel all mixes, and end all visits."""
        self.visits.close()
        self.queue.close()
        self.visits.close()

    def _mix(self, session: Session, wishes: "MixWishes", plain_out: Path, job: Job) -> "Mixed":
        from wavemix.app.mixed import mix

        if self._system is None:
            raise WavemixError(self.problem or "the models are not loaded.")
        return mix(self._system, session, wishes, plain_out, job)
