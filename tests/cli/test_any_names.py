"""Names of files in bytes that are not UTF-8, and names beyond ASCII where ASCII is all that the system reads."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import noise

from wavemix.documents.json_text import read_json
from wavemix.session.manifest import load_session

NOT_UTF_8 = os.fsdecode(b"kick\xff.wav")
WITHOUT_UTF_8 = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def song(write_song, tmp_path: Path) -> Path:
    """A song with such tracks."""
    folder = write_song({"Snare.wav": noise(0.1), "Voz ñ.wav": noise(0.1, seed=1), "キック.wav": noise(0.1, seed=2)})
    try:
        shutil.copy(folder / "Snare.wav", folder / NOT_UTF_8)
    except OSError:
        pytest.skip("this disk takes no names that are not UTF-8")
    return folder


def test_a_name_that_is_not_utf_8_is_routed_mixed_and_mixed_again(run, song, tmp_path, sum_weights):
    assert run("session", song).status == 0
    assert NOT_UTF_8 in [track.file.name for track in load_session(song / "session.yaml").tracks]
    mixed = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights)
    assert (mixed.status, mixed.err) == (0, "")
    again = run(
        "mix", song, "-o", tmp_path / "out", "--weights", sum_weights, "--session", tmp_path / "out/session.yaml"
    )
    assert (again.status, again.err) == (0, "")
    report = read_json(tmp_path / "out/report.json")
    assert NOT_UTF_8 in [track["file"] for track in report["tracks"]]


def test_a_folder_whose_name_is_not_utf_8_is_read_and_written(run, song, tmp_path, sum_weights):
    named = song.rename(song.with_name(os.fsdecode(b"tune\xff")))
    out = tmp_path / os.fsdecode(b"out\xff")
    mixed = run("mix", named, "-o", out, "--weights", sum_weights)
    assert (mixed.status, mixed.err) == (0, "")
    assert (out / "mix.wav").is_file()
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["song"] == named.name


def test_where_only_ascii_is_read_all_names_are_mixed_and_written_as_elsewhere(run, song, tmp_path, sum_weights):
    assert run("session", song, "-o", tmp_path / "here.yaml").status == 0
    assert run("mix", song, "-o", tmp_path / "here", "--weights", sum_weights).status == 0
    arguments = [
        ["session", str(song), "-o", str(tmp_path / "there.yaml")],
        ["session", str(tmp_path / "here.yaml"), "-o", str(tmp_path / "there too.yaml")],
        ["mix", str(song), "-o", str(tmp_path / "there"), "--weights", str(sum_weights)],
    ]
    program = f"""
import sys
from wavemix.cli import main
assert sys.getfilesystemencoding() == "ascii"
for arguments in {arguments!a}:
    try:
        main(arguments)
    except SystemExit as leave:
        assert leave.code == 0, arguments
"""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=os.environ | WITHOUT_UTF_8 | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
    )
    assert (told.returncode, told.stderr) == (0, b"")

    def tracks(manifest: Path) -> list[tuple[str, str, str]]:
        return [(str(track.file), track.group, track.role) for track in load_session(manifest).tracks]

    routed = tracks(tmp_path / "here.yaml")
    assert ("キック.wav", "drums", "kick") in routed
    for manifest in ("there.yaml", "there too.yaml", "there/session.yaml"):
        assert tracks(tmp_path / manifest) == routed
    assert (tmp_path / "there/mix.wav").read_bytes() == (tmp_path / "here/mix.wav").read_bytes()


def test_what_standard_output_cannot_show_is_shown_as_an_escape(song):
    program = "import sys; from wavemix.cli import main; main(['session', *sys.argv[1:]])"
    told = subprocess.run(
        [sys.executable, "-c", program, str(song)], env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True
    )
    assert (told.returncode, told.stderr) == (0, b"")
    assert b"Voz \\xf1.wav" in told.stdout
