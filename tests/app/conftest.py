"""The app as its users start it, in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

EXAMPLE_SECONDS = 3.2
"""Enough for a short-term loudness."""

LITE = ("--family", "lite", "--example-seconds", str(EXAMPLE_SECONDS))


@dataclass(frozen=True)
class Running:
    """An app that runs.

    Attributes:
        process: It.
        address: Its page's.
        folder: The system's folder for temporary files, as it knows it.
    """

    process: subprocess.Popen[str]
    address: str
    folder: Path

    @property
    def visits(self) -> dict[str, list[str]]:
        """The files in the folder of each visit."""
        return {
            visit.name: sorted(path.relative_to(visit).as_posix() for path in visit.rglob("*") if path.is_file())
            for visit in self.folder.glob("wavemix-app-*/*")
            if visit.is_dir()
        }


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Running]:
    """Start the app, with options, and end it.

    Without its packages tests are skipped, but not where all of them are meant to run.
    """
    if os.environ.get("CI") != "true":
        pytest.importorskip("starlette")
        pytest.importorskip("uvicorn")
    folder.mkdir()
    command = [sys.executable, "-m", "wavemix", "app", "--port", "0", *options]
    with subprocess.Popen(
        command, env=os.environ | {"TMPDIR": str(folder)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, process.communicate()
            yield Running(process, found[0], folder)
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An app with the published models of the lite family, and a short example."""
    with running(tmp_path_factory.mktemp("app") / "tmp", *LITE) as found:
        yield found
