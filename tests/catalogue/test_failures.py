"""The list of failures at a destination never replaces one that is not ours."""

import json
import os
from pathlib import Path

import fsspec
import pytest

from wavemix.catalogue import Destination
from wavemix.catalogue.failures import write_failures
from wavemix.errors import WavemixError

ROWS = [("song", "/songs/song", "Kick.wav: is empty.")]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def write(out: Path, rows=ROWS) -> list[str]:
    return write_failures(Destination(str(out)), rows)


def names(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()}


def test_our_own_list_is_replaced(out):
    assert write(out) == write(out, []) == write(out) == []
    assert names(out) == {"failures.csv", "batch.json"}
    assert "Kick.wav" in (out / "failures.csv").read_text()


def test_a_list_of_a_person_gets_another_name(out):
    out.mkdir()
    (out / "failures.csv").write_text("mine")
    [note] = write(out)
    assert "failures.csv: was not written by wavemix, and is failures.csv.kept now." in note
    assert (out / "failures.csv.kept").read_text() == "mine"
    assert write(out) == []


def test_a_list_that_a_person_wrote_into_gets_another_name(out):
    write(out)
    with (out / "failures.csv").open("a") as file:
        file.write("song,,asked Ann for another take\n")
    [note] = write(out, [])
    assert "failures.csv.kept" in note
    assert "asked Ann" in (out / "failures.csv.kept").read_text()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"failures_sha256": 5}', '{"failures_sha256": [5]}', "[" * 100_000])
def test_a_batch_json_that_is_not_ours_gets_another_name(out, text):
    out.mkdir()
    (out / "batch.json").write_text(text)
    [note] = write(out)
    assert "batch.json.kept" in note
    assert (out / "batch.json.kept").read_text() == text


def test_a_kill_between_the_two_writes_leaves_a_list_that_is_ours(out, monkeypatch):
    write(out)
    wrote = Destination.write_text

    def killed(self: Destination, file: str, text: str) -> None:
        if file == "failures.csv":
            raise KeyboardInterrupt
        wrote(self, file, text)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Destination, "write_text", killed)
        write(out, [])
    assert write(out, []) == []
    assert names(out) == {"failures.csv", "batch.json"}


def test_a_link_is_not_written_through(out, tmp_path):
    out.mkdir()
    (tmp_path / "mine.csv").write_text("mine")
    (out / "failures.csv").symlink_to(tmp_path / "mine.csv")
    write(out)
    assert (tmp_path / "mine.csv").read_text() == "mine"
    assert not (out / "failures.csv").is_symlink()


def test_a_pipe_is_not_waited_for(out):
    out.mkdir()
    os.mkfifo(out / "failures.csv")
    with pytest.raises(WavemixError, match="failures.csv: is a pipe"):
        write(out)


def test_a_store_of_objects_has_the_same_promise():
    url = "memory://failures"
    files = fsspec.filesystem("memory")
    files.pipe_file("/failures/failures.csv", b"mine")
    assert len(write_failures(Destination(url), ROWS)) == 1
    assert files.cat_file("/failures/failures.csv.kept") == b"mine"
    assert write_failures(Destination(url), []) == []
    assert list(json.loads(files.cat_file("/failures/batch.json"))) == ["failures_sha256"]
