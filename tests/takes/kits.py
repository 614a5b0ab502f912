"""A small kit before microphones: what each hears, late by as many samples as it is away."""

from pathlib import PurePath

import numpy as np
from conftest import RATE

from wavemix.audio.arrays import array_info
from wavemix.dsp.alignment import delayed
from wavemix.session.session import Track

KIT = {"Kick": 150, "Snare": 90, "Hat": 40}
"""Samples until the overheads hear each."""


def strokes(seed: int, seconds: float, decay_seconds: float = 0.04) -> np.ndarray:
    """A drum that is struck about three times a second, `(samples,)`, each stroke another sound."""
    rng = np.random.default_rng(seed)
    out = np.zeros(round(seconds * RATE))
    for at in rng.integers(2_000, len(out) - 6_000, round(3 * seconds)):
        length = 5_000
        out[at : at + length] += rng.standard_normal(length) * np.exp(-np.arange(length) / RATE / decay_seconds)
    return 0.2 * out


def kit(seconds: float = 6.0) -> dict[str, np.ndarray]:
    """Close microphones, which hear the other drums a little, and an overhead, which hears all."""
    rng = np.random.default_rng(99)
    own = {name: strokes(seed, seconds) for seed, name in enumerate(KIT)}
    tracks = {
        name: own[name] + 0.05 * sum(delayed(own[other], 60) for other in KIT if other != name) for name in KIT
    } | {"OH": sum(0.3 * delayed(_in_a_room(own[name], seed), away) for seed, (name, away) in enumerate(KIT.items()))}
    return {name: (wave + 1e-4 * rng.standard_normal(len(wave))).astype(np.float32) for name, wave in tracks.items()}


def _in_a_room(wave: np.ndarray, seed: int) -> np.ndarray:
    """With early reflections; else the overhead would be the sum of the others, which sessions leave out."""
    room = np.random.default_rng(seed).standard_normal(400) * np.exp(-np.arange(400) / 100) / 6
    return np.convolve(wave, np.concatenate([[1.0], room]))[: len(wave)]


def machine(seconds: float = 6.0, spill: float = 0.0) -> dict[str, np.ndarray]:
    """Drums that a machine strikes at once, always alike, on tracks that hold some of each other, and an overhead."""
    rng = np.random.default_rng(7)
    own = {name: np.zeros(round(seconds * RATE)) for name in KIT}
    for every, wave in enumerate(own.values(), 1):
        stroke = 0.2 * rng.standard_normal(4_000) * np.exp(-np.arange(4_000) / 600)
        for at in range(3_000, len(wave) - 9_000, every * RATE // 4):
            wave[at : at + len(stroke)] += stroke
    everything = sum(delayed(wave, 60) for wave in own.values())
    overhead = sum(delayed(own[name], away) for name, away in KIT.items())
    tracks = {name: wave + spill * (everything - delayed(wave, 60)) for name, wave in own.items()} | {"OH": overhead}
    return {name: (wave + 1e-4 * rng.standard_normal(len(wave))).astype(np.float32) for name, wave in tracks.items()}


def opened(name: str, wave: np.ndarray, group: str = "drums", role: str = "kick"):
    """A track and what stands for its file."""
    return Track(PurePath(name), group, role, ""), array_info(name, np.atleast_2d(wave).astype(np.float32), RATE)
