from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml
from conftest import RATE

SECONDS, SHORT_SECONDS = 2, 0.5
STATIC = {  # gains to left and right of each raw track in its stem
    "drums/kick": (0.8, 0.8),
    "drums/hat": (0.2, 0.5),
    "bass/bass": (0.6, 0.5),
    "vocals/lead": (0.7, 0.6),
    "other/keys": (0.3, 0.6),
}
PITCHES_HZ = (70, 400, 90, 200, 150)


def tone(f0_hz: float, seed: int, seconds: float) -> np.ndarray:
    """Decaying notes with a little noise, `(samples,)`."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    harmonics = sum(np.sin(2 * np.pi * f0_hz * h * time + rng.random()) / h for h in range(1, 9))
    return 0.1 * harmonics * np.exp(-2 * (time % 0.5)) + 0.003 * rng.standard_normal(time.size)


def write_song_in(
    folder: Path,
    name: str,
    raw: Mapping[str, np.ndarray] | None = None,
    stems: Mapping[str, np.ndarray] | None = None,
    mix: np.ndarray | None = None,
    **facts: object,
) -> Path:
    """Write a song in the plain layout; samples are `(samples,)` or `(samples, channels)`."""
    song = folder / name
    sounds = {f"raw/{track}": samples for track, samples in (raw or {}).items()}
    sounds |= {f"stems/{group}": samples for group, samples in (stems or {}).items()}
    sounds |= {"mix": mix} if mix is not None else {}
    for place, samples in sounds.items():
        path = song / f"{place}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, RATE, subtype="FLOAT")
    (song / "song.yaml").write_text(yaml.safe_dump({"title": name, "alignment": {}} | facts))
    return song


@pytest.fixture
def write_plain(tmp_path: Path) -> Callable[..., Path]:
    """`write_plain(name, raw, stems, mix, **facts)` writes a song into `tmp_path/songs`."""
    return partial(write_song_in, tmp_path / "songs")


def write_static_song_in(folder: Path, name: str, seconds: float) -> Path:
    """Write a song whose stems and mix are static mixes of its raw tracks."""
    tones = enumerate(zip(STATIC, PITCHES_HZ, strict=True))
    raw = {track: tone(f0_hz, seed, seconds) for seed, (track, f0_hz) in tones}
    stems: dict[str, np.ndarray] = {}
    for track, samples in raw.items():
        group = track.split("/")[0]
        stems[group] = stems.get(group, 0) + np.outer(samples, STATIC[track])
    return write_song_in(folder, name, raw, stems, sum(stems.values()))


@pytest.fixture(scope="session")
def static_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a song, long enough for every measure, not to be changed."""
    return write_static_song_in(tmp_path_factory.mktemp("static") / "songs", "static", SECONDS)


@pytest.fixture(scope="session")
def short_song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a song, where it does not matter how long, not to be changed."""
    return write_static_song_in(tmp_path_factory.mktemp("short") / "songs", "static", SHORT_SECONDS)
