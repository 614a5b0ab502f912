"""Workers that are processes of this machine."""

import multiprocessing
import os
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from multiprocessing import connection
from multiprocessing.process import BaseProcess

import torch

from wavemix.catalogue.listing import Song
from wavemix.catalogue.pool import WorkerDied
from wavemix.catalogue.worker import Outcome, Settings, Worker
from wavemix.leftovers import scratch_folder, sweep_scratch
from wavemix.workers import heed_parent

LEAVE_SECONDS = 5.0
"""Time that dismissed workers have to clean up before they are killed."""

SPAWN = multiprocessing.get_context("spawn")
"""Workers are not forked: torch's threads and CUDA do not survive a fork."""


class LocalMember:
    """A worker process and the pipe to it."""

    def __init__(self, process: BaseProcess, pipe: "connection.Connection") -> None:
        self.process, self.pipe = process, pipe

    def ask(self, song: Song) -> None:
        """Give it a song."""
        with suppress(OSError):  # it has died: the answer tells
            self.pipe.send(song)

    def answer(self) -> Outcome | str:
        """What it says."""
        try:
            answer: Outcome | str = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerDied from error
        return answer


class LocalPool:
    """Processes that share the machine's cores, or its GPUs, evenly.

    Args:
        settings: How the songs are mixed. The device `cuda`, and `auto` where there is a GPU, means all GPUs.
        workers: How many; None for one a GPU, or one a core where there is none.

    Raises:
        WavemixError: If there is no such device here.
    """

    def __init__(self, settings: Settings, workers: int | None = None) -> None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        place = settings.engine.place
        all_gpus = place.type == "cuda" and place.index is None
        devices = [f"cuda:{index}" for index in range(torch.cuda.device_count())] if all_gpus else [str(place)]
        self._settings = [replace(settings, engine=replace(settings.engine, device=device)) for device in devices]
        self.size = workers or (len(devices) if place.type == "cuda" else cores)
        self._threads, self._hired = max(1, cores // self.size), 0

    def hire(self) -> LocalMember:
        """Start a process."""
        ours, theirs = SPAWN.Pipe()
        settings = self._settings[self._hired % len(self._settings)]
        self._hired += 1
        process = SPAWN.Process(target=_serve, args=(settings, self._threads, theirs), daemon=True)
        process.start()
        theirs.close()  # so that the pipe ends when the process does
        return LocalMember(process, ours)

    def wait(self, members: Collection[LocalMember]) -> LocalMember:
        """Wait for one of them."""
        by_pipe = {member.pipe: member for member in members}
        ready = connection.wait(list(by_pipe))[0]
        return next(member for pipe, member in by_pipe.items() if pipe is ready)

    def dismiss(self, members: Collection[LocalMember]) -> None:
        """Terminate them all at once, and kill those that do not leave in time."""
        for member in members:
            member.process.terminate()  # first: a closed pipe makes it leave, which this would then interrupt
        deadline = time.monotonic() + LEAVE_SECONDS
        for member in members:
            member.process.join(max(0.0, deadline - time.monotonic()))
            member.process.kill()
            member.process.join()
            member.process.close()
            member.pipe.close()
        sweep_scratch()


def _serve(settings: Settings, threads: int, pipe: "connection.Connection") -> None:
    """A worker's life: load, then answer until the pipe closes."""
    heed_parent()
    with suppress(EOFError, BrokenPipeError), scratch_folder() as scratch:
        worker = Worker(settings, scratch, threads)
        pipe.send(worker.load())
        while True:
            pipe.send(worker.mix(pipe.recv()))
