"""Care on the road: the same in files and arrays, written down, to be edited, and nothing where nobody asks."""

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import RATE, noise, read
from takes.kits import KIT, kit
from takes.voices import PHRASES, breaths, bumps, hum, voice

from wavemix.catalogue.fingerprint import fingerprint
from wavemix.dsp.alignment import delayed
from wavemix.errors import WavemixError
from wavemix.pipeline import Balance, Care, Delivery, Engine
from wavemix.pipeline.afterwards import explain_mix
from wavemix.session.manifest import load_session
from wavemix.session.session import Session

FLOAT = Delivery(bits="32f", stems=False)
FLOAT_STEMS = Delivery(bits="32f")
NAMES = {"Kick": "Kick", "Snare": "Snare", "Hat": "HiHat", "OH": "Overhead"}


@pytest.fixture(scope="module")
def microphones() -> dict[str, np.ndarray]:
    return {NAMES[name]: wave for name, wave in kit(3.0).items()}


@pytest.fixture
def song(write_song, microphones):
    return write_song({f"{name}.wav": wave[:, None] for name, wave in microphones.items()})


def by_hand(microphones: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The tracks moved as they should be; what is moved later ends later."""
    later = {NAMES[name]: away for name, away in KIT.items()}
    return {name: np.pad(wave, (later.get(name, 0), 0)) for name, wave in microphones.items()}


def test_files_and_arrays_are_aligned_alike(sum_system, song, microphones, tmp_path):
    report = sum_system.mix(song, tmp_path / "out", FLOAT, care=Care(align=True))
    mixed = sum_system.mix_arrays(microphones, RATE, delivery=FLOAT, care=Care(align=True)).mix
    wanted = sum_system.mix_arrays(by_hand(microphones), RATE, delivery=FLOAT).mix
    np.testing.assert_array_equal(mixed, wanted)
    np.testing.assert_array_equal(read(tmp_path / "out/mix.wav"), wanted)
    rows = {row["file"]: row["align"] for row in report.tracks}
    assert rows["Kick.wav"].items() >= {"lag_samples": -150, "polarity": 1, "against": "Overhead.wav"}.items()
    assert rows["Kick.wav"]["correlation_after"] > rows["Kick.wav"]["correlation_before"]
    assert rows["Overhead.wav"] is None


def test_nothing_is_done_unasked(sum_system, song, microphones, tmp_path):
    report = sum_system.mix(song, tmp_path / "out", FLOAT)
    assert not any(row["align"] or row["clean"] for row in report.tracks)
    assert "align" not in (tmp_path / "out/session.yaml").read_text().split("tracks:")[1]
    np.testing.assert_array_equal(
        read(tmp_path / "out/mix.wav"), sum_system.mix_arrays(microphones, RATE, delivery=FLOAT).mix
    )


def test_an_aligned_session_comes_out_bit_identical(sum_system, microphones):
    aligned = by_hand(microphones)
    plain = sum_system.mix_arrays(aligned, RATE, delivery=FLOAT)
    cared_for = sum_system.mix_arrays(aligned, RATE, delivery=FLOAT, care=Care(align=True))
    np.testing.assert_array_equal(cared_for.mix, plain.mix)


def test_what_was_done_can_be_edited(sum_system, song, microphones, tmp_path):
    sum_system.mix(song, tmp_path / "out", FLOAT, care=Care(align=True))
    manifest = tmp_path / "out/session.yaml"
    text = manifest.read_text()
    again = sum_system.mix(load_session(manifest), tmp_path / "again", FLOAT)
    np.testing.assert_array_equal(read(tmp_path / "again/mix.wav"), read(tmp_path / "out/mix.wav"))
    assert again.tracks[1]["align"] == {"lag_samples": -150, "polarity": 1}
    edited = text.replace("lag_samples: -150", "lag_samples: 20").replace("lag_samples: -40", "lag_samples: 0")
    edited = edited.replace("polarity: 1", "polarity: -1", 1)
    manifest.write_text(edited)
    sum_system.mix(load_session(manifest), tmp_path / "edited", FLOAT, care=Care(align=True))
    wanted = by_hand(microphones) | {"HiHat": -microphones["HiHat"], "Kick": microphones["Kick"][20:]}
    mixed = sum_system.mix_arrays(wanted, RATE, delivery=FLOAT).mix
    np.testing.assert_array_equal(read(tmp_path / "edited/mix.wav"), mixed)


def test_channels_of_one_file_are_moved_each_by_its_own(sum_system, write_song, microphones):
    names = list(microphones)
    moved = [delayed(wave, 10 * i) for i, wave in enumerate(microphones.values())]
    folder = write_song({"REC.wav": np.stack(moved, axis=1)})
    lines = [
        f"- {{file: REC.wav, channel: {i + 1}, group: drums, role: kit, align: {{lag_samples: {10 * i}}}}}"
        for i in range(len(names))
    ]
    (folder / "session.yaml").write_text("tracks:\n" + "\n".join(lines))
    out = folder.parent / "out"
    sum_system.mix(folder, out, FLOAT)
    wanted = np.sum(
        [np.pad(wave[: len(wave) - 10 * i], (0, 10 * i)) for i, wave in enumerate(microphones.values())], axis=0
    )
    np.testing.assert_allclose(read(out / "mix.wav")[0], wanted, atol=1e-6)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("align: yes", "`align` is false, or has the keys"),
        ("align: {lag: 3}", "has the keys lag_samples, polarity, got 'lag'"),
        ("align: {lag_samples: late}", "`lag_samples` of `align` is a number"),
        ("align: {lag_samples: .nan}", "a lag is at most 1,000,000 samples"),
        ("align: {lag_samples: 99999999}", "a lag is at most 1,000,000 samples"),
        ("align: {polarity: 2}", "a polarity is 1 or -1, got 2"),
        ("clean: 3", "`clean` is false or a list of places"),
        ("clean: [{start: 2, end: 1, kind: breath, db: -6}]", "a place begins before it ends"),
        ("clean: [{start: 0, end: 1, kind: sneeze, db: -6}]", "there is no kind `sneeze`"),
        ("clean: [{start: 0, end: 1, db: -6}]", "needs a kind"),
        ("clean: [{start: 0, end: 1, kind: breath, db: 6}]", "lowered, by a db of 0 or less"),
        ("clean: [{start: a, end: 1, kind: breath, db: 6}]", "`start` of a place is a number"),
        ("clean: [{start: 0, end: 1, kind: hum, db: -20}]", "hum has an hz of 45 to 65"),
    ],
)
def test_a_bad_word_of_care_is_one_sentence(song, lines, problem):
    manifest = song / "session.yaml"
    manifest.write_text(f"tracks:\n- file: Kick.wav\n  group: drums\n  {lines}\n")
    with pytest.raises(WavemixError, match=problem) as refused:
        load_session(manifest)
    assert "Kick.wav" in str(refused.value)


def test_a_track_moved_to_before_its_start_is_refused(sum_system, song, tmp_path):
    manifest = song / "session.yaml"
    manifest.write_text("tracks:\n- {file: Kick.wav, group: drums, align: {lag_samples: 900000}}\n")
    with pytest.raises(WavemixError, match=r"Kick.wav: ends before it begins by its `align`"):
        sum_system.mix(song, tmp_path / "out", FLOAT)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def voices(write_song):
    """A voice with a breath, a bump and hum, and a guitar."""
    sung = (voice() + breaths() + bumps() + hum(50.0))[: round(6.0 * RATE)]
    return write_song({"Lead Vox.wav": sung[:, None], "Guitar.wav": noise(6.0, seed=3)})


def test_files_and_arrays_are_cleaned_alike_and_it_is_told(sum_system, voices, tmp_path):
    report = sum_system.mix(voices, tmp_path / "out", FLOAT, care=Care(clean=True))
    tracks = {name: read(voices / f"{name}.wav") for name in ("Guitar", "Lead Vox")}
    mixed = sum_system.mix_arrays(tracks, RATE, delivery=FLOAT, care=Care(clean=True)).mix
    np.testing.assert_array_equal(read(tmp_path / "out/mix.wav"), mixed)
    rows = {row["file"]: row for row in report.tracks}
    assert rows["Guitar.wav"]["clean"] == []
    places = rows["Lead Vox.wav"]["clean"]
    assert {place["kind"] for place in places} == {"breath", "bump", "hum"}
    assert all(place["end"] > place["start"] and place["db"] <= -6 for place in places)
    assert any(line.startswith("lowered: hum in ") for line in rows["Lead Vox.wav"]["done"])
    plain = sum_system.mix_arrays(tracks, RATE, delivery=FLOAT).mix
    span = slice(round(PHRASES[0][0] * RATE), round(PHRASES[0][1] * RATE))
    np.testing.assert_array_equal(mixed[:, span], plain[:, span])


def test_places_can_be_edited_and_turned_off(sum_system, voices, tmp_path):
    sum_system.mix(voices, tmp_path / "out", FLOAT, care=Care(clean=True))
    manifest = tmp_path / "out/session.yaml"
    session = load_session(manifest)
    sum_system.mix(session, tmp_path / "again", FLOAT)
    np.testing.assert_array_equal(read(tmp_path / "again/mix.wav"), read(tmp_path / "out/mix.wav"))
    plain = sum_system.mix_arrays(
        {name: read(voices / f"{name}.wav") for name in ("Guitar", "Lead Vox")}, RATE, delivery=FLOAT
    ).mix
    routing = "tracks:\n- {file: Guitar.wav, group: other}\n- {file: Lead Vox.wav, group: vocals, clean: %s}\n"
    (voices / "session.yaml").write_text(routing % "false")
    sum_system.mix(voices, tmp_path / "off", FLOAT, care=Care(clean=True))
    np.testing.assert_array_equal(read(tmp_path / "off/mix.wav"), plain)
    (voices / "session.yaml").write_text(routing % "[{start: 3.6, end: 3.8, kind: bump, db: -12}]")
    report = sum_system.mix(voices, tmp_path / "one", FLOAT, care=Care(clean=True))
    changed = np.flatnonzero((read(tmp_path / "one/mix.wav") != plain).any(axis=0)) / RATE
    assert changed[0] == pytest.approx(3.6, abs=0.01)
    assert changed[-1] == pytest.approx(3.8, abs=0.01)
    assert report.tracks[1]["clean"] == [{"start": 3.6, "end": 3.8, "kind": "bump", "db": -12.0}]


def test_a_mix_of_tracks_that_were_cared_for_is_explained(static_system, song, tmp_path):
    static_system.mix(song, tmp_path / "out", FLOAT_STEMS, care=Care(align=True))
    assert explain_mix(tmp_path / "out", daw=["reaper"]).snr_db > 60
    [kick] = (tmp_path / "out/daw").glob("Kick*.wav")  # as it was mixed: later than its file
    recorded = read(song / "Kick.wav")
    np.testing.assert_array_equal(read(kick)[:, 150 : 150 + recorded.shape[1]], recorded)


def test_sessions_are_told_what_would_be_aligned(run, song):
    found = run("session", song).out
    assert "Kick.wav: lies 150 samples before Overhead.wav" in found
    assert "wavemix mix --align brings them together" in found
    assert "--clean" not in found


def test_sessions_are_told_what_would_be_cleaned(run, voices):
    found = run("session", voices).out
    assert "Lead Vox.wav: " in found
    assert "breath in 1 place" in found
    assert "wavemix mix --clean does it" in found


def test_a_batch_mixes_again_where_another_care_is_asked_for():
    session = Session("song", Path(), ())
    marks = [
        fingerprint(session, Delivery(), Balance(), {}, Engine("cpu"), care)
        for care in (Care(), Care(align=True), Care(clean=True), Care(True, True))
    ]
    assert len(set(marks)) == len(marks)


def test_the_report_is_json(sum_system, microphones):
    mixed = sum_system.mix_arrays(microphones, RATE, delivery=FLOAT, care=Care(align=True))
    rows = json.loads(mixed.report.dump())["tracks"]
    assert rows[0]["align"]["polarity"] == 1
    assert "moved 150 samples later" in rows[0]["done"]
