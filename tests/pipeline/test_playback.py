"""Loudness by name, and what the report says of playback."""

import json

from conftest import noise


def test_the_report_says_what_platforms_will_do_and_what_mono_loses(run, write_song, sum_weights, tmp_path):
    song = write_song({"Keys.wav": noise(2, channels=2), "Bass.wav": noise(2, seed=1, level=0.01)})
    out = tmp_path / "out"
    done = run("mix", song, "-o", out, "--weights", sum_weights, "--loudness", "tidal", "--bits", "32f")
    assert "to -14 LUFS (tidal)" in done.out
    playback = json.loads((out / "report.json").read_text())["playback"]
    assert playback["platform_gains_db"]["tidal"] == 0
    assert playback["platform_gains_db"]["deezer"] == -1
    assert 2 < playback["mono"]["loudness_lost_lu"] < 4
    assert set(playback["mono"]["lost_by_band_db"]) == {"lows", "low mids", "mids", "presence", "air"}


def test_an_unknown_target_is_told(run, band, tmp_path):
    done = run("mix", band, "-o", tmp_path / "out", "--loudness", "vinyl")
    assert done.status == 2
    assert "spotify" in done.err
