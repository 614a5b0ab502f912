"""What a worker does with a song: mix, keep or fail; and that a song is done or not done, never half."""

import json
import os
import shutil
from dataclasses import replace

import fsspec
import pytest
from catalogue.results import make_worker, marks, samples

from wavemix.catalogue import Destination, Song, destination, read_catalogue
from wavemix.errors import WavemixError
from wavemix.pipeline import AutoMix, Balance, Delivery, Engine
from wavemix.session.manifest import load_session
from wavemix.zoo import load


def test_a_song_is_mixed_as_by_automix_and_its_session_leads_to_the_tracks(worker, settings, write_catalogue, tmp_path):
    [song] = read_catalogue(write_catalogue(1))
    assert worker.mix(song).state == "mixed"
    AutoMix.from_pretrained(settings.weights, engine=Engine("cpu")).mix(
        song.source, tmp_path / "by hand", settings.delivery
    )
    names = ("mix.wav", *(f"stems/{group}.wav" for group in ("drums", "bass", "vocals", "other")))
    for name in names:
        assert (tmp_path / "out/song00" / name).read_bytes() == (tmp_path / "by hand" / name).read_bytes()
    assert load_session(tmp_path / "out/song00/session.yaml").folder == song.source.resolve()
    assert not list((tmp_path / "scratch").iterdir())


def test_a_song_is_mixed_by_the_family_that_is_asked_for(settings, write_catalogue, lite_weights, tmp_path):
    [song] = read_catalogue(write_catalogue(1))
    assert make_worker(settings, tmp_path).mix(song).state == "mixed"
    lite = make_worker(replace(settings, weights=lite_weights, family="lite"), tmp_path)
    assert [lite.mix(song).state for _ in range(2)] == ["mixed", "kept"]
    models = json.loads((tmp_path / "out/song00/report.json").read_text())["models"]
    assert models["drums"]["sha256"] == load("drums-lite", lite_weights).config.sha256


def test_a_song_is_kept_until_what_it_was_made_from_changes(worker, settings, write_catalogue, tmp_path, sum_weights):
    [song] = read_catalogue(write_catalogue(1))

    def states(settings=settings) -> list[str]:
        mate = make_worker(settings, tmp_path)
        return [mate.mix(song).state for _ in range(2)]

    assert states() == ["mixed", "kept"]
    (song.source / "Kick.wav").touch()
    assert states() == ["kept", "kept"]
    shutil.copy(song.source / "Kick.wav", song.source / "Snare.wav")
    assert states() == ["mixed", "kept"]
    shutil.copy(song.source / "Bass.wav", song.source / "Snare.wav")
    assert states() == ["mixed", "kept"]
    for group in ("bass", "other"):  # both have the role
        routing = f"tracks: [{{file: Kick.wav, group: drums}}, {{file: Bass.wav, group: {group}, role: synth}}]"
        (song.source / "session.yaml").write_text(routing)
        assert states() == ["mixed", "kept"]
    settings = replace(settings, delivery=Delivery(bits="24"))
    assert states(settings) == ["mixed", "kept"]
    settings = replace(settings, weights=sum_weights)
    assert states(settings) == ["mixed", "kept"]
    assert states(replace(settings, block_seconds=0.01)) == ["kept", "kept"]
    assert states(replace(settings, engine=replace(settings.engine, precision="bfloat16"))) == ["mixed", "kept"]
    assert states(replace(settings, balance=Balance({"bass": -3.0}))) == ["mixed", "kept"]
    assert states(replace(settings, balance=Balance(amount=50))) == ["mixed", "kept"]
    for wish in ("gain_db: -3", "mute: true"):
        (song.source / "session.yaml").write_text(
            f"tracks: [{{file: Kick.wav, group: drums}}, {{file: Bass.wav, group: bass, {wish}}}]"
        )
        assert states(settings) == ["mixed", "kept"]


@pytest.mark.parametrize("harm", ["report.json gone", "report.json torn", "stem gone", "mix torn", "foreign report"])
def test_a_song_that_is_not_whole_is_mixed_again(worker, write_catalogue, tmp_path, harm):
    [song] = read_catalogue(write_catalogue(1))
    worker.mix(song)
    place = tmp_path / "out/song00"
    mix = samples(place / "mix.wav")
    match harm:
        case "report.json gone":
            (place / "report.json").unlink()
        case "report.json torn":
            (place / "report.json").write_text((place / "report.json").read_text()[:200])
        case "stem gone":
            (place / "stems/bass.wav").unlink()
        case "mix torn":
            (place / "mix.wav").write_bytes(b"RIFF")
        case "foreign report":
            (place / "report.json").write_text("[]")
    assert [worker.mix(song).state for _ in range(2)] == ["mixed", "kept"]
    assert (samples(place / "mix.wav") == mix).all()


FOREIGN = (
    '{"batch": []}',
    '{"batch": {}}',
    '{"batch": {"fingerprint": 3, "files": {}}}',
    '{"batch": {"fingerprint": "", "files": []}}',
    '{"batch": {"fingerprint": "", "files": {"../../precious.txt": 1}}}',
    '{"batch": {"fingerprint": "", "files": {"PRECIOUS": 1}}}',
)


@pytest.mark.parametrize("text", FOREIGN)
def test_a_report_that_is_wrong_is_told_and_leads_nowhere(worker, write_catalogue, tmp_path, text):
    [song] = read_catalogue(write_catalogue(1))
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    place = tmp_path / "out/song00"
    place.mkdir(parents=True)
    (place / "report.json").write_text(text.replace("PRECIOUS", str(precious)))
    outcome = worker.mix(song)
    assert (outcome.state, outcome.problem) == ("mixed", "")
    assert outcome.note.endswith("out/song00/report.json: is no report of a batch; mixed anew.")
    assert (worker.mix(song).state, worker.mix(song).note) == ("kept", "")
    assert precious.read_text() == "mine"


def test_a_report_that_lists_a_folder_keeps_no_song_from_being_mixed(worker, write_catalogue, tmp_path):
    [song] = read_catalogue(write_catalogue(1))
    (tmp_path / "out/song00/notes").mkdir(parents=True)
    report = {"batch": {"fingerprint": "", "files": {"notes": 1}}}
    (tmp_path / "out/song00/report.json").write_text(json.dumps(report))
    assert [worker.mix(song).state for _ in range(2)] == ["mixed", "kept"]


@pytest.mark.parametrize("file", ["mix.wav", "stems/bass.wav", "report.json", "session.yaml"])
@pytest.mark.parametrize("there", [True, False])
def test_a_linked_file_is_replaced_and_not_written_through(worker, write_catalogue, tmp_path, file, there):
    [song] = read_catalogue(write_catalogue(1))
    precious = tmp_path / "precious"
    if there:
        precious.write_text("mine")
    link = tmp_path / "out/song00" / file
    link.parent.mkdir(parents=True)
    link.symlink_to(precious)
    assert [worker.mix(song).state for _ in range(2)] == ["mixed", "kept"]
    assert not link.is_symlink()
    assert (precious.read_text() if there else not precious.exists()) in ("mine", True)


@pytest.mark.parametrize("folder", ["song00", "song00/stems"])
def test_a_linked_folder_is_not_followed(worker, write_catalogue, tmp_path, folder):
    [song] = read_catalogue(write_catalogue(1))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / folder).parent.mkdir(parents=True)
    (tmp_path / "out" / folder).symlink_to(tmp_path / "elsewhere")
    assert f"{folder}: is a link, and mixes go into folders only" in worker.mix(song).problem
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_song_of_a_batch_can_be_mixed_alone(worker, write_catalogue, tmp_path, settings):
    """Its files are ours, its session.yaml too."""
    [song] = read_catalogue(write_catalogue(1))
    worker.mix(song)
    system = AutoMix.from_pretrained(settings.weights, engine=Engine("cpu"))
    assert system.mix(song.source, tmp_path / "out/song00").session_sha256


def test_a_mix_in_another_form_takes_the_place_of_the_earlier(worker, settings, write_catalogue, tmp_path):
    [song] = read_catalogue(write_catalogue(1))
    worker.mix(song)
    (tmp_path / "out/song00/notes.txt").write_text("not ours")
    make_worker(replace(settings, delivery=Delivery("flac", stems=False)), tmp_path).mix(song)
    found = {path.name for path in (tmp_path / "out/song00").rglob("*") if path.is_file()}
    assert found == {"mix.flac", "report.json", "session.yaml", "notes.txt"}


class Interruption(BaseException):
    """A kill, as far as this process can tell."""


@pytest.mark.parametrize("writes", range(8))
def test_a_kill_at_any_write_leaves_no_song_that_counts_as_done(worker, write_catalogue, tmp_path, monkeypatch, writes):
    [song] = read_catalogue(write_catalogue(1))
    worker.mix(song)
    (song.source / "Kick.wav").unlink()  # the song changes, so that the next mix replaces this one
    left = iter(range(writes))

    def dying(method):
        def once(*arguments, **options):
            if next(left, None) is None:
                raise Interruption
            return method(*arguments, **options)

        return once

    files = type(fsspec.filesystem("file"))
    names = set(contents(tmp_path / "out"))
    with monkeypatch.context() as patch:
        patch.setattr(files, "rm_file", dying(files.rm_file))
        patch.setattr(destination, "_whole", dying(destination._whole))
        with pytest.raises(Interruption):
            worker.mix(song)
    if writes:
        assert marks(tmp_path / "out") == {}
    assert [(outcome := worker.mix(song)).state for _ in range(2)] == ["mixed", "kept"]
    assert outcome.note == ""
    assert set(contents(tmp_path / "out")) == names


def test_what_goes_wrong_with_a_song_is_its_outcome(worker, settings, write_catalogue, tmp_path, monkeypatch):
    good, bad = read_catalogue(write_catalogue(2))
    (bad.source / "Kick.wav").write_bytes(b"RIFF, but no sound")
    outcome = worker.mix(bad)
    assert outcome.state == "failed"
    assert "Kick.wav" in outcome.problem
    assert "no such folder" in worker.mix(Song("gone", tmp_path / "gone")).problem
    (tmp_path / "out").write_text("a file where the folder should be")
    assert "cannot be written" in worker.mix(good).problem
    (tmp_path / "out").unlink()
    monkeypatch.setattr(AutoMix, "mix", lambda *_, **__: 1 / 0)
    assert worker.mix(good).problem == f"{good.source}: ZeroDivisionError: division by zero"


def test_mixes_go_wherever_fsspec_goes(settings, write_catalogue, tmp_path):
    [song] = read_catalogue(write_catalogue(1))
    worker = make_worker(replace(settings, output="memory://mixes/all"), tmp_path)
    assert [worker.mix(song).state for _ in range(2)] == ["mixed", "kept"]
    files = fsspec.filesystem("memory")
    report = json.loads(files.cat("/mixes/all/song00/report.json"))
    there = {path.removeprefix("/mixes/all/song00/") for path in files.find("/mixes/all/song00")}
    assert there == {*report["batch"]["files"], "report.json"}
    assert "mix.wav" in there


@pytest.mark.parametrize(
    ("url", "sentence"), [("nowhere://x", "is no place for mixes"), ("wandb://x", "wavemix.scale.")]
)
def test_an_unknown_place_is_one_sentence(url, sentence):
    with pytest.raises(WavemixError, match=sentence):
        Destination(url)


def test_weights_that_cannot_be_loaded_are_one_sentence(settings, tmp_path):
    from wavemix.catalogue.worker import Worker

    assert "no model" in Worker(replace(settings, weights=tmp_path), tmp_path).load()


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_that_no_report_lists_get_another_name_and_are_told_of(worker, write_catalogue, tmp_path):
    [song] = read_catalogue(write_catalogue(1))
    place = tmp_path / "out/song00"
    (place / "stems").mkdir(parents=True)
    mine = {"mix.wav": b"my mix", "stems/bass.wav": b"my bass", "mix.wav.kept": b"older", "notes.txt": b"notes"}
    for name, text in mine.items():
        (place / name).write_bytes(text)
    outcome = worker.mix(song)
    assert outcome.state == "mixed"
    assert "mix.wav: was not written by wavemix, and is mix.wav.kept2 now." in outcome.note
    found = contents(place)
    assert found["mix.wav.kept2"] == b"my mix" and found["stems/bass.wav.kept"] == b"my bass"
    assert found["mix.wav.kept"] == b"older" and found["notes.txt"] == b"notes"
    assert (worker.mix(song).state, worker.mix(song).note) == ("kept", "")
    (song.source / "Kick.wav").unlink()  # the next mix replaces ours, and only ours
    assert (worker.mix(song).state, set(contents(place))) == ("mixed", set(found))


def test_a_session_that_was_edited_stays_and_its_song_is_done(worker, write_catalogue, tmp_path):
    [song] = read_catalogue(write_catalogue(1))
    worker.mix(song)
    session = tmp_path / "out/song00/session.yaml"
    session.write_text(session.read_text() + "# the kick is late")
    edited = session.read_text()
    assert worker.mix(song).state == "kept"
    (song.source / "Kick.wav").unlink()
    assert [worker.mix(song).state for _ in range(2)] == ["mixed", "kept"]
    assert session.read_text() == edited


def test_a_mix_that_was_made_alone_is_ours(worker, settings, write_catalogue, tmp_path):
    [song] = read_catalogue(write_catalogue(1))
    AutoMix.from_pretrained(settings.weights, engine=Engine("cpu")).mix(song.source, tmp_path / "out/song00")
    names = set(contents(tmp_path / "out/song00"))
    outcome = worker.mix(song)
    assert (outcome.state, outcome.note) == ("mixed", "")
    assert set(contents(tmp_path / "out/song00")) == names


def test_a_report_that_is_a_pipe_is_not_waited_for(tmp_path):
    (tmp_path / "song").mkdir()
    os.mkfifo(tmp_path / "song/report.json")
    with pytest.raises(WavemixError, match="report.json: is a pipe or a device"):
        Destination(str(tmp_path)).holds("song", "fingerprint")
