import json
from pathlib import Path, PurePath

import pytest
from conftest import noise

from wavemix.errors import WavemixError
from wavemix.session.finding import session_from_folder, song_name
from wavemix.session.manifest import load_session, open_session, save_session

TRACK = noise(0.01)


def placed(session):
    return {track.file.as_posix(): (track.group, track.role) for track in session.tracks}


def test_sub_folders_and_names_decide(write_song):
    song = write_song(
        dict.fromkeys(["Drums/01.wav", "vocals/Lead.wav", "Kick In.wav", "E Gtr 2.flac", "xyzzy.wav"], TRACK)
    )
    assert placed(session_from_folder(song)) == {
        "Drums/01.wav": ("drums", "kit"),
        "vocals/Lead.wav": ("vocals", "lead"),
        "Kick In.wav": ("drums", "kick"),
        "E Gtr 2.flac": ("other", "electric-guitar"),
        "xyzzy.wav": ("other", "misc"),
    }


def test_names_are_read_beside_the_others_of_the_session(write_song):
    song = write_song(dict.fromkeys(["Kick.wav", "Lead.wav", "Alto.wav"], TRACK))
    assert placed(session_from_folder(song)) == {
        "Alto.wav": ("vocals", "backing"),
        "Kick.wav": ("drums", "kick"),
        "Lead.wav": ("vocals", "lead"),
    }


def test_what_cannot_be_placed_is_said(write_song):
    (track,) = session_from_folder(write_song({"xyzzy.wav": TRACK})).tracks
    assert not track.recognised
    assert track.reason


def test_tracks_come_in_numeric_order(write_song):
    song = write_song(dict.fromkeys(["10 Kick.wav", "9 Snare.wav", "1 Hat.wav"], TRACK))
    assert list(placed(session_from_folder(song))) == ["1 Hat.wav", "9 Snare.wav", "10 Kick.wav"]


def test_what_is_left_out_is_listed_with_its_reason(write_song):
    song = write_song(dict.fromkeys(["Kick.wav", "Song_MIX.wav", ".Snare.wav"], TRACK))
    (song / "notes.txt").write_text("hello")
    session = session_from_folder(song)
    assert list(placed(session)) == ["Kick.wav"]
    assert {str(item.file): item.reason.split(";")[0] for item in session.ignored} == {
        "Song_MIX.wav": "looks like a finished mix",
        ".Snare.wav": "hidden file",
        "notes.txt": "not a sound file",
    }


def test_sound_that_cannot_be_read_is_not_left_out(write_song):
    song = write_song({"Kick.wav": TRACK})
    (song / "Snare.m4a").touch()
    assert "Snare.m4a" in placed(session_from_folder(song))


def test_a_folder_that_cannot_be_read_is_not_left_out(write_song, unreadable):
    song = write_song(dict.fromkeys(["Kick.wav", "Vocals/Lead.wav", ".trash/Old.wav"], TRACK))
    unreadable(song / ".trash")
    assert list(placed(session_from_folder(song))) == ["Kick.wav", "Vocals/Lead.wav"]
    unreadable(song / "Vocals")
    with pytest.raises(WavemixError, match=r"Vocals: cannot be read \(Permission denied\) and may hold tracks"):
        session_from_folder(song)


def test_a_linked_folder_is_listed(write_song, tmp_path):
    song = write_song({"Kick.wav": TRACK})
    (song / "Vocals").symlink_to(write_song({"Lead.wav": TRACK}, "elsewhere"))
    session = session_from_folder(song)
    assert [(str(item.file), item.reason) for item in session.ignored] == [
        ("Vocals", "link to a folder, which is not followed")
    ]


def test_an_earlier_mix_in_the_folder_is_not_a_track(write_song):
    song = write_song(dict.fromkeys(["Kick.wav", "out/take.wav", "out/stems/drums.wav"], TRACK))
    outputs = [{"file": "take.wav"}, {"file": "stems/drums.wav"}]
    (song / "out" / "report.json").write_text(json.dumps({"outputs": outputs}))
    session = session_from_folder(song)
    assert list(placed(session)) == ["Kick.wav"]
    assert {item.reason for item in session.ignored if item.file.suffix == ".wav"} == {"result of an earlier mix"}


@pytest.mark.parametrize("text", ["", "[]", '{"outputs": 3}', '{"outputs": [{}]}'])
def test_a_report_of_another_program_hides_nothing(write_song, text):
    song = write_song({"Kick.wav": TRACK})
    (song / "report.json").write_text(text)
    assert list(placed(session_from_folder(song))) == ["Kick.wav"]


def test_the_plain_layout_is_mixed_from_raw(write_song):
    song = write_song(dict.fromkeys(["raw/drums/1.wav", "stems/drums.wav", "mix.wav"], TRACK), name="tune")
    session = session_from_folder(song)
    assert session.name == "tune"
    assert placed(session) == {"drums/1.wav": ("drums", "kit")}
    assert [item.file for item in session.ignored] == [PurePath("../mix.wav"), PurePath("../stems")]
    assert session_from_folder(song / "raw").name == "tune"


@pytest.mark.parametrize("empty", [True, False])
def test_a_folder_without_tracks(tmp_path, empty):
    if not empty:
        (tmp_path / "notes.txt").touch()
    with pytest.raises(WavemixError, match="holds no tracks; give a folder with sound files"):
        session_from_folder(tmp_path)


def test_no_folder(tmp_path):
    with pytest.raises(WavemixError, match="gone: no such folder"):
        open_session(tmp_path / "gone")


def test_a_file_in_place_of_a_folder(write_song):
    song = write_song({"Kick.wav": TRACK})
    with pytest.raises(WavemixError, match=r"Kick\.wav: is a file; give the folder"):
        open_session(song / "Kick.wav")


def test_a_saved_session_is_loaded_as_it_was(write_song, tmp_path):
    song = write_song(dict.fromkeys(["Kick.wav", "Ünïcode: it's #1.wav", "mix.wav"], TRACK))
    session = session_from_folder(song)
    for place in (song / "session.yaml", tmp_path / "elsewhere" / "s.yaml"):
        save_session(session, place)
        loaded = load_session(place)
        assert loaded.name == session.name
        assert placed(loaded) == placed(session)
        assert loaded.ignored == session.ignored
        assert all(loaded.path(track).is_file() for track in loaded.tracks)


def test_the_songs_own_manifest_goes_before_names(write_song):
    song = write_song({"Kick.wav": TRACK})
    (song / "session.yaml").write_text("tracks: [{file: Kick.wav, group: bass}]")
    assert placed(open_session(song)) == {"Kick.wav": ("bass", "bass")}
    assert placed(open_session(song / "session.yaml")) == {"Kick.wav": ("bass", "bass")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tracks: [{file: Gone.wav, group: drums}]", r"names Gone\.wav, which is not in"),
        ("tracks: [{file: Kick.wav, group: tuba}]", "unknown group `tuba`; choose from drums, bass, vocals, other"),
        ("tracks: [{file: Kick.wav, group: drums, role: lead}]", "role `lead`, which drums lacks; choose from kick"),
        ("tracks: [{file: Kick.wav, group: drums}, {file: ./Kick.wav, group: bass}]", r"lists Kick\.wav twice"),
        ("tracks: [{file: Kick.wav}]", "needs a `file` and a `group`"),
        ("tracks: [{file: Kick.wav, group: drums, gain: 3}]", "unknown key `gain`"),
        ("tracks: [Kick.wav]", "a track must have the keys"),
        ("tracks: []", "lists no tracks"),
        ("song: x", "lists no tracks"),
        ("- a", "it must have the keys"),
        ("", "it must have the keys"),
        ("folder: nowhere\ntracks: [{file: Kick.wav, group: drums}]", "nowhere does not exist"),
        ("tracks: [{file: Kick.wav, group: drums}]\nignored: [3]", "an ignored file must have"),
        ("tracks: [\n{", "not valid YAML near line 2"),
        ("tracks: !!python/object:os.system []", "not valid YAML"),
    ],
)
def test_a_manifest_that_is_wrong(write_song, text, message):
    song = write_song({"Kick.wav": TRACK})
    (song / "session.yaml").write_text(text)
    with pytest.raises(WavemixError, match=message) as caught:
        open_session(song)
    assert "session.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_manifest_that_is_not_there(write_song):
    with pytest.raises(WavemixError, match=r"gone\.yaml: cannot be read"):
        open_session(write_song({"Kick.wav": TRACK}), Path("gone.yaml"))


def test_gains_and_muted_tracks_are_kept_and_written_only_where_they_are_set(write_song, tmp_path):
    song = write_song(dict.fromkeys(["Kick.wav", "Snare.wav", "Bass.wav"], TRACK))
    (song / "session.yaml").write_text(
        "tracks:\n"
        "- {file: Kick.wav, group: drums, gain_db: +2}\n"
        "- {file: Snare.wav, group: drums, mute: true, gain_db: -1.5}\n"
        "- {file: Bass.wav, group: bass, gain_db: 0, mute: false}\n"
    )
    session = load_session(song / "session.yaml")
    assert [(track.gain_db, track.mute) for track in session.tracks] == [(2, False), (-1.5, True), (0, False)]
    save_session(session, tmp_path / "again.yaml")
    assert [(t.gain_db, t.mute) for t in load_session(tmp_path / "again.yaml").tracks] == [
        (t.gain_db, t.mute) for t in session.tracks
    ]
    rows = (tmp_path / "again.yaml").read_text().split("- file: ")[1:]
    assert ["gain_db" in row for row in rows] == [True, True, False]
    assert ["mute" in row for row in rows] == [False, True, False]


@pytest.mark.parametrize("name", ["n" * 300, "a\0b", "\ud800", "n/" * 3000])
def test_a_song_that_no_disk_can_hold(name):
    with pytest.raises(WavemixError, match="its (name|path) has .*; give the folder that holds the song's tracks"):
        open_session(Path(name))


def test_links_in_a_circle_have_a_name(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert song_name(tmp_path / "a") in ("a", "b")
    with pytest.raises(WavemixError, match="a: no such folder"):
        open_session(tmp_path / "a")


def test_a_track_whose_path_is_too_long_is_not_there(tmp_path):
    name = "/".join(["n" * 200] * 20)  # possible by itself, not below this folder
    (tmp_path / "session.yaml").write_text("tracks: [{file: " + name + ", group: drums}]")
    with pytest.raises(WavemixError, match="names n.*, which is not in"):
        load_session(tmp_path / "session.yaml")
