"""A part of the campaign of `kills.py`: where a command is disturbed, the next run puts all right."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from own_process import run_script

COMMANDS = ("mix", "prepare", "train", "batch", "render")
NO_DEVICE = "no device is filled"


@pytest.fixture(scope="module")
def campaign(soundfont: Path) -> Mapping[str, str]:
    """What the campaign says of each command; in a process that has no threads yet, which do not survive a fork."""
    ended = run_script("tests/campaign/kills.py", "--rounds", 4, "--busy", "--only", *COMMANDS)
    assert ended.stderr == ""
    said = {line.split(": ")[0]: line for line in ended.stdout.splitlines() if not line.startswith(" ")}
    assert (ended.returncode == 0) == all(", 0 faults" in said[name] for name in COMMANDS), ended.stdout
    return said | {"all": ended.stdout}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_disturbed_loses_nothing_and_leaves_nothing(campaign: Mapping[str, str], command: str):
    assert ", 0 faults" in campaign[command], campaign["all"]


def test_a_real_device_that_fills_is_told_of_and_is_gone_on_with_once_there_is_room(campaign: Mapping[str, str]):
    if NO_DEVICE in campaign["all"]:
        pytest.skip("this user may not mount a device of memory")
    assert all(", 0 faults" in campaign[command] for command in COMMANDS), campaign["all"]
