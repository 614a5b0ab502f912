"""Commands in processes that are forked from one with everything loaded, disturbed at a place of one's choice."""

import mmap
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

WRITING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"}
"""Python's audit events of operations that change a folder; files that are opened to be written come to them."""

ORPHANS_SECONDS = 10.0
"""Time that a process's children have to leave once it is dead."""

_POLL_SECONDS = 0.005

_TOLD = struct.Struct("ddd")
"""What a child tells: how many operations there were, when it was sent a signal, and its work until then."""


@dataclass
class Trial:
    """A command that may be run again and again.

    Attributes:
        name: Of the command.
        arguments: Its arguments.
        inputs: What it must never change.
        out: Where it writes.
        temporary: What it takes for the system's folder for temporary files.
        seconds: That it takes when nothing disturbs it; 0 until that is known.
        operations: How many changes of folders it makes then.
        products: Hashes of what it wrote when nothing disturbed it, by name.
    """

    name: str
    arguments: Sequence[object]
    inputs: Path
    out: Path
    temporary: Path
    seconds: float = 0.0
    operations: int = 0
    products: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Way:
    """How a command is disturbed.

    Attributes:
        sent: A signal that it gets.
        seconds: When, after its start.
        operation: Or before which of its operations on files, from 1.
        largest_file: Bytes that no file may pass, as if the disk were full; 0 for any.
    """

    sent: signal.Signals | None = None
    seconds: float = 0.0
    operation: int = 0
    largest_file: int = 0

    def __str__(self) -> str:
        if self.sent is None:
            return f"files of at most {self.largest_file} bytes" if self.largest_file else "nothing"
        when = f"before operation {self.operation}" if self.operation else f"after {self.seconds:.2f} s"
        return f"{self.sent.name} {when}"


@dataclass(frozen=True)
class End:
    """How a process ended.

    Attributes:
        status: As a shell has it: negative for the signal that killed it.
        said: On standard error.
        seconds: From its start.
        seconds_after: From the signal, if there was one in time.
        work_seconds_after: Of a core, from then on: what a busy machine does not lengthen.
        most_bytes: Of memory.
        operations: On files.
        orphans: Processes that it left, and that did not end by themselves in time.
    """

    status: int
    said: str
    seconds: float
    seconds_after: float
    work_seconds_after: float
    most_bytes: int
    operations: int
    orphans: Sequence[str]


def run(trial: Trial, way: Way = Way(), most_seconds: float = 600.0) -> End:
    """The command in a forked process, which is killed after so many seconds."""
    told = mmap.mmap(-1, _TOLD.size)
    with tempfile.TemporaryFile() as said:
        signalled: tuple[float, float] | None = None
        started = time.monotonic()
        child = os.fork()
        if not child:
            _become(trial, way, said.fileno(), told)
        while not (ended := os.wait4(child, os.WNOHANG))[0]:
            now = time.monotonic()
            if way.sent and way.seconds and not signalled and now - started >= way.seconds:
                signalled = now, _work_seconds(child)
                os.kill(child, way.sent)
            if now - started > most_seconds:
                os.killpg(child, signal.SIGKILL)
            time.sleep(_POLL_SECONDS)
        now = time.monotonic()
        orphans = _orphans(child)
        said.seek(0)
        text = said.read().decode(errors="replace")
    _, status, used = ended
    operations, sent_at, work_before = _TOLD.unpack(told[:])
    if signalled:
        sent_at, work_before = signalled
    return End(
        os.waitstatus_to_exitcode(status),
        text,
        now - started,
        now - sent_at if sent_at else 0.0,
        used.ru_utime + used.ru_stime - work_before if sent_at else 0.0,
        1024 * used.ru_maxrss,
        round(operations),
        orphans,
    )


def _become(trial: Trial, way: Way, said: int, told: mmap.mmap) -> NoReturn:
    """Be the command, in the child."""
    os.setsid()
    os.dup2(said, 2)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    if way.largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (way.largest_file, way.largest_file))
    sys.addaudithook(_counter(way, told))
    be(trial)


def be(trial: Trial, tell: Callable[[int], None] = lambda status: None) -> NoReturn:
    """Be the command, in a child, until its end.

    Args:
        trial: The command.
        tell: Takes its status.
    """
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.environ["TMPDIR"] = tempfile.tempdir = str(trial.temporary)
        from wavemix.cli import main

        main([str(argument) for argument in trial.arguments])
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        tell(status)
        os._exit(status)


def _counter(way: Way, told: mmap.mmap) -> Callable[[str, tuple[object, ...]], None]:
    """Counts operations on files, and sends the signal before the one that is to be disturbed."""

    def count(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            flags = arguments[2]
            if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return
        elif event not in WRITING:
            return
        number, sent_at, work = _TOLD.unpack(told[:])
        disturbed = way.sent is not None and number + 1 == way.operation
        if disturbed:
            sent_at, work = time.monotonic(), _work_seconds(os.getpid())
        told[:] = _TOLD.pack(number + 1, sent_at, work)
        if way.sent is not None and disturbed:
            os.kill(os.getpid(), way.sent)

    return count


def _orphans(session: int) -> list[str]:
    """Processes of a session whose leader is dead and which do not leave in time; they are killed."""
    deadline = time.monotonic() + ORPHANS_SECONDS
    while (left := _members(session)) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return list(left.values())


def _members(session: int) -> dict[int, str]:
    """The processes of a session that live, and their names."""
    return {process: name for process, name, state, _ in _processes(session) if state not in "ZX"}


def _work_seconds(session: int) -> float:
    """Time of a core that the processes of a session took so far."""
    return sum(work for *_, work in _processes(session))


def _processes(session: int) -> Iterator[tuple[int, str, str, float]]:
    """Number, name, state and seconds of work (with that of dead children) of each process of a session."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = path.read_text().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        state, _, _, its_session, *others = fields.split()
        if int(its_session) == session:
            yield int(path.parent.name), name, state, sum(map(int, others[7:11])) / os.sysconf("SC_CLK_TCK")


class SmallDevice:
    """A device in memory that is really full when it is full, mounted over a folder; needs a mount namespace."""

    def __init__(self, folder: Path, size: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)

    def grow(self, size: int) -> None:
        """Make it larger; what is on it stays."""
        subprocess.run(["mount", "-o", f"remount,size={size}", self._folder], check=True)

    def __enter__(self) -> "SmallDevice":
        return self

    def __exit__(self, *error: object) -> None:
        subprocess.run(["umount", "-l", self._folder], check=True)


def may_mount() -> bool:
    """Whether this process may mount devices, and nobody else sees them."""
    return os.environ.get("WAVEMIX_CAMPAIGN_MOUNTS") == "1"


def empty(folder: Path) -> None:
    """Make a folder empty; one that is not there stays so."""
    for path in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
