from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from wavemix.cli.prepare import LAYOUT_NAMES, prepare
from wavemix.data.layouts import LAYOUTS

NOISE = 0.1 * np.random.default_rng(0).standard_normal((4_000, 2))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(prepare, [str(argument) for argument in arguments])


@pytest.fixture
def songs(write_song: Callable[..., Path], tmp_path: Path) -> Path:
    raw = np.roll(NOISE[:, 0], -9)
    tracks = {
        "raw/bass/di.flac": raw,
        "stems/bass.flac": NOISE,
        "raw/other/pad.flac": raw,
        "stems/other.flac": NOISE[::-1],
    }
    write_song(tracks, "songs/train/one")
    write_song({"tracks/drums/kick.flac": NOISE}, "songs/valid/two")
    for name, title in (("train/one", "The Band - One"), ("valid/two", "The Band - Two")):
        (tmp_path / "songs" / name / "song.yaml").write_text(f"title: {title}\n")
    return tmp_path / "songs"


def test_the_layouts_are_those_that_there_are() -> None:
    assert list(LAYOUT_NAMES) == list(LAYOUTS)


def test_the_table_tells_what_was_done(songs: Path, tmp_path: Path) -> None:
    result = run("folder", songs, tmp_path / "out")
    assert result.exit_code == 0
    for words in ("bass 9 samples", "other left out", "derived", "2 songs taken (0 were there already), 0 left out"):
        assert words in result.output
    assert "The Band: has songs in train and valid" in result.output
    assert "2 songs taken (2 were there already)" in run("folder", songs, tmp_path / "out").output


def test_a_song_that_cannot_be_used_gives_status_1(songs: Path, tmp_path: Path) -> None:
    (songs / "train" / "one" / "raw" / "bass" / "di.flac").write_bytes(b"")
    result = run("folder", songs, tmp_path / "out")
    assert result.exit_code == 1
    assert "is empty" in result.output
    assert "1 songs taken" in result.output
    assert (tmp_path / "out" / "valid" / "two" / "song.yaml").is_file()
