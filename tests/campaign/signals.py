"""How long a signal waits in each command: the longest time that Python does not look whether there is one.

    python tests/campaign/signals.py --length 30

runs each command once, in a process with a timer that sends it a signal every few milliseconds of work, and prints the
longest work between two looks and where that was. It counts seconds of a core, which other programs do not lengthen.
What a batch gives
to its workers is what `mix` does.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from campaign.commands import Trial, be

MOST_SECONDS = 1.0

TICK_SECONDS = 0.01


@dataclass
class Watch:
    """Measures this process from `start` on.

    Attributes:
        longest: Seconds of work between two looks, the most so far.
        place: The function of ours that ran when they ended.
    """

    longest: float = 0.0
    place: str = ""
    _before: float = 0.0

    def start(self) -> None:
        """Begin."""
        self._before = time.process_time()
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, TICK_SECONDS, TICK_SECONDS)

    def _look(self, number: int, frame: FrameType | None) -> None:
        now = time.process_time()
        if now - self._before > self.longest:
            self.longest = now - self._before
            while frame and "wavemix" not in frame.f_globals.get("__name__", ""):
                frame = frame.f_back
            code = frame.f_code if frame else None
            self.place = (
                f"{code.co_qualname} ({Path(code.co_filename).name}:{frame.f_lineno})" if code and frame else ""
            )
        self._before = now


def longest_wait(trial: Trial) -> tuple[float, str]:
    """The longest that a signal would wait in a command, in seconds of work, and where.

    Raises:
        RuntimeError: If the command does not run.
    """
    read, write = os.pipe()
    child = os.fork()
    if not child:
        watch = Watch()
        watch.start()

        def tell(status: int) -> None:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            os.write(write, json.dumps([status, watch.longest, watch.place]).encode())

        be(trial, tell)
    os.close(write)
    with os.fdopen(read) as told:
        text = told.read()
    os.waitpid(child, 0)
    if not text or json.loads(text)[0]:
        raise RuntimeError(f"{trial.name} does not run: {text}")
    _, seconds, place = json.loads(text)
    return seconds, place


def main() -> int:
    """Measure every command; 1 if a signal waits too long in one."""
    from campaign.trials import COMMANDS, trials

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--length", type=float, default=30.0, help="seconds of a song")
    parser.add_argument("--only", nargs="*", default=COMMANDS, help="names of commands")
    options = parser.parse_args()
    slow = 0
    folder = Path(tempfile.mkdtemp())
    try:
        for trial in trials(folder, options.only, options.length):
            seconds, place = longest_wait(trial)
            slow += seconds > MOST_SECONDS
            print(f"{trial.name}: at most {seconds:.2f} s, in {place}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
