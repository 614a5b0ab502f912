"""What must not happen in pytest's process, which has threads and, as one of several workers, a pipe to the others.

A fork of it takes half of it along, a limit or a signal may end it, and then a worker is gone without a word. So tests
that need such things start another process.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
PYTHONPATH = os.pathsep.join((str(ROOT), str(TESTS), os.environ.get("PYTHONPATH", "")))


def run_script(script: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run a script of ours, with no thread but its first."""
    command = [sys.executable, script, *map(str, arguments)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": PYTHONPATH}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def after(statements: str, *command: object) -> list[str]:
    """A command that begins when Python, as the process that it is going to be, has done something to itself."""
    code = f"import os, resource, signal, sys\n{statements}\nos.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-S", "-c", code, *map(str, command)]


def with_a_full_disk(most_bytes: int, *command: object) -> list[str]:
    """A command of which the system lets no file grow past so many bytes."""
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {most_bytes}))"
    return after(f"{limit}; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)", *command)
