"""`wavemix batch` on processes of this machine."""

import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from catalogue.results import killing_a_worker, marks
from own_process import after

from wavemix.catalogue import Outcome, Pace, Song
from wavemix.leftovers import SCRATCH_PREFIX, scratch_folder


@pytest.fixture
def batch(run, tiny_weights, tmp_path):
    """Run `wavemix batch` on the songs, into `out`."""

    def command(manifest: Path, *options: object, output: object = tmp_path / "out"):
        return run("batch", manifest, "-o", output, "--weights", tiny_weights, "--bits", "16", *options)

    return command


def failures(out: Path) -> list[list[str]]:
    return list(csv.reader((out / "failures.csv").read_text().splitlines()))[1:]


def test_a_catalogue_is_mixed_failures_are_listed_and_the_next_batch_does_the_rest(batch, write_catalogue, tmp_path):
    songs = write_catalogue(3)
    broken = (songs / "song01").rename(songs / "=song01")
    whole = (broken / "Kick.wav").read_bytes()
    (broken / "Kick.wav").write_bytes(b"no sound")
    first = batch(songs, "--workers", "1")
    assert first.status == 1
    assert "2 songs mixed, 0 were done already, 1 failed" in first.out
    assert "song01" in first.out
    assert "3 of 3 songs" in first.err
    [[name, song, problem]] = failures(tmp_path / "out")
    assert (name, song) == ("'=song01", str(broken))  # no formula for whoever opens the list in a spreadsheet
    assert "Kick.wav" in problem and problem in first.err.replace("\n", " ")
    assert set(marks(tmp_path / "out")) == {"song00", "song02"}

    (broken / "Kick.wav").write_bytes(whole)
    second = batch(songs, "--workers", "1")
    assert second.status == 0
    assert "1 songs mixed, 2 were done already, 0 failed" in second.out
    assert failures(tmp_path / "out") == []


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_lost_or_done_twice(
    batch, write_catalogue, tmp_path, monkeypatch
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))  # this process's, and its children's
    monkeypatch.setenv("TMPDIR", str(scratch))
    songs, out = write_catalogue(12), tmp_path / "out"
    with killing_a_worker(out, after_songs=4) as watched:
        outcome = batch(songs, "--workers", "2")
    assert watched.killed
    assert outcome.status == 0, outcome.err
    assert "12 of 12 songs" in outcome.err
    final = marks(out)
    assert len(final) == 12
    assert len({mark["worker"] for mark in final.values()}) >= 2
    assert watched.written == {name: [mark["worker"]] for name, mark in final.items()}  # none was written again
    assert not list(scratch.glob(f"{SCRATCH_PREFIX}*[!k]"))


def test_an_interrupt_ends_the_workers_and_the_batch_goes_on_later(batch, write_catalogue, tmp_path, tiny_weights):
    songs, out = write_catalogue(20, seconds=0.5), tmp_path / "out"
    command = ["batch", songs, "-o", out, "--weights", tiny_weights, "--workers", "1", "--bits", "16"]
    heed = "signal.signal(signal.SIGINT, signal.SIG_DFL)"  # what runs in the background of a shell ignores it
    process = subprocess.Popen(
        after(heed, sys.executable, "-m", "wavemix", *map(str, command)),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not marks(out):
        assert process.poll() is None
        time.sleep(0.01)
    [worker] = {int(mark["worker"].rpartition(":")[2]) for mark in marks(out).values()}
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.endswith("wavemix: interrupted; nothing was written for the song in work.\n")
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    kept = len(marks(out))
    assert 0 < kept < 20
    assert f"{20 - kept} songs mixed, {kept} were done already" in batch(songs, "--workers", "1").out


def test_what_is_wrong_with_the_whole_batch_is_said_at_once(batch, write_catalogue, tmp_path, run):
    songs = write_catalogue(2)
    assert "would lie within each other" in batch(songs, output=songs).err
    (tmp_path / "crossed.yaml").write_text("- {song: songs/song00, name: song01}\n- {song: songs/song01, name: x}\n")
    crossed = batch(tmp_path / "crossed.yaml", output=songs).err
    assert f"{songs / 'song01'} and the mix of {songs / 'song00'} would lie within each other" in crossed
    (tmp_path / "file").touch()
    assert "cannot be written" in batch(songs, output=tmp_path / "file").err
    assert "is no place for mixes" in batch(songs, output="nowhere://x").err
    missing = run("batch", songs, "-o", tmp_path / "out", "--weights", tmp_path, "--workers", "1")
    assert (missing.status, "holds no model" in missing.err) == (1, True)
    assert run("batch", songs, "-o", tmp_path / "out", "--format", "flac", "--bits", "32f").status == 2


def test_scratch_of_dead_processes_goes_and_that_of_living_ones_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"{SCRATCH_PREFIX}dead").mkdir()
    (tmp_path / f"{SCRATCH_PREFIX}dead.lock").touch()
    (tmp_path / f"{SCRATCH_PREFIX}dead/stem.wav").touch()
    (tmp_path / f"{SCRATCH_PREFIX}dead without a lock").mkdir()
    os.utime(tmp_path / f"{SCRATCH_PREFIX}dead without a lock", (0, 0))
    with scratch_folder() as one, scratch_folder() as other:
        assert one.is_dir() and other.is_dir()
        assert len(list(tmp_path.iterdir())) == 4
    assert not list(tmp_path.iterdir())


def test_the_pace_counts_mixed_songs(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    pace = Pace(10)
    assert pace.describe() == ""
    for state in ("kept", "kept", "mixed", "failed", "mixed"):
        pace.add(Outcome(Song("a", Path("a")), state))
    now[0] = 60.0
    assert pace.songs_per_hour == pytest.approx(120)
    assert pace.seconds_left == pytest.approx(150)
    assert pace.describe() == ", 120 an hour, 0:02:30 left"
