"""Commands that are killed, told to end, or given a full disk at a random place, and what they leave then.

    python tests/campaign/kills.py --rounds 50

runs `mix`, `prepare`, `train` and `batch` in processes that are forked from one with everything loaded, and
holds after each: no traceback, what was there before is there unchanged or is whole and new, and the same command then
ends well and leaves nothing hidden. The tests run a part of it.
"""

import argparse
import hashlib
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 2 * 10**9
MOST_SECONDS_AFTER = 10.0
"""From a signal to the end of the process, on a machine that has nothing else to do."""

SMALLEST_FILE_BYTES = 2_000

AT_LEAST_SECONDS = 0.05
"""Before a signal: a forked process is not at once what it is to be."""


@dataclass
class Trial:
    """A command that may be run again and again.

    Attributes:
        name: Of the command.
        arguments: Its arguments.
        inputs: What it must never change.
        out: Where it writes.
        seconds: That it takes when nothing disturbs it; 0 until that is known.
        statuses: With which it may end when nothing disturbs it.
    """

    name: str
    arguments: Sequence[object]
    inputs: Path
    out: Path
    seconds: float = 0.0
    statuses: Sequence[int] = field(default=(0,))


@dataclass(frozen=True)
class End:
    """How a process ended.

    Attributes:
        status: As a shell has it: negative for the signal that killed it.
        said: On standard error.
        seconds: From its start.
        seconds_after: From the signal, if there was one.
        most_bytes: Of memory.
    """

    status: int
    said: str
    seconds: float
    seconds_after: float
    most_bytes: int


def run(
    arguments: Sequence[object], sent: signal.Signals | None = None, after: float = 0.0, largest_file: int = 0
) -> End:
    """The command line in a forked process.

    Args:
        arguments: Of the command line.
        sent: A signal that it gets.
        after: So many seconds after its start.
        largest_file: Bytes that no file may pass, as if the disk were full; 0 for any.
    """
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        child = os.fork()
        if not child:
            _become(arguments, said.fileno(), largest_file)
        sent_at = 0.0
        if sent is not None:
            time.sleep(after)
            sent_at = time.monotonic()
            os.kill(child, sent)
        _, status, used = os.wait4(child, 0)
        ended = time.monotonic()
        said.seek(0)
        text = said.read().decode(errors="replace")
    code = os.waitstatus_to_exitcode(status)
    return End(code, text, ended - started, ended - sent_at if sent_at else 0.0, 1024 * used.ru_maxrss)


def _become(arguments: Sequence[object], said: int, largest_file: int) -> None:
    """Be the command, in the child; never returns."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(said, 2)
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        if largest_file:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
        from wavemix.cli import main

        main([str(argument) for argument in arguments])
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def hashes(folder: Path) -> dict[str, str]:
    """Of every file below a folder, but for what is hidden."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _hidden(path, folder)
    }


def leftovers(folder: Path) -> list[str]:
    """What is hidden in a folder as only things on the way are."""
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.name.startswith(".wavemix-")]
    return found + [path.name for path in folder.rglob("*.part")]


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def disturb(trial: Trial, chance: random.Random, most_seconds_after: float) -> list[str]:
    """Disturb a command once in a random way, then let it end; what was not as it should be, in words."""
    before = hashes(trial.inputs)
    faults: list[str] = []
    way = chance.choice(("SIGKILL", "SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "disk"))
    if way == "disk":
        largest = round(SMALLEST_FILE_BYTES * 1000 ** chance.random())
        end, what = run(trial.arguments, largest_file=largest), f"files of at most {largest} bytes"
    else:
        after = AT_LEAST_SECONDS + chance.random() * trial.seconds
        end, what = run(trial.arguments, signal.Signals[way], after), f"{way} after {after:.2f} s"
    if "Traceback" in end.said:
        faults.append(f"{trial.name}, {what}: {end.said}")
    if end.seconds_after > most_seconds_after:
        faults.append(f"{trial.name}, {what}: went on for {end.seconds_after:.1f} s")
    if way not in ("SIGKILL", "disk") and end.status not in (
        *trial.statuses,
        128 + signal.Signals[way],
        -signal.Signals[way],
    ):
        faults.append(f"{trial.name}, {what}: status {end.status}: {end.said}")
    if way != "SIGKILL" and end.status >= 0 and (left := leftovers(trial.out)):
        faults.append(f"{trial.name}, {what}: left {left}")
    again = run(trial.arguments)
    if again.status not in trial.statuses:
        faults.append(f"{trial.name} after {what}: status {again.status}: {again.said}")
    if left := leftovers(trial.out):
        faults.append(f"{trial.name} after {what}: still left {left}")
    if hashes(trial.inputs) != before:
        faults.append(f"{trial.name}, {what}: an input is another now")
    if max(end.most_bytes, again.most_bytes) > MOST_BYTES:
        faults.append(f"{trial.name}, {what}: took {max(end.most_bytes, again.most_bytes) / 1e6:.0f} MB")
    return faults


def measure(trial: Trial) -> None:
    """Run a command as it is, and see how long it takes."""
    end = run(trial.arguments)
    if end.status not in trial.statuses:
        raise RuntimeError(f"{trial.name} does not run at all: status {end.status}: {end.said}")
    trial.seconds = end.seconds


def main() -> int:
    """Disturb every command many times; 1 if anything was not as it should be."""
    from campaign.trials import trials

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--only", default="", help="name of a command")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=MOST_SECONDS_AFTER, help="most from a signal to the end")
    options = parser.parse_args()
    chance, faults = random.Random(options.seed), 0
    with tempfile.TemporaryDirectory() as folder:
        for trial in (trial for trial in trials(Path(folder)) if options.only in ("", trial.name)):
            measure(trial)
            found = [fault for _ in range(options.rounds) for fault in disturb(trial, chance, options.seconds)]
            print(f"{trial.name}: {options.rounds} times, {len(found)} faults")
            print("\n".join(found))
            faults += len(found)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
