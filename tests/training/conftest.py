"""Songs and a recipe so small that a training takes a second."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from wavemix.training.recipe import Phase, Recipe

RATE = 44_100
PLACES = {"kick": (0.9, 0.9), "snare": (0.4, 0.7), "hihat": (0.6, 0.1)}
"""Gains to the left and right by which the stems are mixed."""


@pytest.fixture(scope="package", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads wait for each other longer than such networks take; child processes take after this one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="package", autouse=True)
def no_pictures() -> Iterator[None]:
    """Drawing takes most of so short a training; `test_loggers.py` has pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wavemix.training.examples.draw_mel", lambda sounds: None)
        yield


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prepared songs: two to train on and one to validate on, three drum tracks each."""
    folder = tmp_path_factory.mktemp("songs")
    for seed, place in enumerate(("train/one", "train/two", "valid/three")):
        write_drums(folder / place, seconds=0.5, seed=seed)
    return folder


@pytest.fixture(scope="session")
def raw_songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Songs of raw tracks alone, half a second each."""
    folder = tmp_path_factory.mktemp("raw")
    for seed, place in enumerate(("train/one", "demo/two", "valid/three", "test/four")):
        rng = np.random.default_rng(seed)
        for file in ("drums/Kick", "drums/Overhead L", "bass/DI", "vocals/Lead", "other/Piano"):
            path = folder / place / "raw" / f"{file}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, 0.1 * rng.standard_normal(RATE // 2), RATE, subtype="FLOAT")
        (folder / place / "song.yaml").write_text(f"title: {place}\nlicence: CC0-1.0\n")
    return folder


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """Two short phases of a tiny network."""
    return Recipe(
        "drums",
        phases=(Phase(1e-2, max_epochs=2), Phase(1e-3, max_epochs=1)),
        levels=2,
        filters=2,
        batch_size=4,
        steps_per_epoch=3,
        target_samples=2048,
        save_every_steps=1,
    )


def write_drums(song: Path, seconds: float, seed: int) -> None:
    """Noise bursts as kick, snare and hi-hat, and their stem in the plain layout."""
    rng = np.random.default_rng(seed)
    (song / "raw" / "drums").mkdir(parents=True)
    (song / "stems").mkdir()
    stem = np.zeros((round(seconds * RATE), 2))
    for name, gains in PLACES.items():
        track = 0.1 * rng.standard_normal(len(stem)) * (rng.random(len(stem) // 100 + 1) > 0.5).repeat(100)[: len(stem)]
        soundfile.write(song / "raw" / "drums" / f"{name}.wav", track, RATE, subtype="FLOAT")
        stem += np.outer(track, gains)
    soundfile.write(song / "stems" / "drums.wav", stem, RATE, subtype="FLOAT")
    (song / "song.yaml").write_text(f"title: {song.name}\nlicence: CC0-1.0\n")
