"""Outputs appear whole or not at all, in their folder and nowhere else, and the dead leave nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wavemix import leftovers
from wavemix.errors import WavemixError
from wavemix.staging import staged_folder, stays_inside

NAMES = ("a.wav", "stems/b.wav", "z.json")


def write(target: Path, text: str) -> None:
    with staged_folder(target) as stage:
        for name in NAMES:
            (stage / name).parent.mkdir(exist_ok=True)
            (stage / name).write_text(text)


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def out(tmp_path):
    """A folder with an earlier output."""
    write(tmp_path / "out", "old")
    return tmp_path / "out"


def test_outputs_replace_earlier_ones(out):
    write(out, "new")
    assert contents(out) == dict.fromkeys(NAMES, "new")


def a_file_for_a_folder(out):
    (out / "stems/b.wav").unlink()
    (out / "stems").rmdir()
    (out / "stems").write_text("mine")


def a_folder_for_a_file(out):
    (out / "z.json").unlink()
    (out / "z.json").mkdir()


def a_folder_deep_inside(out):
    (out / "stems/b.wav").unlink()
    (out / "stems/b.wav").mkdir()


def a_link_that_leads_out(out):
    (out / "stems").rename(out.parent / "elsewhere")
    (out / "stems").symlink_to(out.parent / "elsewhere")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (a_file_for_a_folder, "stems: is a file where a folder is to be"),
        (a_folder_for_a_file, "z.json: is a folder where a file is to be written"),
        (a_folder_deep_inside, "stems/b.wav: is a folder where a file is to be written"),
        (a_link_that_leads_out, "stems: is a link where a folder is to be"),
    ],
)
def test_all_files_have_their_places_or_none_is_new(out, spoil, sentence):
    spoil(out)
    before = contents(out.parent)
    with pytest.raises(WavemixError, match=sentence):
        write(out, "new")
    assert contents(out.parent) == before


@pytest.mark.parametrize("moves", range(3))
@pytest.mark.parametrize("error", [OSError("no"), KeyboardInterrupt()], ids=["error", "interrupt"])
@pytest.mark.parametrize("earlier", [NAMES, NAMES[:1]], ids=["all", "one"])
def test_what_stops_half_way_is_undone(out, monkeypatch, moves, error, earlier):
    for name in set(NAMES) - set(earlier):
        (out / name).unlink()
    replace, left = Path.replace, iter(range(moves))

    def failing(path: Path, place: Path) -> Path:
        if path.read_text() == "new" and next(left, None) is None:
            raise error
        return replace(path, place)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises((WavemixError, KeyboardInterrupt)):
        write(out, "new")
    assert contents(out) == dict.fromkeys(earlier, "old")


def test_a_link_for_a_file_is_replaced_and_not_written_through(out):
    precious = out.parent / "precious"
    precious.write_text("mine")
    (out / "a.wav").unlink()
    (out / "a.wav").symlink_to(precious)
    write(out, "new")
    assert contents(out) == dict.fromkeys(NAMES, "new")
    assert precious.read_text() == "mine"


DYING = "import os, sys, pathlib, wavemix.staging as s; a = s.staged_folder(pathlib.Path(sys.argv[1])); a.__enter__(); "


def hidden(out: Path) -> list[Path]:
    return [path for path in out.iterdir() if path.name.startswith(".")]


def test_what_a_dead_process_left_goes_and_what_a_living_one_has_stays(out):
    subprocess.run([sys.executable, "-c", DYING + "os.kill(os.getpid(), 9)", out], check=False)
    assert len(hidden(out)) == 2
    waiting = [sys.executable, "-c", DYING + "print(flush=True); sys.stdin.read()", out]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as living:
        living.stdout.readline()
        write(out, "new")
        assert len(hidden(out)) == 2
        living.kill()
    write(out, "new")
    assert hidden(out) == []
    assert contents(out) == dict.fromkeys(NAMES, "new")


def test_what_was_killed_between_its_lock_and_its_folder_goes(out):
    (out / ".wavemix-dead.lock").touch()
    write(out, "new")
    assert hidden(out) == []


def test_a_lock_that_another_process_swept_is_made_anew(out, monkeypatch):
    """Nobody holds it in the moment between its making and its locking."""
    flock = leftovers.fcntl.flock

    def swept(file, how) -> None:
        if isinstance(file, int) and not taken:
            taken.append([lock.unlink() for lock in out.glob(".wavemix-*.lock")])
        flock(file, how)

    taken = []
    monkeypatch.setattr(leftovers.fcntl, "flock", swept)
    with leftovers.own_folder(out, ".wavemix-") as folder:
        assert taken and folder.is_dir() and folder.with_suffix(".lock").exists()
    assert hidden(out) == []


def test_without_a_lock_and_of_other_machines_only_what_is_old_goes(out):
    (out / ".wavemix-old").mkdir()
    (out / ".wavemix-young").mkdir()
    (out / ".wavemix-far").mkdir()
    (out / ".wavemix-far.lock").write_text("another machine")
    os.utime(out / ".wavemix-old", (0, 0))
    write(out, "new")
    assert {path.name for path in hidden(out)} == {".wavemix-young", ".wavemix-far", ".wavemix-far.lock"}


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "", ".", "a\\..\\x", "C:x", "\\x", 3, None, "a\0"])
def test_a_name_that_leads_elsewhere(name):
    assert not stays_inside(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_does_not(name):
    assert stays_inside(name)
