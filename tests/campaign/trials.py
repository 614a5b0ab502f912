"""The commands that are disturbed, each with little to do."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import soundfile
import torch
import yaml
from campaign.commands import Trial

from wavemix.publishing.untrained import save_untrained
from wavemix.zoo.registry import TASKS

RATE = 44_100

Arguments = Callable[[Path, Path, float], tuple[Path, Sequence[object]]]
"""Writes a command's inputs; takes a folder, a place for outputs and a song's seconds; gives the inputs' folder."""


def trials(folder: Path, names: Sequence[str], seconds: float) -> Iterator[Trial]:
    """Commands below a folder; all that they import is imported here."""
    import wavemix.catalogue.local_pool
    import wavemix.cli
    import wavemix.data.prepare
    import wavemix.pipeline
    import wavemix.training.train  # noqa: F401

    torch.set_num_threads(1)  # threads do not survive a fork
    for name in names:
        place = folder / name
        out, temporary = place / "out", place / "temporary"
        temporary.mkdir(parents=True)
        inputs, arguments = _COMMANDS[name](place, out, seconds)
        yield Trial(name, arguments, inputs, out, temporary)


def _mix(place: Path, out: Path, seconds: float) -> tuple[Path, Sequence[object]]:
    return _song(place / "songs" / "one", seconds), ["mix", place / "songs" / "one", "-o", out, *_weights(place)]


def _batch(place: Path, out: Path, seconds: float) -> tuple[Path, Sequence[object]]:
    """With a worker that is forked, like all here, others import everything anew; and with one thread, as all here."""
    from wavemix.catalogue import local_pool

    os.sched_getaffinity = lambda process: {0}  # type: ignore[assignment]
    local_pool.SPAWN = multiprocessing.get_context("fork")  # type: ignore[assignment]
    for name in ("one", "two"):
        _song(place / "songs" / name, seconds)
    return place / "songs", ["batch", place / "songs", "-o", out, *_weights(place), "--workers", 1]


def _prepare(place: Path, out: Path, seconds: float) -> tuple[Path, Sequence[object]]:
    return _plain(place / "plain", seconds), ["prepare", "folder", place / "plain", out]


def _train(place: Path, out: Path, seconds: float) -> tuple[Path, Sequence[object]]:
    recipe = place / "recipe.yaml"
    phases = [{"learning_rate": 0.01, "max_epochs": 2}]
    values = {"model": "drums", "levels": 2, "filters": 2, "batch_size": 2, "steps_per_epoch": 2, "phases": phases}
    recipe.write_text(yaml.safe_dump(values | {"target_samples": 2048, "save_every_steps": 1}))
    training = ["train", recipe, "--data", _plain(place / "plain", seconds), "--out", out, "--wandb", "off", "--resume"]
    return place / "plain", [*training, "--accelerator", "cpu"]


def _render(place: Path, out: Path, seconds: float) -> tuple[Path, Sequence[object]]:
    """With a song that is shorter than those that the command takes, and a soundfont of no size."""
    from rendering.material import note, program, write_instrument, write_kit, write_midi
    from rendering.tone_font import write_tone_font

    from wavemix.rendering import compositions

    compositions.LEAST_SECONDS = 1.0
    kits = place / "inputs" / "kits"
    write_kit(kits / "muldjord_lite")
    write_instrument(kits / "growlybass", "sustain", range(2, 5))
    for guitar in ("black_ord_twang", "green_ord_twang"):
        write_instrument(kits / "bg_guitars", guitar, range(3, 7))
    _write(place / "inputs" / "impulse_responses" / "room.flac", 0, 0.5)
    beats = range(0, max(4, round(2 * seconds)), 2)
    drums = [message for beat in beats for drum in (36, 42) for message in note(beat, 1, drum, channel=9)]
    piano = [program(0, 0, 2), *(message for beat in beats for message in note(beat, 2, 60, channel=2))]
    (place / "inputs" / "midi").mkdir()
    write_midi(place / "inputs" / "midi" / "song.mid", drums, piano)
    rendering = ["render", place / "inputs" / "midi", "-o", out, "--ingredients", place / "inputs", "--jobs", 1]
    return place / "inputs", [*rendering, "--soundfont", write_tone_font(place / "inputs" / "tone.sf2")]


def _evaluate(place: Path, out: Path, seconds: float) -> tuple[Path, Sequence[object]]:
    return _plain(place / "plain", seconds), ["evaluate", place / "plain" / "train", "-o", out, *_weights(place)]


_COMMANDS: Mapping[str, Arguments] = {
    "mix": _mix,
    "prepare": _prepare,
    "train": _train,
    "batch": _batch,
    "render": _render,
    "evaluate": _evaluate,
}

COMMANDS = list(_COMMANDS)


def _weights(place: Path) -> list[object]:
    for name in TASKS:
        save_untrained(name, place / "weights" / name, levels=3, filters=2)
    return ["--weights", place / "weights"]


def _song(folder: Path, seconds: float) -> Path:
    """Tracks alone."""
    for seed, name in enumerate(("Kick.wav", "Bass.wav", "Vox.flac")):
        _write(folder / name, seed, seconds)
    return folder


def _plain(folder: Path, seconds: float) -> Path:
    """Songs in the plain layout, with stems and mixes that are sums of their tracks."""
    for seed, place in enumerate(("train/one", "valid/two")):
        song = folder / place
        stems = []
        for group, tracks in (("drums", ("kick", "snare")), ("bass", ("di",))):
            made = [
                _write(song / "raw" / group / f"{track}.wav", seed + at, seconds) for at, track in enumerate(tracks)
            ]
            stems.append(np.stack([sum(made), 0.5 * sum(made)], axis=1))
            _save(song / "stems" / f"{group}.wav", stems[-1])
        _save(song / "mix.wav", sum(stems))
        (song / "song.yaml").write_text(f"title: {place}\nlicence: CC0-1.0\n")
    return folder


def _write(path: Path, seed: int, seconds: float) -> np.ndarray:
    samples = 0.1 * np.random.default_rng(seed).standard_normal(round(seconds * RATE)).clip(-3, 3)
    return _save(path, samples)


def _save(path: Path, samples: np.ndarray) -> np.ndarray:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, RATE)
    return samples
