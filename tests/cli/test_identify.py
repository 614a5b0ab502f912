"""`--identify`: what tells groups and roles, on every command that finds out."""

import json

import pytest
import yaml
from conftest import noise

from wavemix import Delivery, Engine, WavemixError, open_session
from wavemix.catalogue import Settings, Song
from wavemix.catalogue.worker import Worker
from wavemix.session.hearing import Heard

KICK = Heard("drums", "kick", 0.98, 0.7)


@pytest.fixture
def song(write_song, monkeypatch):
    """One track whose name says nothing and one whose name tells; both sound like a kick."""
    monkeypatch.setattr("wavemix.zoo.ears._listen", lambda info, channel: KICK)
    return write_song({"Audio 01.wav": noise(0.1), "Lead Vox.wav": noise(0.1, seed=1)})


@pytest.mark.parametrize(
    ("options", "groups"),
    [
        ((), ["drums", "vocals"]),
        (("--identify", "both"), ["drums", "vocals"]),
        (("--identify", "names"), ["other", "vocals"]),
        (("--identify", "sound"), ["drums", "drums"]),
    ],
)
def test_session_mix_and_batch_heed_it(run, song, tmp_path, sum_weights, options, groups):
    identify = (options or ("", "both"))[1]
    assert run("session", song, "-o", tmp_path / "session.yaml", *options).status == 0
    rows = yaml.safe_load((tmp_path / "session.yaml").read_text())["tracks"]
    assert [row["group"] for row in rows] == groups
    assert [track.group for track in open_session(song, identify=identify).tracks] == groups
    assert run("mix", song, "-o", tmp_path / "mix", "--weights", sum_weights, "--no-stems", *options).status == 0
    settings = Settings(str(tmp_path / "batch"), Delivery(stems=False), sum_weights, Engine("cpu"), identify=identify)
    worker = Worker(settings, tmp_path)
    assert worker.load() == ""
    assert worker.mix(Song("song", song)).state == "mixed"
    for report in (tmp_path / "mix/report.json", tmp_path / "batch/song/report.json"):
        assert [track["group"] for track in json.loads(report.read_text())["tracks"]] == groups


@pytest.mark.parametrize("options", [(), ("--identify", "sound")])
def test_workers_of_a_batch_are_told(run, song, tmp_path, monkeypatch, options):
    told = []

    def no_pool(settings, ray, workers):
        told.append(settings.identify)
        raise WavemixError("enough")

    monkeypatch.setattr("wavemix.cli.batch._pool", no_pool)
    (tmp_path / "songs.csv").write_text(f"song\n{song}\n")
    assert run("batch", tmp_path / "songs.csv", "-o", tmp_path / "out", *options).err == "wavemix: enough\n"
    assert told == [(options or ("", "both"))[1]]


def test_the_manifest_and_the_report_say_why_and_how_surely(run, song, tmp_path, sum_weights):
    run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights, "--no-stems")
    for rows in (
        yaml.safe_load((tmp_path / "out/session.yaml").read_text())["tracks"],
        json.loads((tmp_path / "out/report.json").read_text())["tracks"],
    ):
        heard, named = rows
        assert heard["confidence"] == 0.98
        assert heard["reason"] == "no known word in the name; sounds like drums/kick (98 %)"
        assert named["reason"] == "name has 'lead', 'vox'; sounds like drums/kick (98 %), but the name counts"
        assert named.get("confidence") is None


def test_measuring_weights_that_are_not_there_measures_no_others(run, song, tmp_path):
    outcome = run("recogniser", "measure", song, "--weights", tmp_path / "nowhere", "--write")
    assert outcome.status == 1
    assert f"{tmp_path / 'nowhere'}: holds no recogniser" in outcome.err
