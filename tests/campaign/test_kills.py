"""A part of the campaign of `kills.py`: where a command is disturbed, the next run puts all right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.alone
def test_a_mix_that_is_disturbed_loses_nothing_and_leaves_nothing():
    """In a process that has no threads yet: they do not survive a fork."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}
    script = [
        sys.executable,
        "tests/campaign/kills.py",
        "--only",
        "mix",
        "--rounds",
        "3",
        "--seconds",
        "200",
    ]  # on a busy machine
    ended = subprocess.run(script, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert "mix: 3 times, 0 faults" in ended.stdout
