"""Song folders as people's programs leave them: how they are routed, what the report says, and what a person reads."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml
from bwf import write_bwf
from conftest import RATE, noise, read

TRACK = noise(0.2)


def tracks_of(folder: Path) -> dict[str, str]:
    """Of each track in a `session.yaml` the group and role, by its file."""
    rows = yaml.safe_load((folder / "session.yaml").read_text())["tracks"]
    return {row["file"]: f"{row['group']}/{row['role']}" for row in rows}


def edit(song: Path, change) -> Path:
    """Change the song's `session.yaml`."""
    path = song / "session.yaml"
    body = yaml.safe_load(path.read_text())
    change(body)
    path.write_text(yaml.safe_dump(body))
    return path


@pytest.fixture
def mixed(run, sum_weights, tmp_path):
    """Mix a song by the plain sum: its mix `(2, samples)` as it was added up, its report, and what was printed."""

    def mix(song: Path, *options: object):
        out = tmp_path / "out"
        outcome = run("mix", song, "-o", out, "--weights", sum_weights, "--bits", "32f", *options)
        assert outcome.status == 0, outcome.err
        return read(out / "mix.wav"), json.loads((out / "report.json").read_text()), outcome.out

    return mix


def warnings_of(text: str) -> list[str]:
    """The warnings that a command prints last, held against their number."""
    lines = text.splitlines()
    start = next((at for at, line in enumerate(lines) if line.endswith(("warning:", "warnings:"))), len(lines))
    found = [line.strip() for line in lines[start + 1 :] if line.startswith("  - ")]
    if start < len(lines):
        assert lines[start].split()[-2] == str(len(found))
    return [line.removeprefix("- ") for line in found]


def test_a_split_stereo_track_is_one_with_its_sides(run, write_song, mixed):
    left, right = noise(0.2, seed=1), noise(0.2, seed=2)
    song = write_song({"Piano.L.wav": left, "Piano.R.wav": right})
    shown = run("session", song).out
    assert "joined to stereo: Piano.L.wav + Piano.R.wav" in shown
    assert not warnings_of(shown)
    mix, report, printed = mixed(song)
    np.testing.assert_allclose(mix, np.hstack([left, right]).T, atol=1e-6)
    [track] = report["tracks"]
    assert (track["file"], track["right"], track["channels"], len(track["slots"])) == (
        "Piano.L.wav",
        "Piano.R.wav",
        2,
        1,
    )
    assert "joined to stereo: Piano.L.wav + Piano.R.wav" in printed

    def undo(body):
        [row] = body["tracks"]
        body["tracks"] = [{"file": row["file"], "group": "other"}, {"file": row["right"], "group": "other"}]

    mix, report, printed = mixed(song, "--session", edit(song, undo))
    np.testing.assert_allclose(mix, np.hstack([left + right] * 2).T, atol=1e-6)
    assert len(report["tracks"]) == 2
    assert "joined" not in printed


def test_sides_of_two_lengths_are_two_tracks(run, write_song):
    song = write_song({"Piano.L.wav": TRACK, "Piano.R.wav": TRACK[:-1], "OH L.wav": TRACK})
    shown = run("session", song).out
    assert len(tracks_of(song)) == 3
    assert [line for line in warnings_of(shown) if "not joined" in line] == [
        "Piano.L.wav and Piano.R.wav: not joined to one stereo track, for their lengths differ "
        "(8,820 and 8,819 samples)"
    ]


def test_a_stereo_track_with_one_live_side_stays_there(write_song, run, mixed):
    guitar = noise(0.2, seed=3)
    song = write_song({"Gtr.wav": np.hstack([guitar, 0 * guitar]), "Kick.wav": TRACK})
    mix, report, printed = mixed(song)
    np.testing.assert_allclose(mix, np.hstack([guitar + TRACK, TRACK]).T, atol=1e-6)
    told = "Gtr.wav: has sound on its left side only, and stays there; `channel: 1` puts it in the middle"
    assert warnings_of(printed) == report["warnings"] == [told]
    run("session", song)

    def to_the_middle(body):
        body["tracks"][0]["channel"] = 1

    mix, report, _ = mixed(song, "--session", edit(song, to_the_middle))
    np.testing.assert_allclose(mix, np.hstack([guitar + TRACK] * 2).T, atol=1e-6)
    assert not report["warnings"]


def test_tracks_begin_when_they_were_recorded(run, tmp_path, mixed):
    kick, vox = noise(0.5, seed=1), noise(0.2, seed=2)
    song = tmp_path / "song"
    write_bwf(song / "Kick.wav", kick, start=3600 * RATE)
    write_bwf(song / "Lead Vox.wav", vox, start=3600 * RATE + 11_025)
    shown = run("session", song).out
    assert "placed by their start times: Lead Vox.wav at 0.250 s" in shown
    mix, report, _ = mixed(song)
    late = np.zeros_like(kick)
    late[11_025 : 11_025 + len(vox)] = vox
    np.testing.assert_allclose(mix, np.hstack([kick + late] * 2).T, atol=1e-4)
    assert [track["start_seconds"] for track in report["tracks"]] == [0, 0.25]
    assert any("begins 0.250 s into the song" in line for line in report["tracks"][1]["done"])

    def off(body):
        body["start_times"] = False

    mix, report, _ = mixed(song, "--session", edit(song, off))
    late = np.zeros_like(kick)
    late[: len(vox)] = vox
    np.testing.assert_allclose(mix, np.hstack([kick + late] * 2).T, atol=1e-4)
    assert [track["start_seconds"] for track in report["tracks"]] == [0, 0]


def test_a_late_track_makes_the_song_longer(tmp_path, mixed):
    song = tmp_path / "song"
    write_bwf(song / "Kick.wav", noise(0.2), start=0)
    write_bwf(song / "Lead Vox.wav", noise(0.2, seed=2), start=RATE)
    mix, report, _ = mixed(song)
    assert mix.shape[1] == round(1.2 * RATE)
    assert report["seconds"] == 1.2


def test_start_times_that_are_hours_apart_are_questioned(run, tmp_path, sum_weights):
    song = tmp_path / "song"
    write_bwf(song / "Kick.wav", TRACK, start=0)
    write_bwf(song / "Lead Vox.wav", TRACK, start=5 * 3600 * RATE)
    outcome = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights)
    assert (outcome.status, len(outcome.err.splitlines())) == (1, 1)
    assert "Lead Vox.wav begins 5 h 00 min after Kick.wav; are they one song?" in outcome.err
    assert not (tmp_path / "out").exists()
    assert run("session", song, "--anyway").status == 0
    assert run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights).status == 0


def test_a_folder_of_songs_is_asked_about(run, write_song, sum_weights, tmp_path):
    album = write_song({f"{song}/{track}.wav": TRACK for song in ("Song A", "Song B") for track in ("Kick", "Bass")})
    for command in (["session", album], ["mix", album, "-o", tmp_path / "out", "--weights", sum_weights]):
        outcome = run(*command)
        assert (outcome.status, len(outcome.err.splitlines())) == (1, 1)
        assert "seems to hold 2 songs (Song A, Song B)" in outcome.err
    assert run("batch", album, "-o", tmp_path / "out", "--weights", sum_weights, "--workers", 1).status == 0


def test_stems_beside_tracks_are_left_out(run, write_song, mixed):
    song = write_song(
        {
            "Audio Files/Kick.wav": noise(0.2, seed=1),
            "Audio Files/Bass.wav": noise(0.2, seed=2),
            "Bounced Files/tune 3.wav": TRACK,
            "Fade Files/Fade 1.wav": TRACK,
        }
    )
    shown = run("session", song).out
    assert tracks_of(song) == {"Audio Files/Bass.wav": "bass/bass", "Audio Files/Kick.wav": "drums/kick"}
    assert "left out: Bounced Files/tune 3.wav (lies in 'Bounced Files', beside the tracks" in shown
    _, report, _ = mixed(song)
    assert {item["file"] for item in report["ignored"]} == {"Bounced Files/tune 3.wav", "Fade Files/Fade 1.wav"}


def test_same_samples_are_told(run, write_song, mixed):
    song = write_song({"Kick.wav": TRACK, "Kick 2.wav": TRACK})
    told = "Kick 2.wav, Kick.wav: have the same samples; each is mixed"
    assert warnings_of(run("session", song).out) == [told]
    _, report, printed = mixed(song)
    assert warnings_of(printed) == report["warnings"] == [told]


def test_what_is_no_instrument_is_left_out(run, write_song, mixed):
    names = ["Kick", "Lead Vox", "Click", "Count-In", "Talkback", "LTC", "Guide Vox", "Scratch Gtr"]
    song = write_song({f"{name}.wav": noise(0.2, seed=seed) for seed, name in enumerate(names)})
    shown = run("session", song).out
    assert tracks_of(song).keys() == {"Kick.wav", "Lead Vox.wav", "Scratch Gtr.wav"}
    assert (
        "left out: Click.wav (no part of the music by its name ('click'); list it in session.yaml to use it)" in shown
    )
    assert "left out: Guide Vox.wav (a spare take by its name ('guide'), and Lead Vox.wav is there" in shown
    told = ["Scratch Gtr.wav: a spare take by its name ('scratch'), mixed as nothing better is there"]
    assert warnings_of(shown) == told
    _, report, printed = mixed(song)
    assert warnings_of(printed) == report["warnings"] == told
    assert len(report["ignored"]) == 5


def test_rough_mixes_are_left_out_and_export_prefixes_drop_nothing(run, write_song):
    names = ["Piano Man_Kick", "Piano Man_Lead Vox", "Piano Man_FINAL", "Piano Man_Inst", "Piano Man_2Track"]
    song = write_song({f"{name}.wav": noise(0.2, seed=seed) for seed, name in enumerate(names)})
    run("session", song)
    assert tracks_of(song) == {"Piano Man_Kick.wav": "drums/kick", "Piano Man_Lead Vox.wav": "vocals/lead"}
    exported = write_song({f"Mixdown - Audio 0{n}.wav": noise(0.2, seed=n) for n in range(3)}, "exported")
    run("session", exported)
    assert len(tracks_of(exported)) == 3


def test_a_sum_is_a_mix_whatever_its_name(run, write_song, mixed):
    tracks = {name: noise(3, seed=seed) for seed, name in enumerate(["Kick.wav", "Bass.wav", "Lead Vox.wav"])}
    song = write_song(tracks | {"Something.wav": sum(tracks.values()) / 2})
    told = "Something.wav: left out, for it is the sum of 3 other files (the difference lies at -60 dB): a mix"
    assert warnings_of(run("session", song).out) == [told]
    assert tracks_of(song).keys() == tracks.keys()
    mix, report, printed = mixed(song)
    assert warnings_of(printed) == report["warnings"] == [told]
    np.testing.assert_allclose(mix, np.hstack([sum(tracks.values())] * 2).T, atol=1e-5)

    def use_it(body):
        body["tracks"].append({"file": "Something.wav", "group": "other"})

    mix, _, _ = mixed(song, "--session", edit(song, use_it))
    np.testing.assert_allclose(mix, np.hstack([1.5 * sum(tracks.values())] * 2).T, atol=1e-5)


def test_a_recorders_channels_are_tracks(run, tmp_path, mixed):
    channels = noise(0.2, channels=8)
    channels[:, 3] = 0
    song = tmp_path / "song"
    write_bwf(song / "REC.wav", channels)
    shown = run("session", song).out
    assert "REC.wav: 8 of its channels are tracks of their own" in shown
    assert "REC.wav, channel 7" in shown
    mix, report, printed = mixed(song)
    np.testing.assert_allclose(mix, np.tile(channels.sum(axis=1), (2, 1)), atol=2e-4)
    assert [track["channel"] for track in report["tracks"]] == list(range(1, 9))
    assert report["tracks"][3]["done"] == ["silent: left out"]
    assert "REC.wav: 8 of its channels are tracks of their own" in printed

    def fold(body):
        body["tracks"] = [{"file": "REC.wav", "group": "drums"}]

    mix, report, _ = mixed(song, "--session", edit(song, fold))
    assert len(report["tracks"]) == 1
    assert report["tracks"][0]["channel"] is None


def test_a_recorder_that_went_on_in_the_next_file(run, tmp_path, sum_weights):
    song = tmp_path / "song"
    write_bwf(song / "00000001.WAV", noise(0.3, channels=8))
    write_bwf(song / "00000002.WAV", noise(0.1, channels=8, seed=1))
    outcome = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights)
    assert (outcome.status, len(outcome.err.splitlines())) == (1, 1)
    assert "00000002.WAV seems to go on where 00000001.WAV ends" in outcome.err
    assert run("session", song, "--anyway").status == 0


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{file: a.wav, group: other, channel: 9}", "a.wav: has 2 channels; there is no channel 9"),
        ("{file: a.wav, group: other, channel: 0}", "channels count from 1, got 0"),
        ("{file: a.wav, group: other, channel: left}", "has the channel 'left'; give its number, from 1"),
        ("{file: a.wav, group: other, start_seconds: -1}", "starts 0 or more seconds into the song, got -1"),
        ("{file: a.wav, group: other, start_seconds: soon}", "has the start_seconds 'soon', which is no number"),
        ("{file: a.wav, right: b.wav, group: other}", "a.wav: cannot be the left side of b.wav; both must be mono"),
        (
            "{file: b.wav, right: c.wav, group: other}",
            "b.wav: cannot be the left side of c.wav, which has another length",
        ),
        ("{file: b.wav, right: gone.wav, group: other}", "names gone.wav, which is not in"),
        ("{file: b.wav, right: b.wav, group: other}", "lists b.wav twice"),
        ("{file: b.wav, right: c.wav, channel: 1, group: other}", "a track of two files has no channel to choose"),
        ("{file: a.wav, group: other}, {file: a.wav, channel: 1, group: other}", "lists a.wav twice"),
        ("{file: a.wav, channel: 1, group: bass}, {file: a.wav, channel: 1, group: other}", "a.wav, channel 1, twice"),
    ],
)
def test_rows_that_make_no_sense(run, write_song, tmp_path, sum_weights, row, message):
    song = write_song({"a.wav": noise(0.1, channels=2), "b.wav": noise(0.1), "c.wav": noise(0.2)})
    (song / "session.yaml").write_text(f"tracks: [{row}]")
    outcome = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights)
    assert (outcome.status, len(outcome.err.splitlines())) == (1, 1)
    assert message in outcome.err
    assert not (tmp_path / "out").exists()


def test_warnings_wait_in_session_yaml_until_a_person_removes_them(run, write_song, mixed):
    song = write_song({"xyzzy.wav": TRACK, "Kick.wav": noise(0.2, seed=1)})
    told = ["not recognised, so mixed as `other`: xyzzy.wav"]
    assert warnings_of(run("session", song).out) == told
    assert warnings_of(run("session", song).out) == told
    assert warnings_of(mixed(song)[2]) == told

    def settle(body):
        body["warnings"] = []

    edit(song, settle)
    assert not warnings_of(mixed(song)[2])


def test_a_batch_says_how_many_warnings_a_song_has(run, write_song, tmp_path, sum_weights):
    write_song({"xyzzy.wav": TRACK}, "songs/tune")
    outcome = run("batch", tmp_path / "songs", "-o", tmp_path / "out", "--weights", sum_weights, "--workers", 1)
    assert outcome.status == 0
    assert "tune: 1 warning; see its report.json" in outcome.err


def test_sides_join_in_other_formats(write_song, mixed):
    left, right = noise(0.2, seed=1), noise(0.2, seed=2)
    song = write_song(
        {"Piano_L.flac": left, "Piano_R.flac": right}, rates={"Piano_L.flac": 48_000, "Piano_R.flac": 48_000}
    )
    mix, report, _ = mixed(song)
    assert report["tracks"][0]["rate"] == 48_000
    assert abs(np.corrcoef(mix)[0, 1]) < 0.1
    assert soundfile.info(song / "Piano_L.flac").channels == 1
