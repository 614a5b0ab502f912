from pathlib import Path

import pytest
import soundfile
from listening.tones import COMMON_HZ, MARKERS_HZ, RATE, tones


@pytest.fixture(scope="session")
def mixes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two songs of 2 s, one louder than the other, in three mixes each."""
    folder = tmp_path_factory.mktemp("listening") / "songs"
    for song, level in (("first", 0.1), ("second", 0.02)):
        (folder / song).mkdir(parents=True)
        for name, marker_hz in MARKERS_HZ.items():
            samples = tones(2.0, (level, COMMON_HZ), (level / 2, marker_hz))
            soundfile.write(folder / song / f"{name}.wav", samples, RATE)
    return folder
