import shutil

import numpy as np
import pytest
from conftest import RATE, noise, read

from wavemix.dsp.loudness import LoudnessMeter
from wavemix.metrics.excerpt import Window, choose_window, cut, normalise

LOW_RATE = 8_000


def bursts(*parts: tuple[float, float], seed: int = 0) -> np.ndarray:
    """Noise of so many seconds at such amplitudes, one after the other, `(1, samples)`."""
    return np.concatenate([noise(seconds, rate=LOW_RATE, seed=seed, level=level) for seconds, level in parts]).T


def loudness_lufs(audio: np.ndarray, rate: int = LOW_RATE) -> float:
    meter = LoudnessMeter(rate, len(audio))
    meter.update(audio)
    return meter.integrated_lufs()


def test_most_tracks_come_before_loudness():
    loud_alone = bursts((20, 0.5), (20, 0.1))
    joined = bursts((20, 0), (20, 0.1), seed=1)
    window = choose_window([loud_alone, joined], LOW_RATE)
    assert window.start_seconds == pytest.approx(20 - 0.25 * 15, abs=0.2)  # as much of the loud part as is allowed
    assert window.active_tracks == pytest.approx(1.75, abs=0.01)


def test_among_windows_as_busy_the_loudest_is_taken():
    track = bursts((20, 0.1), (15, 0.2), (20, 0.1))
    window = choose_window([track, bursts((55, 0.05), seed=1)], LOW_RATE)
    assert window == Window(pytest.approx(20, abs=0.1), 15, 2)


@pytest.mark.parametrize(("pause_seconds", "start_seconds"), [(3, 20), (5, 26.2)])
def test_a_window_may_miss_a_quarter_of_a_track_for_loudness(pause_seconds, start_seconds):
    """In the loud part one of the two tracks has a pause: of a fifth or a third of the window."""
    steady = bursts((20, 0.05), (15, 0.3), (20, 0.05))
    pausing = bursts((20 + 5, 0.1), (pause_seconds, 0), (30 - pause_seconds, 0.1), seed=1)
    window = choose_window([steady, pausing], LOW_RATE)
    assert window.start_seconds == pytest.approx(start_seconds, abs=0.2)
    assert 1.75 <= window.active_tracks < 1.85


@pytest.mark.parametrize(("whisper_db", "active"), [(-28, 2), (-32, 1)])
def test_a_track_is_active_within_30_lu_of_its_own_loudness(whisper_db, active):
    whisper = bursts((20, 0.1), (20, 0.1 * 10 ** (whisper_db / 20)))
    window = choose_window([whisper, bursts((20, 0), (20, 0.1), seed=1)], LOW_RATE)
    assert (window.start_seconds >= 20 and window.active_tracks == 2) == (active == 2)


def test_nothing_below_60_lufs_is_active():
    hiss = bursts((20, 1e-4))
    assert loudness_lufs(hiss) < -60
    assert choose_window([hiss, bursts((20, 0.1))], LOW_RATE).active_tracks == 1


def test_a_short_song_is_taken_whole():
    assert choose_window([bursts((4, 0.1))], LOW_RATE) == Window(0, 4, 1)
    assert choose_window([bursts((0.1, 0.1))], LOW_RATE) == Window(0, 0.1, 0)
    assert choose_window([bursts((15, 0.1))], LOW_RATE) == Window(0, 15, 1)


def test_silent_tracks_give_a_window_too():
    assert choose_window([np.zeros((2, 20 * LOW_RATE))], LOW_RATE) == Window(0, 15, 0)


def test_a_cut_is_as_long_as_its_window():
    audio = np.arange(20.0)[np.newaxis]
    assert cut(audio, 10, Window(1.5, 0.4, 1)).tolist() == [[15, 16, 17, 18]]
    assert cut(audio, 10, Window(1.8, 0.4, 1)).tolist() == [[18, 19, 0, 0]]
    assert not cut(audio, 10, Window(5, 0.4, 1)).any()


def test_excerpts_become_equally_loud_by_gain_alone():
    mixes = {"quiet": bursts((4, 0.01)), "loud": bursts((4, 0.3), seed=1), "silence": np.zeros((1, 4 * LOW_RATE))}
    audio, lufs = normalise(mixes, LOW_RATE, -30)
    assert lufs == -30
    for name in ("quiet", "loud"):
        assert loudness_lufs(audio[name]) == pytest.approx(-30, abs=1e-6)
        ratio = audio[name] / mixes[name]
        assert np.allclose(ratio, ratio[0, 0])
    assert not audio["silence"].any()


def test_one_peak_lowers_all():
    clicks = bursts((4, 0.01))
    clicks[0, ::LOW_RATE] = 0.9
    audio, lufs = normalise({"clicks": clicks, "noise": bursts((4, 0.1), seed=1)}, LOW_RATE)
    assert lufs < -15
    assert loudness_lufs(audio["clicks"]) == pytest.approx(lufs)
    assert loudness_lufs(audio["noise"]) == pytest.approx(lufs)
    assert 10 ** (-1.1 / 20) < np.abs(audio["clicks"]).max() < 10 ** (-0.999 / 20)


def test_tracks_must_go_together():
    with pytest.raises(ValueError, match="all of one length"):
        choose_window([], LOW_RATE)
    with pytest.raises(ValueError, match="all of one length"):
        choose_window([np.zeros((1, 5)), np.zeros((1, 6))], LOW_RATE)


def test_the_command_writes_all_mixes_equally_loud(static_song, tiny_weights, tmp_path, run):
    out = tmp_path / "excerpts"
    engineer = static_song / "mix.wav"
    options = ("--weights", tiny_weights, "--backend", "onnx")
    done = run("excerpt", static_song, "-o", out, "--mix", f"engineer={engineer}", *options)
    assert done.status == 0, done.err
    files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.wav"))
    names = ("engineer", "equal loudness", "house engineer", "oracle gains", "plain sum", "reference", "wavemix")
    assert files == [f"static/{name}.wav" for name in names]
    levels = [loudness_lufs(read(out / file), RATE) for file in files]
    assert levels == pytest.approx([levels[0]] * len(files), abs=0.01)
    assert f"{levels[0]:.1f} LUFS" in done.out
    assert np.allclose(read(out / "static/engineer.wav"), read(out / "static/reference.wav"))
    again = run("excerpt", static_song, "-o", out, *options)
    assert again.status == 1 and "static/reference.wav: is there already" in again.err


def test_what_an_excerpt_is_cut_from_is_never_replaced(static_song, tiny_weights, tmp_path, run):
    song = shutil.copytree(static_song, tmp_path / "songs" / "static")
    before = (song / "mix.wav").read_bytes()
    options = ("--mix", f"mix={song / 'mix.wav'}", "--weights", tiny_weights, "--overwrite")
    done = run("excerpt", song, "-o", tmp_path / "songs", *options)
    assert done.status == 1 and "static/mix.wav: is what an excerpt is to be cut from" in done.err
    assert (song / "mix.wav").read_bytes() == before
