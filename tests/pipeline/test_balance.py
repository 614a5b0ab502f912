"""The word of the user: gains of tracks and groups, muted tracks, and how much of the networks' work."""

import json
import math

import numpy as np
import pytest
import torch
from conftest import RATE, noise, read

from wavemix.dsp.loudness import metered
from wavemix.pipeline import Balance, Delivery
from wavemix.session.groups import GROUPS
from wavemix.session.manifest import load_session, open_session

FLOAT = Delivery(bits="32f")


def lufs(audio):
    return metered(np.asarray(audio), RATE).integrated_lufs()


@pytest.fixture
def song(write_song):
    """A second of each group, the keys in stereo."""
    return write_song(
        {
            "Kick.wav": noise(1, seed=1, level=0.3),
            "Snare.wav": noise(1, seed=2, level=0.01),
            "Bass.wav": noise(1, seed=3),
            "Vox.wav": noise(1, seed=4, level=0.05),
            "Keys.wav": noise(1, channels=2, seed=5),
        }
    )


@pytest.fixture
def mixed(tmp_path):
    """Mix and read: `mixed(system, song, balance)` is the report and the samples by output."""
    count = iter(range(99))

    def mix(system, song, balance=None, **options):
        out = tmp_path / f"out{next(count)}"
        report = system.mix(song, out, FLOAT, balance=balance, **options)
        return report, {
            "mix": read(out / "mix.wav"),
            **{group: read(out / f"stems/{group}.wav") for group in GROUPS},
        }

    return mix


def wish(song, **wishes):
    """Write a manifest with lines more for some tracks."""
    rows = "".join(
        f"- {{file: {track.file}, group: {track.group}, role: {track.role}{wishes.get(track.file.stem, '')}}}\n"
        for track in open_session(song).tracks
    )
    (song / "session.yaml").write_text(f"tracks:\n{rows}")
    return song


@pytest.mark.parametrize("summing", [True, False])
def test_a_groups_gain_moves_its_stem_by_so_much(levelled, song, mixed, summing):
    system = levelled(summing)
    _, before = mixed(system, song)
    report, after = mixed(system, song, Balance({"vocals": 6.0}))
    assert lufs(after["vocals"]) - lufs(before["vocals"]) == pytest.approx(6, abs=1e-3)
    for group in ("drums", "bass", "other"):
        np.testing.assert_array_equal(after[group], before[group])
    assert report.balance == {"gains_db": {"vocals": 6.0}, "amount": 100.0}


def test_in_the_mix_the_stem_moves_by_so_much_and_the_others_stay(levelled, song, mixed):
    """A mix model that adds: what the gain adds to the mix is so much of the vocals, as they were in it before."""
    system = levelled(summing=True)
    _, whole = mixed(system, song)
    _, without = mixed(system, song, Balance({"vocals": -120.0}))
    _, after = mixed(system, song, Balance({"vocals": 6.0}))
    assert lufs(after["mix"] - without["mix"]) - lufs(whole["mix"] - without["mix"]) == pytest.approx(6, abs=0.1)
    assert lufs(whole["mix"]) == pytest.approx(-20, abs=0.01)
    assert lufs(after["mix"]) > -20


def test_a_tracks_gain_acts_after_its_normalisation(levelled, song, mixed):
    system = levelled(summing=True)
    _, before = mixed(system, song)
    report, after = mixed(system, wish(song, Kick=", gain_db: +6", Vox=", gain_db: -3"))
    snare = next(track for track in report.tracks if track["file"] == "Snare.wav")
    kick = next(track for track in report.tracks if track["file"] == "Kick.wav")
    snare_alone = read(song / "Snare.wav") * 10 ** (snare["normalisation_gain_db"] / 20)
    np.testing.assert_allclose(after["drums"] - snare_alone, (before["drums"] - snare_alone) * 10**0.3, atol=1e-4)
    np.testing.assert_allclose(after["vocals"], before["vocals"] * 10**-0.15, rtol=1e-5)
    assert (kick["gain_db"], kick["muted"], snare["gain_db"]) == (6, False, 0)
    assert kick["done"][-1] == "+6 dB, as it was asked for"


def test_a_muted_track_is_as_if_it_were_not_there(levelled, song, write_song, mixed, tmp_path):
    system = levelled()
    left = write_song({path.name: read(path).T for path in song.iterdir() if path.stem != "Kick"}, "left")
    _, expected = mixed(system, left)
    report, found = mixed(system, wish(song, Kick=", mute: true, gain_db: 3"))
    for name, samples in expected.items():
        np.testing.assert_array_equal(found[name], samples)
    kick = next(track for track in report.tracks if track["file"] == "Kick.wav")
    assert (kick["muted"], kick["slots"], kick["done"]) == (True, [], ["muted: left out"])
    written = tmp_path / "out1/session.yaml"
    again = {track.file.stem: (track.gain_db, track.mute) for track in load_session(written).tracks}
    assert again["Kick"] == (3, True)
    assert again["Vox"] == (0, False)
    assert written.read_text().count("\n  gain_db: ") == 1
    _, twice = mixed(system, written)
    np.testing.assert_array_equal(twice["mix"], found["mix"])


def test_a_muted_track_keeps_the_songs_length(sum_system, write_song, mixed):
    song = write_song({"Kick.wav": noise(0.5), "Snare.wav": noise(1)})
    _, found = mixed(sum_system, wish(song, Snare=", mute: true"))
    assert found["mix"].shape == (2, RATE)


def plain_sum(song, report, gains_db=()):
    """The normalised tracks added up, with the gains of tracks and groups."""
    total = {group: np.zeros((2, RATE)) for group in GROUPS}
    for track in report.tracks:
        gain_db = track["normalisation_gain_db"] + track["gain_db"] + dict(gains_db).get(track["group"], 0)
        if not track["muted"]:
            total[track["group"]] += read(song / track["file"]) * 10 ** (gain_db / 20)
    return total


@pytest.mark.parametrize("gains_db", [{}, {"bass": 4.0, "other": -2.5}])
def test_at_amount_0_the_mix_is_the_plain_sum(levelled, song, mixed, gains_db):
    song = wish(song, Keys=", gain_db: 2", Snare=", mute: true")
    report, found = mixed(levelled(), song, Balance(gains_db, amount=0))
    stems = plain_sum(song, report, gains_db)
    for group, samples in stems.items():
        np.testing.assert_allclose(found[group], samples, atol=1e-5)
    np.testing.assert_allclose(found["mix"], sum(found[group] for group in GROUPS), atol=1e-5)
    assert not any(model["ran"] for model in report.models.values())


def test_at_amount_0_tracks_as_they_come_are_added_up(tiny_system, song, mixed):
    _, found = mixed(tiny_system, song, Balance(amount=0))
    np.testing.assert_allclose(found["mix"], sum(read(path) for path in song.iterdir()) + np.zeros((2, 1)), atol=1e-6)


@pytest.mark.parametrize("amount", [1, 30, 99])
def test_between_lies_a_straight_line(levelled, song, mixed, amount):
    system, gains_db = levelled(), {"drums": -1.5}
    ends = [mixed(system, song, Balance(gains_db, end))[1] for end in (0, 100)]
    report, found = mixed(system, song, Balance(gains_db, amount), block_seconds=0.13)
    for name, samples in found.items():
        expected = ends[0][name] * (1 - amount / 100) + ends[1][name] * (amount / 100)
        np.testing.assert_allclose(samples, expected, atol=1e-6)
    assert report.balance["amount"] == amount
    assert "plain" in report.seconds_taken


@pytest.mark.parametrize("amount", [0, 40, 100])
def test_tensors_are_balanced_alike(levelled, write_song, mixed, amount):
    system, balance = levelled(), Balance({"vocals": 6.0, "bass": -2.0}, amount)
    song = write_song({"Kick.wav": noise(1, seed=1, level=0.3), "Bass.wav": noise(1, seed=3), "Vox.wav": noise(1)})
    _, found = mixed(system, song, balance)
    files = {"drums": "Kick.wav", "bass": "Bass.wav", "vocals": "Vox.wav"}
    with torch.no_grad():
        mix, stems = system(
            {group: torch.from_numpy(read(song / file))[None] for group, file in files.items()}, balance
        )
    np.testing.assert_allclose(mix[0], found["mix"], atol=1e-5)
    for group, stem in stems.items():
        np.testing.assert_allclose(stem[0], found[group], atol=1e-5)


def test_silence_stays_silence(levelled, write_song, mixed):
    song = write_song({"Kick.wav": noise(0.5), "Bass.wav": 0 * noise(0.5)})
    for amount in (0, 50):
        _, found = mixed(levelled(), song, Balance({"bass": 6}, amount))
        assert not found["bass"].any()
        assert not found["vocals"].any()
        assert np.isfinite(found["mix"]).all()


def test_the_command_line_says_the_same(run, song, sum_weights, sum_system, mixed, tmp_path):
    options = ["--gain", "vocals=+2", "--gain", "drums=-1.5", "--amount", "60", "--bits", "32f"]
    assert run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights, *options).status == 0
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert report["balance"] == {"gains_db": {"vocals": 2.0, "drums": -1.5}, "amount": 60.0}
    _, expected = mixed(sum_system, song, Balance({"vocals": 2.0, "drums": -1.5}, 60))
    np.testing.assert_array_equal(read(tmp_path / "out/mix.wav"), expected["mix"])


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"gains_db": {"tuba": 1}}, "no group 'tuba'"),
        ({"gains_db": {"bass": math.inf}}, "got inf"),
        ({"gains_db": {"bass": math.nan}}, "got nan"),
        ({"gains_db": {"bass": 1000}}, "between -120 and 120"),
        ({"amount": 140}, "amount must be 0 to 100"),
        ({"amount": math.nan}, "amount must be 0 to 100"),
    ],
)
def test_impossible_balances(wishes, message):
    with pytest.raises(ValueError, match=message):
        Balance(**wishes)
