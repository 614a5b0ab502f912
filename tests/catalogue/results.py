"""What a batch leaves."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from wavemix.catalogue import Settings
from wavemix.catalogue.mark import MARK
from wavemix.catalogue.worker import Worker


def make_worker(settings: Settings, tmp_path: Path) -> Worker:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    made = Worker(settings, scratch)
    assert made.load() == ""
    return made


def marks(out: Path) -> dict[str, dict]:
    """What the reports of the songs that are done say of the batch, by song."""
    found = {}
    for path in out.glob("*/report.json"):
        try:
            mark = json.loads(path.read_text())[MARK]
        except FileNotFoundError:
            continue  # being written
        if mark["fingerprint"]:
            found[path.parent.name] = mark
    return found


@dataclass
class Watched:
    """What somebody saw who looked at a batch all the time.

    Attributes:
        written: For each song that was done, who did it: once a report, so twice if it was done again.
        killed: The worker that was killed; empty if none was.
    """

    written: dict[str, list[str]] = field(default_factory=dict)
    killed: str = ""


@contextmanager
def killing_a_worker(out: Path, after_songs: int) -> Iterator[Watched]:
    """Watch a batch, and kill the worker of the last song once so many are done."""
    found, known, done = Watched(), set(), threading.Event()

    def look() -> None:
        for path in out.glob("*/report.json"):
            with suppress(FileNotFoundError):  # being written
                stat = path.stat()
                stamp = (stat.st_ino, stat.st_mtime_ns)
                if stamp in known:
                    continue
                mark = json.loads(path.read_text())[MARK]
                known.add(stamp)
                if mark["fingerprint"]:
                    found.written.setdefault(path.parent.name, []).append(mark["worker"])
                    if len(found.written) >= after_songs and not found.killed:
                        found.killed = mark["worker"]
                        os.kill(int(found.killed.rpartition(":")[2]), signal.SIGKILL)

    def watch() -> None:
        while not done.wait(0.005):
            look()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()
        look()


def samples(path: Path) -> np.ndarray:
    return soundfile.read(path)[0]
