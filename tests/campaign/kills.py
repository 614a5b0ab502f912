"""Commands that are killed, told to end, or given a full disk at a random place, and what they leave then.

    python tests/campaign/kills.py --rounds 50

runs `mix`, `prepare`, `train`, `batch`, `render` and `evaluate`, each disturbed once or twice in a round: by SIGKILL,
SIGTERM, SIGINT or SIGHUP at any time or between any two operations on files, by a limit on the size of files, or by a
small device that is full (where one may be mounted). It holds after each: no traceback, nobody waits, no process and
nothing hidden is left by what was told to end, at most 2 GB of memory, and what was there before is there unchanged or
is whole and new; and that the same command then ends well with the same files as ever, and leaves nothing, whatever was
killed before. It prints how long a command went on after a signal that asks it to end: in seconds, and in seconds of a
core, which other programs do not lengthen. The tests run a part of it.
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from campaign.commands import End, SmallDevice, Trial, Way, empty, may_mount, run

MOST_BYTES = 2 * 10**9

MOST_SECONDS = 600.0
"""A command that takes longer hangs."""

SMALLEST_FILE_BYTES, SMALLEST_DEVICE_BYTES, DEVICE_PAGES = 2_000, 40_000, 4_096

WAYS = ("kill", "signal", "files", "device")

AGAIN = 0.3
"""Chance that a command is disturbed again before it may end."""

POLITE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

NOTES = "notes of mine.txt"
"""A person's file in the folder that a command writes into."""


@dataclass(frozen=True)
class Limits:
    """Of the time from a signal that asks a command to end to its end.

    Attributes:
        seconds: On a machine that has nothing else to do.
        work_seconds: What it may compute in that time.
    """

    seconds: float = 10.0
    work_seconds: float = 1.0


@dataclass
class Found:
    """What came of all rounds of a command.

    Attributes:
        faults: In words.
        disturbed: How often the command had not ended before it was disturbed.
        seconds_after: The longest time from a polite signal to the end.
        work_seconds_after: The most work in that time.
        most_bytes: The most memory.
    """

    faults: list[str] = field(default_factory=list)
    disturbed: int = 0
    seconds_after: float = 0.0
    work_seconds_after: float = 0.0
    most_bytes: int = 0

    def add(self, end: End) -> None:
        """Note what a run took."""
        self.seconds_after = max(self.seconds_after, end.seconds_after)
        self.work_seconds_after = max(self.work_seconds_after, end.work_seconds_after)
        self.most_bytes = max(self.most_bytes, end.most_bytes)


def hashes(folder: Path) -> dict[str, str]:
    """Of every file below a folder, but for what is hidden."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _hidden(path, folder)
    }


def products(folder: Path) -> frozenset[tuple[str, str]]:
    """The hashes of what a command is run for: its sound files, weights and tables; not of a training under way."""
    kept = (".wav", ".flac", "model.safetensors", "results.csv")
    found = hashes(folder).items()
    return frozenset((name, row) for name, row in found if name.endswith(kept) and not name.startswith("training/"))


def leftovers(trial: Trial) -> list[str]:
    """What is hidden in a folder as only things on the way are, and what is in that of temporary files."""
    found = [path for path in trial.out.rglob("*") if path.name.startswith(".wavemix-") or path.suffix == ".part"]
    return [str(path) for path in (*found, *trial.temporary.iterdir())]


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def measure(trial: Trial) -> None:
    """Run a command as it is, and see how long it takes and what it gives."""
    empty(trial.out)
    end = run(trial)
    if end.status:
        raise RuntimeError(f"{trial.name} does not run at all: status {end.status}: {end.said}")
    trial.seconds, trial.operations, trial.products = end.seconds, end.operations, products(trial.out)
    if not trial.products:
        raise RuntimeError(f"{trial.name} gives nothing")


def play(trial: Trial, chance: random.Random, ways: Sequence[str], limits: Limits, found: Found) -> None:
    """Disturb a command, one way after the other, then let it end; what was not as it should be is noted.

    Args:
        trial: The command.
        chance: Chooses places.
        ways: One or two of `WAYS`.
        limits: Of the time from a signal to the end.
        found: Gets what came of it.
    """
    inputs = hashes(trial.inputs)
    if chance.random() < 0.8:
        empty(trial.out)
    empty(trial.temporary)
    trial.out.mkdir(parents=True, exist_ok=True)
    (trial.out / NOTES).write_text("mine\n")
    done: list[str] = []
    for kind in ways:
        if kind == "device":
            done.append(_on_small_device(trial, chance, found))
        else:
            done.append(_disturb(trial, _way(trial, kind, chance), limits, found))
    history = f"{trial.name} after {' and '.join(done)}"
    again = run(trial, most_seconds=MOST_SECONDS)
    found.add(replace(again, seconds_after=0.0))
    if again.status:
        found.faults.append(f"{history}: status {again.status}: {again.said}")
    elif products(trial.out) != trial.products:
        found.faults.append(f"{history}: gave other files: {_names(products(trial.out) ^ trial.products)}")
    if left := leftovers(trial):
        found.faults.append(f"{history}: still left {left}")
    if hashes(trial.inputs) != inputs:
        found.faults.append(f"{history}: an input is another now")
    _check_notes(trial, history, found)


def _way(trial: Trial, kind: str, chance: random.Random) -> Way:
    if kind == "files":
        return Way(largest_file=round(SMALLEST_FILE_BYTES * 1000 ** chance.random()))
    sent = signal.SIGKILL if kind == "kill" else chance.choice(POLITE)
    if chance.random() < 0.5:
        return Way(sent, operation=1 + chance.randrange(trial.operations))
    return Way(sent, seconds=0.01 + chance.random() * trial.seconds)


def _disturb(trial: Trial, way: Way, limits: Limits, found: Found) -> str:
    """Disturb a command once; gives in words how."""
    end = run(trial, way, MOST_SECONDS)
    what = f"{trial.name}, {way}"
    killed = way.sent == signal.SIGKILL
    _check(trial, end, what, found, killed)
    polite = way.sent is not None and not killed
    found.disturbed += end.status != 0
    if polite:
        found.add(end)
        assert way.sent is not None
        if end.status not in (0, 128 + way.sent, -way.sent):
            found.faults.append(f"{what}: status {end.status}: {end.said}")
        if end.seconds_after > limits.seconds or end.work_seconds_after > limits.work_seconds:
            found.faults.append(
                f"{what}: went on for {end.seconds_after:.1f} s, computing for {end.work_seconds_after:.1f} s"
            )
    return str(way)


def _on_small_device(trial: Trial, chance: random.Random, found: Found) -> str:
    """Run a command where its outputs or its temporary files are on a device that is too small, then on a larger."""
    place = chance.choice((trial.out, trial.out, trial.temporary))
    empty(place)
    size = round(SMALLEST_DEVICE_BYTES * 200 ** chance.random()) // DEVICE_PAGES * DEVICE_PAGES
    what = f"a device of {size} bytes for {place.name}"
    with SmallDevice(place, size) as device:
        (trial.out / NOTES).write_text("mine\n")
        end = run(trial, most_seconds=MOST_SECONDS)
        found.disturbed += end.status != 0
        _check(trial, end, f"{trial.name}, {what}", found)
        if end.status not in (0, 1) or (end.status == 1 and "full" not in end.said and "free" not in end.said):
            found.faults.append(f"{trial.name}, {what}: status {end.status}: {end.said}")
        device.grow(10**9)
        again = run(trial, most_seconds=MOST_SECONDS)
        if again.status or products(trial.out) != trial.products:
            found.faults.append(f"{trial.name}, {what}, then larger: status {again.status}: {again.said}")
        _check(trial, again, f"{trial.name}, {what}, then larger", found)
    if place == trial.out:
        (trial.out / NOTES).write_text("mine\n")
    return what


def _check(trial: Trial, end: End, what: str, found: Found, killed: bool = False) -> None:
    """What holds after every end."""
    if "Traceback" in end.said or "Exception ignored" in end.said or (not end.said and end.status == 1):
        found.faults.append(f"{what}: status {end.status}: {end.said}")
    if end.seconds > MOST_SECONDS:
        found.faults.append(f"{what}: hung")
    if end.orphans:
        found.faults.append(f"{what}: left the processes {end.orphans}")
    if end.most_bytes > MOST_BYTES:
        found.faults.append(f"{what}: took {end.most_bytes / 1e6:.0f} MB")
    known = dict(trial.products)
    if torn := [name for name, found_hash in products(trial.out) if known.get(name) != found_hash]:
        found.faults.append(f"{what}: torn or of unknown origin: {torn}")
    if not killed and (left := leftovers(trial)):
        found.faults.append(f"{what}: left {left}")
    _check_notes(trial, what, found)


def _check_notes(trial: Trial, what: str, found: Found) -> None:
    notes = trial.out / NOTES
    if not notes.is_file() or notes.read_text() != "mine\n":
        found.faults.append(f"{what}: a person's file is gone")


def _names(rows: frozenset[tuple[str, str]]) -> list[str]:
    return sorted({name for name, _ in rows})


def main() -> int:
    """Disturb every command many times; 1 if anything was not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--only", nargs="*", help="names of commands")
    parser.add_argument("--ways", nargs="*", default=list(dict.fromkeys(WAYS)), help="how they are disturbed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--length", type=float, default=0.5, help="seconds of a song")
    parser.add_argument("--busy", action="store_true", help="allow any time from a signal to the end")
    options = parser.parse_args()
    ways = [way for way in WAYS if way in options.ways]
    if "device" in ways and not may_mount():
        if subprocess.run(["unshare", "-Urm", "true"], capture_output=True).returncode == 0:
            os.environ["WAVEMIX_CAMPAIGN_MOUNTS"] = "1"
            os.execvp("unshare", ["unshare", "-Urm", sys.executable, *sys.argv])
        print("no device is filled: this user may not mount any")
        ways = [way for way in ways if way != "device"]
    from campaign.trials import COMMANDS, trials  # takes seconds, and what mounts begins anew

    faults, limits = 0, Limits(MOST_SECONDS, MOST_SECONDS) if options.busy else Limits()
    folder = Path(tempfile.mkdtemp())
    try:
        for trial in trials(folder, options.only or COMMANDS, options.length):
            chance, found = random.Random(options.seed), Found()
            measure(trial)
            for number in range(options.rounds):
                more = [chance.choice(ways)] if chance.random() < AGAIN else []
                play(trial, chance, [ways[number % len(ways)], *more], limits, found)
            print(
                f"{trial.name}: {options.rounds} rounds, disturbed {found.disturbed} times, {len(found.faults)} faults"
                f"; {trial.seconds:.1f} s by itself, at most {found.seconds_after:.2f} s from a signal to the end, "
                f"{found.work_seconds_after:.2f} s of them work, and {found.most_bytes / 1e6:.0f} MB",
                flush=True,
            )
            print("".join(f"  {fault}\n" for fault in found.faults), end="", flush=True)
            faults += len(found.faults)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
