"""Workers that are actors of a Ray cluster."""

import logging
import socket
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

from wavemix.catalogue.listing import Song
from wavemix.catalogue.pool import WorkerDied
from wavemix.catalogue.worker import Outcome, Settings, Worker
from wavemix.errors import WavemixError
from wavemix.leftovers import scratch_folder

CONNECT_SECONDS = 10.0


class RayMember:
    """An actor, and the answer that it owes."""

    def __init__(self, actor: Any) -> None:
        self.actor, self.owes = actor, actor.load.remote()

    def ask(self, song: Song) -> None:
        """Give it a song."""
        self.owes = self.actor.mix.remote(song)

    def answer(self) -> Outcome | str:
        """What it says."""
        import ray

        try:
            answer: Outcome | str = ray.get(self.owes)
        except ray.exceptions.RayActorError as error:
            raise WorkerDied from error
        return answer


class RayPool:
    """Actors that each reserve a core, or a core and a GPU; made by `ray_pool`."""

    def __init__(self, settings: Settings, workers: int | None) -> None:
        import ray

        has: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
        engine = settings.engine.settled(gpu=has.get("GPU", 0) >= 1)
        cuda = engine.device != "cpu"
        self.size = workers or int(has.get("GPU" if cuda else "CPU", 0))
        if not self.size or (cuda and not has.get("GPU")):
            raise WavemixError(f"the Ray cluster has no {'GPU' if cuda else 'core'}; use another --device, or add one.")
        self._actors = ray.remote(_Actor).options(num_cpus=1, num_gpus=int(cuda))
        self._settings = replace(settings, engine=engine)

    def hire(self) -> RayMember:
        """Start an actor as soon as the cluster has room."""
        return RayMember(self._actors.remote(self._settings))

    def wait(self, members: Collection[RayMember]) -> RayMember:
        """Wait for one of them."""
        import ray

        [ready], _ = ray.wait([member.owes for member in members], num_returns=1)
        return next(member for member in members if member.owes == ready)

    def dismiss(self, members: Collection[RayMember]) -> None:
        """Kill them."""
        import ray

        for member in members:
            ray.kill(member.actor)


@contextmanager
def ray_pool(settings: Settings, address: str, workers: int | None = None) -> Iterator[RayPool]:
    """A pool on a running Ray cluster, whose machines must have wavemix and see the songs under the same paths.

    Args:
        settings: How the songs are mixed.
        address: `host:port`, or `auto` for the cluster that this machine is part of.
        workers: How many; None for one a GPU, or one a core where there is none.

    Raises:
        WavemixError: If Ray is not installed, no cluster answers there, or it lacks the device.
    """
    try:
        import ray
    except ImportError as error:
        raise WavemixError("--ray needs the package ray; install wavemix[scale].") from error
    try:
        if address != "auto":  # Ray itself would try for minutes, and then end the process
            host, port = address.rpartition("//")[2].rsplit(":", 1)
            socket.create_connection((host, int(port)), CONNECT_SECONDS).close()
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, ValueError) as error:
        raise WavemixError(
            f"no Ray cluster answers at `{address}`; start one with `ray start --head` and give its HOST:PORT, or on "
            "one of its machines `auto`."
        ) from error
    try:
        yield RayPool(settings, workers)
    finally:
        ray.shutdown()


class _Actor:
    """A worker with a scratch folder that lasts as long as it."""

    def __init__(self, settings: Settings) -> None:
        self._open = ExitStack()
        self._worker = Worker(settings, self._open.enter_context(scratch_folder()))

    def load(self) -> str:
        return self._worker.load()

    def mix(self, song: Song) -> Outcome:
        return self._worker.mix(song)
