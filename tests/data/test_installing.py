"""A song comes to its place whole, and takes nothing of a person's with it."""

from pathlib import Path

import pytest

from wavemix.data.hashing import sha256
from wavemix.data.installing import Occupied, check_ours, install


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    """A folder with a new song."""
    song = tmp_path / "stage" / "song"
    song.mkdir(parents=True)
    (song / "song.yaml").write_text("title: new\n")
    (song / "mix.wav").write_bytes(b"new")
    return song.parent


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where an earlier song lies."""
    place = tmp_path / "train" / "song"
    place.mkdir(parents=True)
    (place / "song.yaml").write_text("title: old\n")
    (place / "mix.flac").write_bytes(b"old")
    return place


def listed(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path) for path in folder.iterdir()}


def test_what_a_ledger_lists_is_replaced(stage: Path, place: Path) -> None:
    install(stage / "song", place, listed(place))
    assert {path.name for path in place.iterdir()} == {"song.yaml", "mix.wav"}
    assert list(stage.iterdir()) == []


def test_what_it_does_not_list_is_not(stage: Path, place: Path) -> None:
    ours = listed(place)
    (place / "deep").mkdir()
    (place / "deep" / "notes.txt").write_text("mine")
    with pytest.raises(Occupied, match="deep/notes.txt: was not written by wavemix"):
        install(stage / "song", place, ours)
    with pytest.raises(Occupied, match="deep/notes.txt: was not written by wavemix"):
        check_ours(place, ours)
    assert (place / "deep/notes.txt").read_text() == "mine" and (place / "mix.flac").exists()


def test_a_song_that_cannot_come_to_its_place_leaves_the_earlier_one(
    stage: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, rename = listed(place), Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if path == stage / "song":
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        install(stage / "song", place, ours)
    assert listed(place) == ours


def test_a_link_in_its_place_is_not_followed(stage: Path, place: Path, tmp_path: Path) -> None:
    there = place.rename(tmp_path / "elsewhere")
    place.symlink_to(there)
    install(stage / "song", place, listed(there))
    assert not place.is_symlink() and (place / "mix.wav").exists()
    assert (there / "mix.flac").read_bytes() == b"old"
