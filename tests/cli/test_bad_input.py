"""Bad input: one clear sentence that names it, a non-zero exit, and nothing half-written."""

import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import noise
from own_process import after, with_a_full_disk

KICK = noise(0.1)


def wrong_folder(write_song, tmp_path):
    return tmp_path / "gone", "gone: no such folder"


def empty_folder(write_song, tmp_path):
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty", "empty: holds no tracks"


def no_audio(write_song, tmp_path):
    song = write_song({"Kick.wav": KICK})
    (song / "Kick.wav").rename(song / "Kick.txt")
    return song, "holds no tracks"


def corrupt(write_song, tmp_path):
    song = write_song({"Kick.wav": KICK})
    (song / "Snare.wav").write_bytes(os.urandom(5000))
    return song, "Snare.wav: not a sound file"


def truncated(write_song, tmp_path):
    song = write_song({"Kick.wav": KICK, "Snare.wav": KICK})
    os.truncate(song / "Snare.wav", 10_000)
    return song, "Snare.wav: is cut short"


def zero_length(write_song, tmp_path):
    song = write_song({"Kick.wav": KICK})
    (song / "Snare.wav").touch()
    return song, "Snare.wav: is empty (0 bytes)"


def not_a_number(write_song, tmp_path):
    return write_song({"Kick.wav": KICK, "Snare.wav": np.full((9, 1), np.nan)}), "Snare.wav: sample 0 (0.00 s) is NaN"


def infinite(write_song, tmp_path):
    return write_song({"Kick.wav": KICK, "Snare.wav": np.full((9, 1), -np.inf)}), "Snare.wav: sample 0"


def unreadable(write_song, tmp_path):
    song = write_song({"Kick.wav": KICK})
    (song / "Snare.wav").symlink_to(song / "gone")
    return song, "Snare.wav: no such file"


def unknown_format(write_song, tmp_path):
    song = write_song({"Kick.wav": KICK})
    (song / "Snare.m4a").write_bytes(b"\0" * 99)
    return song, "Snare.m4a: .m4a files cannot be read"


def all_silent(write_song, tmp_path):
    return write_song({"Kick.wav": 0 * KICK, "Bass.flac": 0 * KICK}), "every track is silent"


def manifest(text, message):
    def make(write_song, tmp_path):
        song = write_song({"Kick.wav": KICK})
        (song / "session.yaml").write_text(text)
        return song, message

    return make


CASES = {
    "no folder": wrong_folder,
    "empty folder": empty_folder,
    "no audio": no_audio,
    "corrupt": corrupt,
    "truncated": truncated,
    "zero length": zero_length,
    "NaN": not_a_number,
    "Inf": infinite,
    "unreadable": unreadable,
    "unknown format": unknown_format,
    "all silent": all_silent,
    "manifest: missing file": manifest("tracks: [{file: Gone.wav, group: drums}]", "names Gone.wav"),
    "manifest: unknown group": manifest("tracks: [{file: Kick.wav, group: tuba}]", "unknown group `tuba`"),
    "manifest: a gain in words": manifest(
        "tracks: [{file: Kick.wav, group: drums, gain_db: loud}]", "Kick.wav has the gain_db 'loud', which is no number"
    ),
    "manifest: no finite gain": manifest(
        "tracks: [{file: Kick.wav, group: drums, gain_db: .inf}]", "between -120 and 120 dB, got inf"
    ),
    "manifest: NaN for a gain": manifest("tracks: [{file: Kick.wav, group: drums, gain_db: .nan}]", "got nan"),
    "manifest: half muted": manifest("tracks: [{file: Kick.wav, group: drums, mute: 0.5}]", "write true or false"),
    "manifest: all muted": manifest(
        "tracks: [{file: Kick.wav, group: drums, mute: true}]", "every track is silent or muted"
    ),
    "manifest: duplicate": manifest(
        "tracks: [{file: Kick.wav, group: drums}, {file: Kick.wav, group: drums}]", "lists Kick.wav twice"
    ),
}


def says(outcome, message, status=1):
    lines = outcome.err.strip().splitlines()
    assert outcome.status == status
    assert len(lines) == 1
    assert lines[0].startswith("wavemix: ")
    assert message in lines[0]
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("case", CASES)
def test_a_song_that_cannot_be_mixed(run, write_song, sum_weights, tmp_path, case):
    song, message = CASES[case](write_song, tmp_path)
    out = tmp_path / "deep" / "out"
    says(run("mix", song, "-o", out, "--weights", sum_weights), message)
    assert not out.parent.exists()


@pytest.mark.parametrize("case", ["NaN", "all silent"])
def test_an_earlier_mix_survives_a_failure(run, write_song, sum_weights, tmp_path, case):
    good = write_song({"Kick.wav": KICK}, name="good")
    out = tmp_path / "out"
    assert run("mix", good, "-o", out, "--weights", sum_weights).status == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    song, message = CASES[case](write_song, tmp_path)
    says(run("mix", song, "-o", out, "--weights", sum_weights), message)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_odd_tracks_are_mixed_not_refused(run, write_song, sum_weights, tmp_path):
    """192 kHz, 8 channels, and 3 seconds beside 5 minutes."""
    song = write_song(
        {
            "Bass.flac": noise(300, rate=8_000),
            "Kick.wav": noise(3, rate=192_000),
            "Drums/multi.wav": noise(3, channels=8),
        },
        rates={"Bass.flac": 8_000, "Kick.wav": 192_000},
    )
    outcome = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights, "--no-stems")
    assert outcome.status == 0
    assert "10 tracks, 300.0 s mixed" in outcome.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--ceiling", "3"], "ceiling must be at most 0 dBTP (above it the mix would clip), got 3"),
        (["--loudness", "5"], "loudness must be"),
        (["--rate", "44"], "rate must be 8000 to 384000 Hz"),
        (["--rate", "fast"], "'fast' is not `model`, `source` or a whole number of Hz"),
        (["--format", "flac", "--bits", "32f"], "FLAC has no floating-point samples"),
        (["--block-seconds", "-1"], "-1.0 is not in the range"),
        (["--format", "mp3"], "'mp3' is not one of"),
        (["--gain", "tuba=3"], "there is no group 'tuba'; choose from drums, bass, vocals, other"),
        (["--gain", "bass=3", "--gain", "bass=3"], "names a group twice"),
        (["--gain", "bass"], "'bass' is not a group and a number of dB, such as vocals=+2"),
        (["--gain", "bass=loud"], "'bass=loud' is not a group"),
        (["--gain", "bass=inf"], "between -120 and 120 dB, got inf"),
        (["--gain", "bass=nan"], "got nan"),
        (["--amount", "140"], "amount must be 0 to 100, got 140"),
        (["--amount", "-1"], "amount must be 0 to 100, got -1"),
        (["--amount", "nan"], "amount must be 0 to 100, got nan"),
        (["--amount", "half"], "'half' is not a valid float"),
    ],
)
def test_options_that_make_no_sense(run, band, tmp_path, options, message):
    outcome = run("mix", band, "-o", tmp_path / "out", *options)
    assert outcome.status == 2
    assert message in outcome.err
    assert not (tmp_path / "out").exists()


def test_no_gpu(run, band, tmp_path, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    says(run("mix", band, "-o", tmp_path / "out", "--device", "cuda"), "there is no CUDA device here")


def test_a_folder_that_holds_no_weights(run, band, tmp_path):
    says(run("mix", band, "-o", tmp_path / "out", "--weights", tmp_path), "holds no model")


def test_weights_of_another_song(run, band, sum_weights, tmp_path):
    import shutil

    weights = shutil.copytree(sum_weights, tmp_path / "weights")
    shutil.copy(weights / "bass/model.safetensors", weights / "drums/model.safetensors")
    says(run("mix", band, "-o", tmp_path / "out", "--weights", weights), "drums/model.safetensors: is not the file")
    assert not (tmp_path / "out").exists()
    says(run("models", "--weights", weights), "drums/model.safetensors: is not the file")


@pytest.mark.parametrize("place", ["file/out", "file"])
def test_an_output_folder_that_cannot_be_made(run, band, sum_weights, tmp_path, place):
    (tmp_path / "file").touch()
    outcome = run("mix", band, "-o", tmp_path / place, "--weights", sum_weights)
    says(outcome, "cannot be written")
    assert str(tmp_path / place) in outcome.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_that_may_not_be_written(run, band, sum_weights, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    says(run("mix", band, "-o", tmp_path / "locked", "--weights", sum_weights), "cannot be written (Permission denied)")


def test_a_disk_that_is_too_small_is_seen_at_once(run, band, sum_weights, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1000))
    says(run("mix", band, "-o", tmp_path / "out", "--weights", sum_weights), "free some space")
    assert not (tmp_path / "out").exists()


def mixing(song, out, weights):
    """The command line for a process of its own."""
    command = [sys.executable, "-m", "wavemix", "mix", song, "-o", out, "--weights", weights, "--block-seconds", "0.05"]
    return [*command, "--bits", "32f"]


@pytest.mark.parametrize("limit_bytes", [20_000, 500_000, 3 * 44_100 * 2 * 4])
def test_a_disk_that_fills_half_way(write_song, sum_weights, tmp_path, limit_bytes):
    """The system lets no file grow past a limit: early or late in a scratch file, or only in an output."""
    song = write_song({"Kick.wav": noise(3)})

    command = with_a_full_disk(limit_bytes, *mixing(song, tmp_path / "out", sum_weights))
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    err = done.stderr
    assert err.startswith(f"wavemix: {tmp_path / 'out'}: ")
    assert len(err.strip().splitlines()) == 1
    assert "disk is full" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("kill", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupt_half_way(write_song, sum_weights, tmp_path, kill, status):
    song = write_song({"Kick.wav": noise(60)})
    out = tmp_path / "out"

    # What runs in the background of a shell ignores the first, and under nohup the other.
    heed = "for number in (signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_DFL)"
    command = after(heed, *mixing(song, out, sum_weights))
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not any(path.stat().st_size for path in out.rglob("drums")) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert process.poll() is None, "it ended before it could be interrupted"
        process.send_signal(kill)
        _, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert ("interrupted; nothing was written" in err) == (kill == signal.SIGINT)
    assert "Traceback" not in err
    assert not out.exists()
