"""Catalogues of songs that are mixed in a moment, and where they are mixed to."""

from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from catalogue.results import make_worker
from conftest import RATE, noise

from wavemix.catalogue import Settings
from wavemix.catalogue.worker import Worker
from wavemix.pipeline import Delivery, Engine

WriteCatalogue = Callable[..., Path]


@pytest.fixture
def write_catalogue(tmp_path: Path) -> WriteCatalogue:
    """Write a folder of songs of two tracks: `write_catalogue(40)`."""

    def write(songs: int, seconds: float = 0.05) -> Path:
        folder = tmp_path / "songs"
        for number in range(songs):
            song = folder / f"song{number:02}"
            song.mkdir(parents=True)
            for seed, track in enumerate(("Kick.wav", "Bass.wav")):
                soundfile.write(song / track, noise(seconds, seed=2 * number + seed), RATE, subtype="PCM_16")
        return folder

    return write


@pytest.fixture
def settings(tmp_path: Path, tiny_weights: Path) -> Settings:
    return Settings(str(tmp_path / "out"), Delivery(bits="16"), tiny_weights, Engine("cpu"))


@pytest.fixture
def worker(settings: Settings, tmp_path: Path) -> Worker:
    """A worker in this process, with the models loaded."""
    return make_worker(settings, tmp_path)
