"""The whole path learns: songs on disk, training, export, mixing."""

import shutil
from pathlib import Path

import numpy as np
import soundfile
from conftest import read
from scipy.signal import lfilter

from wavemix.pipeline import AutoMix, Delivery, Engine
from wavemix.training.recipe import Phase, Recipe
from wavemix.training.train import Run, train

RATE = 44_100
SECONDS = 6
TAPS = {"kick": [0.7, 0.3], "snare": [1.0, -0.4], "hihat": [0.5, 0.3, 0.2]}
GAINS = {"kick": (0.9, 0.9), "snare": (0.4, 0.7), "hihat": (0.6, 0.1)}


def test_a_model_overfits_six_seconds_to_30_db(sum_weights: Path, tmp_path: Path) -> None:
    songs, out = tmp_path / "songs", tmp_path / "out"
    write_song(songs / "train" / "song")
    shutil.copytree(songs / "train", songs / "valid")
    recipe = Recipe(
        "drums",
        phases=(Phase(1e-2, max_epochs=3), Phase(1e-3, max_epochs=1)),
        start="sum",
        levels=2,
        filters=4,
        batch_size=8,
        steps_per_epoch=100,
        target_samples=2048,
    )
    shutil.copytree(sum_weights, out, ignore=shutil.ignore_patterns("drums"))
    train(recipe, Run(songs, out, accelerator="cpu", wandb="off"), lambda line: None)

    song = songs / "train" / "song"
    AutoMix.from_pretrained(out, engine=Engine("cpu")).mix(song, tmp_path / "mix", Delivery(bits="32f"))
    target = read(song / "stems" / "drums.wav")
    error = read(tmp_path / "mix" / "stems" / "drums.wav") - target
    assert 10 * np.log10((target**2).mean() / (error**2).mean()) >= 30


def write_song(song: Path) -> None:
    """Noise bursts, and their stem: each filtered, weighed and panned."""
    rng = np.random.default_rng(0)
    (song / "raw" / "drums").mkdir(parents=True)
    (song / "stems").mkdir()
    samples = SECONDS * RATE
    stem = np.zeros((samples, 2))
    for name, taps in TAPS.items():
        is_playing = (rng.random(samples // 100) > 0.5).repeat(100)
        track = 0.1 * rng.standard_normal(samples) * is_playing
        soundfile.write(song / "raw" / "drums" / f"{name}.wav", track, RATE, subtype="FLOAT")
        stem += np.outer(lfilter(taps, 1, track), GAINS[name])
    soundfile.write(song / "stems" / "drums.wav", stem, RATE, subtype="FLOAT")
    (song / "song.yaml").write_text("title: six seconds\nlicence: CC0-1.0\n")
