"""The commands that are disturbed, each with little to do."""

from pathlib import Path

import numpy as np
import soundfile
import torch
import yaml
from campaign.kills import Trial

from wavemix.publishing.untrained import save_untrained
from wavemix.zoo.registry import TASKS

RATE = 44_100


def trials(folder: Path) -> list[Trial]:
    """Mixing, preparing, training and a catalogue, below a folder; all that they import is imported here."""
    import wavemix.catalogue.local_pool
    import wavemix.cli
    import wavemix.data.prepare
    import wavemix.pipeline
    import wavemix.training.train  # noqa: F401

    torch.set_num_threads(1)  # threads do not survive a fork
    weights = folder / "weights"
    for name in TASKS:
        save_untrained(name, weights / name, levels=3, filters=2)
    song = folder / "songs" / "one"
    for seed, name in enumerate(("Kick.wav", "Bass.wav", "Vox.flac")):
        _write(song / name, seed)
    for seed, place in enumerate(("train/one", "valid/two")):
        for track in ("kick", "snare"):
            _write(folder / "plain" / place / "tracks" / "drums" / f"{track}.wav", seed)
        (folder / "plain" / place / "song.yaml").write_text(f"title: {place}\nlicence: CC0-1.0\n")
    recipe = folder / "recipe.yaml"
    phases = [{"learning_rate": 0.01, "max_epochs": 2}]
    body = {"model": "drums", "levels": 2, "filters": 2, "batch_size": 2, "steps_per_epoch": 2, "phases": phases}
    recipe.write_text(yaml.safe_dump(body | {"target_samples": 2048}))
    out = folder / "out"
    training = ["train", recipe, "--data", folder / "plain", "--out", out / "train", "--wandb", "off", "--resume"]
    return [
        Trial("mix", ["mix", song, "-o", out / "mix", "--weights", weights], song, out / "mix"),
        Trial("prepare", ["prepare", "folder", folder / "plain", out / "songs"], folder / "plain", out / "songs"),
        Trial("train", training, folder / "plain", out / "train"),
        Trial(
            "batch",
            ["batch", song.parent, "-o", out / "batch", "--weights", weights, "--workers", 1],
            song.parent,
            out / "batch",
        ),
    ]


def _write(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.1 * np.random.default_rng(seed).standard_normal(RATE // 2).clip(-3, 3), RATE)
