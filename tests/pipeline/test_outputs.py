"""A mix replaces the files of earlier mixes, and nothing else unless it is told to."""

import json
import os
from pathlib import Path

import pytest
from conftest import noise

from wavemix.errors import WavemixError
from wavemix.pipeline import Delivery


@pytest.fixture
def early(monkeypatch):
    """What is refused must be refused before a track is read."""
    monkeypatch.setattr("wavemix.pipeline.files.Mixing", lambda *_: pytest.fail("it has begun"))


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_track_is_never_replaced(sum_system, write_song, early, overwrite):
    song = write_song({"stems/drums.wav": noise(0.1), "stems/Bass.wav": noise(0.1)})
    before = contents(song)
    with pytest.raises(WavemixError, match="stems/drums.wav: is a track of song"):
        sum_system.mix(song, song, overwrite=overwrite)
    assert contents(song) == before


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_a_track_by_another_name_is_never_replaced(sum_system, band, tmp_path, early, link):
    out = tmp_path / "out"
    out.mkdir()
    getattr(out / "mix.wav", link)(band / "Keys.wav")
    with pytest.raises(WavemixError, match="mix.wav: is a track of song"):
        sum_system.mix(band, out, overwrite=True)


def test_an_output_that_a_session_lists_as_a_track_is_not_replaced(sum_system, band, tmp_path):
    out = tmp_path / "out"
    sum_system.mix(band, out)
    manifest = tmp_path / "again.yaml"
    manifest.write_text(f"folder: {out}\ntracks: [{{file: stems/drums.wav, group: drums}}]")
    before = contents(out)
    with pytest.raises(WavemixError, match="stems/drums.wav: is a track of out"):
        sum_system.mix(manifest, out, overwrite=True)
    assert contents(out) == before


def test_the_mix_that_a_song_came_with_is_replaced_only_where_that_is_said(sum_system, write_song, monkeypatch):
    files = ("raw/drums/Kick.wav", "mix.wav", "stems/drums.wav")
    song = write_song({file: noise(0.1, seed=seed) for seed, file in enumerate(files)})
    before = contents(song)
    with monkeypatch.context() as patch:
        patch.setattr("wavemix.pipeline.files.Mixing", lambda *_: pytest.fail("it has begun"))
        with pytest.raises(
            WavemixError, match=r"mix.wav: was not written by an earlier mix \(and 1 more\).*--overwrite"
        ):
            sum_system.mix(song, song)
    assert contents(song) == before
    sum_system.mix(song, song, overwrite=True)
    after = contents(song)
    assert after["mix.wav"] != before["mix.wav"]
    assert after["raw/drums/Kick.wav"] == before["raw/drums/Kick.wav"]


@pytest.mark.parametrize("text", ["{}", "[]", "mine", '{"outputs": [{"file": "../mix.wav"}]}', '{"outputs": [3]}'])
def test_a_report_that_is_not_ours_is_not_replaced_nor_believed(sum_system, band, tmp_path, early, text):
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(WavemixError, match="report.json: was not written by an earlier mix"):
        sum_system.mix(band, tmp_path)


def test_what_a_person_writes_while_we_compute_is_not_replaced(sum_system, band, tmp_path):
    from wavemix.system.progress import NoProgress

    class Busy(NoProgress):
        def stage(self, name, total):
            (tmp_path / "out").mkdir(exist_ok=True)
            (tmp_path / "out/mix.wav").write_text("mine")

    with pytest.raises(WavemixError, match="mix.wav: was not written"):
        sum_system.mix(band, tmp_path / "out", progress=Busy())
    assert contents(tmp_path / "out") == {"mix.wav": b"mine"}


def test_mixing_again_in_any_form_needs_no_word(sum_system, band, tmp_path):
    """Files of the other format stay, are told of, and are still ours."""
    out = tmp_path / "out"
    for delivery, left in (
        (Delivery(), []),
        (Delivery(), []),
        (Delivery("flac", stems=False), ["mix.wav", *(f"stems/{g}.wav" for g in ("bass", "drums", "other", "vocals"))]),
        (Delivery(), ["mix.flac"]),
    ):
        assert sum_system.mix(band, out, delivery).earlier_outputs == left
    assert json.loads((out / "report.json").read_text())["earlier_outputs"] == ["mix.flac"]


def test_earlier_results_in_the_song_are_no_tracks_in_whatever_form(sum_system, band):
    sum_system.mix(band, band / "out")
    sum_system.mix(band, band / "out", Delivery("flac"))
    assert len(sum_system.mix(band, band / "out").tracks) == 5


def test_a_session_that_was_edited_stays_and_one_that_was_not_follows_the_song(sum_system, band, tmp_path):
    out = tmp_path / "out"
    first = sum_system.mix(band, out)
    (band / "Keys.wav").unlink()
    second = sum_system.mix(band, out)
    assert first.session_sha256 and second.session_sha256 != first.session_sha256
    assert "Keys.wav" not in (out / "session.yaml").read_text()
    edited = (out / "session.yaml").read_text() + "# the snare is too loud\n"
    (out / "session.yaml").write_text(edited)
    for overwrite in (False, True):
        assert sum_system.mix(band, out, overwrite=overwrite).session_sha256 == ""
        assert (out / "session.yaml").read_text() == edited


@pytest.mark.parametrize("place", ["stems", "stems/vocals.wav/x", "report.json/x"])
def test_a_place_that_is_taken_is_seen_before_anything_is_computed(sum_system, band, tmp_path, early, place):
    (tmp_path / "out" / place).parent.mkdir(parents=True)
    (tmp_path / "out" / place).write_text("mine")
    with pytest.raises(WavemixError, match="move it away or choose another output folder"):
        sum_system.mix(band, tmp_path / "out", overwrite=True)
    assert contents(tmp_path / "out") == {place: b"mine"}


def test_a_linked_folder_is_not_followed_out(sum_system, band, tmp_path, early):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/stems").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WavemixError, match="stems: is a link"):
        sum_system.mix(band, tmp_path / "out", overwrite=True)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"outputs": 5}', '{"outputs": [{"file": ["a"]}]}', "9" * 5000])
def test_a_report_that_nobody_wrote_so_is_not_ours(write_song, sum_system, tmp_path, text):
    song, out = write_song({"Kick.wav": noise(0.1)}), tmp_path / "out"
    out.mkdir()
    (out / "report.json").write_text(text)
    with pytest.raises(WavemixError, match="report.json: was not written by an earlier mix"):
        sum_system.mix(song, out)
    assert (out / "report.json").read_text() == text


def test_a_report_that_has_no_end_is_not_waited_for(write_song, sum_system, tmp_path):
    song, out = write_song({"Kick.wav": noise(0.1)}), tmp_path / "out"
    out.mkdir()
    os.mkfifo(out / "report.json")
    os.mkfifo(song / "report.json")  # where the results of earlier mixes are looked for
    (out / "session.yaml").symlink_to("/dev/zero")
    with pytest.raises(WavemixError, match="report.json: was not written by an earlier mix"):
        sum_system.mix(song, out)
    sum_system.mix(song, out, overwrite=True)
    assert (out / "session.yaml").is_symlink()


def test_the_report_is_there_before_the_files_that_it_lists(sum_system, band, tmp_path, monkeypatch):
    """A kill between two renames leaves nothing that the next mix would not take for ours."""
    moved = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: moved.append(Path(to).name) or replace(self, to))
    sum_system.mix(band, tmp_path / "out")
    assert moved[:2] == ["report.json", "session.yaml"]
    (tmp_path / "out/mix.wav").unlink()  # as if killed after the first
    sum_system.mix(band, tmp_path / "out")
