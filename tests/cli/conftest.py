from collections.abc import Callable
from dataclasses import dataclass

import pytest

from wavemix.cli import main


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys) -> Callable[..., Outcome]:
    """Run the command line in this process: `run("mix", song, "-o", out)`."""

    def command(*arguments: object) -> Outcome:
        status: int | str | None = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as leave:
            status = leave.code
        captured = capsys.readouterr()
        assert isinstance(status, int | None)
        return Outcome(status or 0, captured.out, captured.err)

    return command
