"""Preparation of generated folders, one in each layout."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml

import wavemix.data.prepare as prepare_module
from wavemix.audio.files import probe
from wavemix.data.layouts import LAYOUTS
from wavemix.data.plain import find_songs, open_song
from wavemix.data.prepare import Outcome, prepare
from wavemix.data.song_audio import read_song
from wavemix.data.splits import Splits
from wavemix.errors import WavemixError

RATE = 44_100
WriteSong = Callable[..., Path]

RNG = np.random.default_rng(0)
LEFT, RIGHT = 0.2 * RNG.uniform(-1, 1, (2, 8_000))
STEREO = np.stack([LEFT, RIGHT], axis=1)
MIXED = np.stack([LEFT, 0.5 * LEFT], axis=1)


def run(layout: str, source: Path, target: Path, targets: Path | None = None) -> dict[str, Outcome]:
    outcomes = prepare(LAYOUTS[layout].find(source, targets), target, RATE)
    assert not list(target.glob(".*")), "a stage was left behind"
    return {outcome.name: outcome for outcome in outcomes}


def reasons(outcomes: dict[str, Outcome]) -> dict[str, str]:
    return {name: outcome.notes[0] for name, outcome in outcomes.items() if outcome.song is None}


@pytest.fixture
def musdb(write_song: WriteSong, tmp_path: Path) -> Path:
    for place in ("train/Leaf - Wicked", "train/Meaxic - You Listen", "train/Skelpolu - Together Alone"):
        write_song(
            {f"{name}.wav": STEREO for name in ("drums", "bass", "other", "vocals", "mixture")}, f"musdb/{place}"
        )
    stems = {f"{name}.wav": MIXED for name in ("drums", "bass", "other", "vocals", "mixture")}
    write_song(stems, "musdb/test/Al James - Schoolboy Facination")
    write_song({"drums.wav": STEREO}, "musdb/test/Zeno - Signs")
    return tmp_path / "musdb"


@pytest.fixture
def medleydb(write_song: WriteSong, tmp_path: Path) -> Path:
    name = "TheBand_TheSong"
    write_song(
        {
            f"{name}_RAW/{name}_RAW_01_01.wav": LEFT,
            f"{name}_RAW/{name}_RAW_01_02.wav": RIGHT,
            f"{name}_RAW/{name}_RAW_02_01.wav": np.roll(LEFT, -30),
            f"{name}_STEMS/{name}_STEM_01.wav": np.stack([LEFT + RIGHT, LEFT], axis=1),
            f"{name}_STEMS/{name}_STEM_02.wav": -MIXED,
            f"{name}_STEMS/{name}_STEM_03.wav": STEREO,
            f"{name}_MIX.wav": STEREO,
        },
        f"medleydb/{name}",
    )
    stems = [
        ("drum set", ["kick drum", "snare drum"]),
        ("electric bass", ["electric bass"]),
        ("auxiliary percussion", []),
    ]
    metadata = {
        "artist": "The Band",
        "title": "The Song",
        "has_bleed": "yes",
        "mix_filename": f"{name}_MIX.wav",
        "raw_dir": f"{name}_RAW",
        "stem_dir": f"{name}_STEMS",
        "stems": {
            f"S{stem:02}": {
                "filename": f"{name}_STEM_{stem:02}.wav",
                "instrument": instrument,
                "raw": {
                    f"R{raw:02}": {"filename": f"{name}_RAW_{stem:02}_{raw:02}.wav", "instrument": what}
                    for raw, what in enumerate(raws, 1)
                },
            }
            for stem, (instrument, raws) in enumerate(stems, 1)
        },
    }
    (tmp_path / "medleydb" / name / f"{name}_METADATA.yaml").write_text(yaml.safe_dump(metadata))
    (tmp_path / "medleydb" / "Metadata_Free").mkdir()
    broken = tmp_path / "medleydb" / "TheBand_Torn"
    broken.mkdir()
    (broken / "TheBand_Torn_METADATA.yaml").write_text("stems: [1]")
    return tmp_path / "medleydb"


@pytest.fixture
def plain(write_song: WriteSong, tmp_path: Path) -> Path:
    """Three songs in the plain layout: one late and upside down, one of finished tracks, one that does not match."""
    late = {"raw/bass/1_di.flac": LEFT, "stems/bass.flac": np.roll(-MIXED, 220, axis=0), "mix.flac": MIXED}
    write_song(late, "plain/train/late")
    write_song({"tracks/drums/1_kick.ogg": STEREO, "tracks/other/2_pad.ogg": MIXED}, "plain/train/finished")
    write_song({"raw/bass/1_di.flac": RIGHT, "stems/bass.flac": MIXED, "mix.flac": MIXED}, "plain/valid/mismatch")
    for folder in (tmp_path / "plain").glob("*/*"):
        (folder / "song.yaml").write_text(f"title: {folder.name}\nlicence: CC0-1.0\nseconds: 0.2\n")
    return tmp_path / "plain"


def test_musdb18hq_gives_stems_and_mixes_in_their_splits(musdb: Path, tmp_path: Path) -> None:
    outcomes = run("musdb18hq", musdb, tmp_path / "out")
    assert {song.name: song.split for song in find_songs(tmp_path / "out")} == {
        "Al James - Schoolboy Facination": "test",
        "Leaf - Wicked": "train",
        "Meaxic - You Listen": "valid",
    }
    assert reasons(outcomes) == {
        "Skelpolu - Together Alone": "its artist has songs in test",
        "Zeno - Signs": "has no bass",
    }
    song = open_song(tmp_path / "out" / "train" / "Leaf - Wicked")
    assert (song.artist, song.tracks, song.left_out) == ("Leaf", (), {})
    audio = read_song(song, RATE)
    assert list(audio.stems) == ["bass", "drums", "other", "vocals"]
    assert audio.mix is not None
    np.testing.assert_allclose(audio.mix, STEREO.T, atol=2**-23)


def test_cambridge_tracks_find_their_stems_in_musdb(musdb: Path, write_song: WriteSong, tmp_path: Path) -> None:
    tracks = {"01_Kick.wav": LEFT, "05_BassDI.wav": np.roll(LEFT, -40), "07_LeadVox.wav": RIGHT, "MixPreview.wav": LEFT}
    write_song(tracks, "cambridge/AlJames_SchoolboyFascination_Full")
    write_song(tracks, "cambridge/TheBand_TheSong_Full")
    outcomes = run("cambridge", tmp_path / "cambridge", tmp_path / "out", targets=musdb)
    assert reasons(outcomes) == {"TheBand_TheSong_Full": "no song of MUSDB18 has this name"}
    (song,) = find_songs(tmp_path / "out")
    assert (song.name, song.split) == ("Al James - Schoolboy Facination", "test")
    assert {(track.group, track.role): track.lag_samples for track in song.tracks} == {
        ("bass", "bass"): 40,
        ("drums", "kick"): 0,
        ("vocals", "lead"): 0,
    }
    assert list(song.left_out) == ["vocals"]  # the stem of this song holds the other channel


def test_medleydb_instruments_become_groups(medleydb: Path, tmp_path: Path) -> None:
    outcomes = run("medleydb", medleydb, tmp_path / "out")
    assert set(reasons(outcomes)) == {"Metadata_Free", "TheBand_Torn"}
    assert "is not MedleyDB metadata" in reasons(outcomes)["TheBand_Torn"]
    assert "bleed" in outcomes["TheBand_TheSong"].notes[0]
    song = open_song(tmp_path / "out" / "train" / "TheBand_TheSong")
    assert (song.title, song.artist) == ("The Band - The Song", "The Band")
    assert [track.file.as_posix() for track in song.tracks] == [
        "raw/bass/03_02-01-electric-bass.flac",
        "raw/drums/01_01-01-kick-drum.flac",
        "raw/drums/02_01-02-snare-drum.flac",
    ]
    assert [(track.role, track.lag_samples, track.polarity) for track in song.tracks] == [
        ("bass", 30, -1),
        ("kick", 0, 1),
        ("snare", 0, 1),
    ]
    drums = read_song(song, RATE).stems["drums"]
    np.testing.assert_allclose(drums, np.stack([2 * LEFT + RIGHT, LEFT + RIGHT]), atol=2**-22)


def test_plain_songs_are_aligned_and_copied_as_they_are(plain: Path, tmp_path: Path) -> None:
    run("folder", plain, tmp_path / "out")
    song = open_song(tmp_path / "out" / "train" / "late")
    assert [(track.lag_samples, track.polarity) for track in song.tracks] == [(220, -1)]
    assert song.licence == "CC0-1.0"
    assert yaml.safe_load((song.folder / "song.yaml").read_text())["seconds"] == 0.2
    for copy in (tmp_path / "out").rglob("*.*"):
        if copy.suffix in (".flac", ".ogg"):
            assert copy.read_bytes() == (plain / copy.relative_to(tmp_path / "out")).read_bytes()
    audio = read_song(song, RATE)
    np.testing.assert_array_equal(audio.raw[0][0, 220:], audio.stems["bass"][0, 220:])
    assert open_song(tmp_path / "out" / "train" / "finished").derived
    mismatch = open_song(tmp_path / "out" / "valid" / "mismatch")
    assert list(mismatch.left_out) == ["bass"]
    assert [(track.lag_samples, track.polarity) for track in mismatch.tracks] == [(0, 1)]


def test_prepared_songs_can_be_prepared_again(plain: Path, tmp_path: Path) -> None:
    run("folder", plain, tmp_path / "out")
    run("folder", tmp_path / "out", tmp_path / "again")
    for file in (tmp_path / "out").rglob("*/*.*"):
        assert (tmp_path / "again" / file.relative_to(tmp_path / "out")).read_bytes() == file.read_bytes()


def test_the_manifest_tells_every_file(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("folder", plain, out)
    songs = json.loads((out / "manifest.json").read_text())["songs"]
    told = {out / place / name: file for place, song in songs.items() for name, file in song["files"].items()}
    assert told.keys() == {path for path in out.rglob("*") if path.is_file()} - {out / "manifest.json"}
    for path, file in told.items():
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        if path.name != "song.yaml":
            assert (file["frames"], file["rate"]) == (8_000, RATE)
            assert [Path(source).read_bytes() for source in file["source"]] == [path.read_bytes()]


def test_only_what_has_changed_is_prepared_again(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("folder", plain, out)
    assert all(outcome.kept for outcome in run("folder", plain, out).values())
    (out / "train" / "late" / "mix.flac").write_bytes(b"torn")
    (out / "valid" / "mismatch" / "stems" / "bass.flac").unlink()
    soundfile.write(plain / "train" / "finished" / "tracks" / "other" / "2_pad.ogg", 0.5 * MIXED, RATE)
    assert not any(outcome.kept for outcome in run("folder", plain, out).values())
    assert all(outcome.kept for outcome in run("folder", plain, out).values())
    assert (out / "train" / "late" / "mix.flac").read_bytes() == (plain / "train" / "late" / "mix.flac").read_bytes()


def test_a_song_that_changes_its_split_leaves_the_old_one(plain: Path, tmp_path: Path) -> None:
    found = LAYOUTS["folder"].find(plain)
    prepare(found, tmp_path / "out", RATE, Splits({}, ()))
    prepare(found, tmp_path / "out", RATE, Splits({"late": "test", "x - mismatch": "test"}, ()))
    assert [song.name for song in find_songs(tmp_path / "out", "train")] == ["finished"]
    assert [song.name for song in find_songs(tmp_path / "out", "test")] == ["late"]


def test_a_broken_file_leaves_out_its_song_only(plain: Path, tmp_path: Path) -> None:
    stem = plain / "train" / "late" / "stems" / "bass.flac"
    stem.write_bytes(stem.read_bytes()[:4_000])
    outcomes = run("folder", plain, tmp_path / "out")
    assert outcomes["late"].failed and str(stem) in outcomes["late"].notes[0]
    assert {song.name for song in find_songs(tmp_path / "out")} == {"finished", "mismatch"}


def test_an_interrupt_leaves_whole_songs_only(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(prepare_module, "align", interrupted)  # comes after the sounds have been written
        with pytest.raises(KeyboardInterrupt):
            run("folder", plain, out)
    assert [song.name for song in find_songs(out)] == ["finished"]
    assert not list(out.glob(".*"))
    outcomes = run("folder", plain, out)
    assert {name for name, outcome in outcomes.items() if outcome.kept} == {"finished"}


def test_what_a_person_put_beside_a_prepared_song_is_not_removed_with_it(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("folder", plain, out)
    source, song = plain / "train/late/song.yaml", out / "train/late"
    (song / "notes.txt").write_text("mine")
    assert run("folder", plain, out)["late"].kept
    source.write_text(source.read_text() + "artist: Somebody\n")
    outcome = run("folder", plain, out)["late"]
    assert outcome.failed and "late/notes.txt: was not written by wavemix and would be lost" in outcome.notes[0]
    assert (song / "notes.txt").read_text() == "mine"
    assert open_song(song).artist == ""
    (song / "notes.txt").unlink()
    (song / ".DS_Store").touch()
    outcome = run("folder", plain, out)["late"]
    assert outcome.song and outcome.song.artist == "Somebody"


def test_a_prepared_song_yaml_that_was_edited_stays(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("folder", plain, out)
    facts = out / "train/late/song.yaml"
    facts.write_text(facts.read_text() + "mood: sad\n")
    outcome = run("folder", plain, out)["late"]
    assert outcome.failed and "song.yaml: was edited and would be lost" in outcome.notes[0]
    assert "mood: sad" in facts.read_text()


def test_a_song_of_a_person_is_not_replaced(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(plain / "train/late", out / "train/late")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    outcome = run("folder", plain, out)["late"]
    assert outcome.failed and "was not written by wavemix" in outcome.notes[0]
    assert all(path.read_bytes() == data for path, data in before.items())


def test_a_person_s_file_stays_where_a_song_changes_its_split(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("folder", plain, out)
    notes = out / "train/late/notes.txt"
    notes.write_text("mine")
    shutil.move(plain / "train/late", plain / "valid/late")
    assert "notes.txt: was not written by wavemix" in run("folder", plain, out)["late"].notes[0]
    assert notes.read_text() == "mine" and not (out / "valid/late").exists()


def test_a_song_that_a_killed_preparation_did_not_list_is_ours(plain: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("folder", plain, out)
    (out / "manifest.json").unlink()  # what is killed before its ledger says so has the same files
    outcomes = run("folder", plain, out)
    assert not any(outcome.failed or outcome.kept for outcome in outcomes.values())
    assert all(outcome.kept for outcome in run("folder", plain, out).values())


def test_every_file_comes_to_the_rate(write_song: WriteSong, tmp_path: Path) -> None:
    sounds = {"raw/bass/di.flac": LEFT, "stems/bass.wav": STEREO, "mix.wav": STEREO}
    song = write_song(sounds, "plain/song", rates=dict.fromkeys(sounds, 48_000))
    (song / "song.yaml").write_text("title: a\n")
    run("folder", tmp_path / "plain", tmp_path / "out")
    infos = [probe(path) for path in open_song(tmp_path / "out" / "train" / "song").files]
    assert {(info.rate, info.frames, info.path.suffix) for info in infos} == {(RATE, 7_350, ".flac")}


def test_a_sum_beyond_full_scale_is_not_clipped(medleydb: Path, tmp_path: Path) -> None:
    stem = medleydb / "TheBand_TheSong" / "TheBand_TheSong_STEMS" / "TheBand_TheSong_STEM_03.wav"
    soundfile.write(stem, 6 * STEREO, RATE, subtype="FLOAT")
    run("medleydb", medleydb, tmp_path / "out")
    drums = open_song(tmp_path / "out" / "train" / "TheBand_TheSong").stems["drums"]
    assert drums.suffix == ".wav"
    assert np.abs(soundfile.read(drums)[0]).max() > 1


def test_the_source_is_never_the_target(plain: Path) -> None:
    with pytest.raises(WavemixError, match="holds the songs that are to be prepared"):
        run("folder", plain, plain)


def test_a_folder_that_cannot_be_read_leaves_out_its_song(plain: Path, tmp_path: Path, unreadable) -> None:
    unreadable(plain / "train/late/stems")
    outcomes = run("folder", plain, tmp_path / "out")
    assert "late/stems: cannot be read" in reasons(outcomes)["late"]
    assert outcomes["late"].failed


@pytest.mark.parametrize("place", ["../late", "/late", "train/../late"])
def test_a_manifest_whose_names_lead_elsewhere_removes_nothing(plain: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "late").mkdir()
    (tmp_path / "out").mkdir()
    entry = {"fingerprint": "", "source": "", "files": {}}
    (tmp_path / "out" / "manifest.json").write_text(json.dumps({"songs": {place: entry}}))
    with pytest.raises(WavemixError, match="manifest.json: cannot be understood"):
        run("folder", plain, tmp_path / "out")
    assert (tmp_path / "late").is_dir()


def test_what_a_killed_preparation_left_goes_though_all_songs_are_there(plain: Path, tmp_path: Path) -> None:
    run("folder", plain, tmp_path / "out")
    (tmp_path / "out/.wavemix-dead").mkdir()
    (tmp_path / "out/.wavemix-dead.lock").touch()
    assert all(outcome.kept for outcome in run("folder", plain, tmp_path / "out").values())


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 100_000,
        '{"songs": {"train/a": {"fingerprint": "", "source": "", "files": [1]}}}',
        '{"songs": {"train/a": {"fingerprint": "", "source": "", "files": {"x": {"sha256": 5}}}}}',
        '{"songs": {"train/a": {"fingerprint": "", "source": "", "files": {"../x": {"sha256": "5"}}}}}',
    ],
)
def test_a_manifest_that_cannot_be_read_is_told(plain: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_text(text)
    with pytest.raises(WavemixError, match="manifest.json: cannot be understood"):
        run("folder", plain, tmp_path / "out")


def test_wrong_folders_are_one_sentence(musdb: Path, tmp_path: Path) -> None:
    for layout, source, targets, message in (
        ("musdb18hq", tmp_path, None, "has neither train/ nor test/"),
        ("medleydb", tmp_path / "nowhere", None, "no such folder"),
        ("folder", tmp_path, None, "holds no song"),
        ("cambridge", tmp_path, None, "name MUSDB18-HQ's folder"),
        ("folder", tmp_path, musdb, "leave --targets out"),
    ):
        with pytest.raises(WavemixError, match=message):
            LAYOUTS[layout].find(source, targets)
