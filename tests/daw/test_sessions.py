"""Sessions for DAWs: valid, whole, and sounding as the explanation says."""

import json
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import xmlschema
from conftest import RATE, noise
from daw.desk import documents, read_dawproject, read_reaper

from wavemix.daw.console import Console, Strip
from wavemix.daw.dawproject import dawproject
from wavemix.daw.reaper import reaper_project
from wavemix.errors import WavemixError
from wavemix.pipeline import Balance, Delivery
from wavemix.pipeline.afterwards import explain_mix

SCHEMA = Path(__file__).parent / "schema"
FLOAT = Delivery(bits="32f", loudness_lufs=-24)


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    """Mono and stereo, three rates, odd names, sides in two files, a channel of many, MP3, a late and a muted track."""
    folder = tmp_path_factory.mktemp("daw") / "Søng & “quotes”"
    tracks = {
        "Drums/Kick 'In' & \"Out\".wav": (noise(1.5, seed=1), RATE),
        "Drums/OH.flac": (noise(1.5, channels=2, seed=2), 48_000),
        "Bass.wav": (noise(1, seed=3, level=0.02), 96_000),
        "Voz ñ 日本.wav": (noise(1.2, seed=4), RATE),
        "Piano.L.wav": (noise(1.5, seed=5), 48_000),
        "Piano.R.wav": (noise(1.5, seed=6), 48_000),
        "Recorder.wav": (noise(1.5, channels=4, seed=7), RATE),
        "Strings.mp3": (noise(1.5, channels=2, seed=8), RATE),
        "Muted.wav": (noise(1, seed=9), RATE),
    }
    for file, (samples, rate) in tracks.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / file, samples, rate, subtype="FLOAT" if file.endswith(".wav") else None)
    (folder / "session.yaml").write_text(
        json.dumps(
            {
                "tracks": [
                    {"file": "Drums/Kick 'In' & \"Out\".wav", "group": "drums", "role": "kick"},
                    {"file": "Drums/OH.flac", "group": "drums", "role": "overhead"},
                    {"file": "Bass.wav", "group": "bass", "start_seconds": 0.25},
                    {"file": "Voz ñ 日本.wav", "group": "vocals", "gain_db": 2.0},
                    {"file": "Piano.L.wav", "right": "Piano.R.wav", "group": "other", "role": "keys"},
                    {"file": "Recorder.wav", "channel": 3, "group": "other", "role": "winds"},
                    {"file": "Strings.mp3", "group": "other", "role": "strings"},
                    {"file": "Muted.wav", "group": "vocals", "mute": True},
                ]
            }
        ),
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def mixed(nearly_static_system, song, tmp_path_factory):
    """A mix with both sessions, by networks that are no faders, and what was explained of it."""
    out = tmp_path_factory.mktemp("out") / "mix & more"
    report = nearly_static_system.mix(song, out, FLOAT, balance=Balance({"drums": 3.0}), daw=["reaper", "dawproject"])
    return out, report


def desks(out):
    name = "Søng & “quotes”"
    return [read_reaper(out / f"{name}.rpp"), read_dawproject(out / f"{name}.dawproject", RATE)]


def snr_db(wanted, found):
    return 10 * np.log10(np.square(wanted).sum() / np.square(wanted - found).sum())


def read(path):
    return soundfile.read(path, always_2d=True)[0].T


def test_the_dawproject_is_valid(mixed):
    found = documents(mixed[0] / "Søng & “quotes”.dawproject")
    xmlschema.XMLSchema(SCHEMA / "Project.xsd").validate(found["project.xml"].decode())
    xmlschema.XMLSchema(SCHEMA / "MetaData.xsd").validate(found["metadata.xml"].decode())
    assert set(found) == {"project.xml", "metadata.xml"}


def test_tracks_lie_in_their_groups_under_their_names_and_every_file_is_there(mixed, song):
    for desk in desks(mixed[0]):
        assert {strip.name: [inner.name for inner in strip.inner] for strip in desk.strips if strip.inner} == {
            "Drums": ["Kick 'In' & \"Out\"", "OH"],
            "Bass": ["Bass"],
            "Vocals": ["Voz ñ 日本", "Muted"],
            "Other": ["Piano.L", "Piano.R", "Recorder, channel 3", "Strings"],
        }
        muted = [track.name for track in desk.tracks if track.mute]
        assert muted == ["Muted", *(f"wavemix {name}" for name in ("drums", "bass", "vocals", "other", "mix"))]
        for track in desk.tracks:
            file = desk.folder / track.file
            assert not PurePosixPath(track.file).is_absolute()
            assert soundfile.info(file).frames / soundfile.info(file).samplerate == pytest.approx(track.seconds)
        places = {track.name: Path(desk.folder / track.file).resolve() for track in desk.tracks}
        assert places["Kick 'In' & \"Out\""] == song / "Drums/Kick 'In' & \"Out\".wav"
        assert places["Strings"].parent == mixed[0] / "daw"  # decoders of MP3 do not agree where it begins


def test_a_session_sounds_as_the_explanation_says(mixed):
    out, report = mixed
    found = report.explanation
    assert 6 < found.snr_db < 40
    mix = read(out / "mix.wav")
    stems = {bus.group: read(out / f"stems/{bus.group}.wav") / 10 ** (found.stems_db / 20) for bus in found.buses}
    samples = mix.shape[1]
    for desk in desks(out):
        buses = [strip for strip in desk.strips if strip.inner]
        assert snr_db(mix, desk.mixed(buses, samples)) == pytest.approx(found.snr_db, abs=0.02)
        for bus, strip in zip(found.buses, buses, strict=True):
            # Where a fader would be beyond its end, all tracks of the bus are lower and the bus is higher.
            moved = strip.gain * desk.master / 10 ** ((bus.fader_db + found.master_db) / 20)
            assert moved >= 1 - 1e-6
            played = moved * desk.play(strip, samples)
            assert snr_db(stems[bus.group], played) == pytest.approx(bus.snr_db, abs=0.02)
        compared = [strip for strip in desk.strips if strip.name in {f"wavemix {bus.group}" for bus in found.buses}]
        assert snr_db(mix, desk.mixed(compared, samples)) == pytest.approx(found.snr_from_stems_db, abs=0.02)
        ours = [strip for strip in desk.strips if strip.name == "wavemix mix"]
        assert snr_db(mix, desk.mixed(ours, samples)) > 100


def test_sessions_can_be_written_afterwards(mixed):
    out, _ = mixed
    before = [path.read_bytes() for path in sorted(out.glob("*.rpp")) + sorted(out.glob("*.dawproject"))]
    desk = desks(out)[0]
    explain_mix(out, daw=["reaper"])
    again = read_reaper(out / "Søng & “quotes”.rpp")
    assert [track.file for track in again.tracks] == [track.file for track in desk.tracks]
    assert [track.gain for track in again.tracks] == pytest.approx([track.gain for track in desk.tracks], rel=0.01)
    listed = json.loads((out / "report.json").read_text(encoding="utf-8"))["companions"]
    assert "Søng & “quotes”.dawproject" in listed and "daw/Strings.wav" in listed
    assert len(before) == 2


def test_tracks_keep_their_sound_where_a_fader_would_be_beyond_its_end():
    quiet = Strip("Bass", 1.0, strips=(Strip("DI", 8.0, 0.5), Strip("Amp", 1.0)))
    console = Console("song", RATE, (quiet, Strip("wavemix mix", 3.0)), 0.5)
    for top, write in ((2.0, dawproject), (10 ** (12 / 20), reaper_project)):
        assert write(console, Path())
        lowered = console.within(top)
        for bus, before in zip(lowered.strips, console.strips, strict=True):
            assert bus.gain <= top * (1 + 1e-12)
            assert bus.gain * lowered.master == pytest.approx(
                before.gain * console.master * (before.strips[0].gain / bus.strips[0].gain if bus.strips else 1)
            )
            assert all(track.gain <= top * (1 + 1e-12) for track in bus.strips)


def test_nothing_of_a_mix_is_written_if_its_session_cannot_be(tiny_system, song, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wavemix.pipeline.companions.track_media", full)
    with pytest.raises(Exception, match="the disk is full"):
        tiny_system.mix(song, tmp_path / "out", FLOAT, daw=["reaper"])
    assert not (tmp_path / "out").exists()


def test_a_disk_without_room_for_the_copies_is_told_at_once(tiny_system, song, tmp_path, monkeypatch, mixed):
    asked = []

    class Room(int):
        """Free bytes that are too few for anything, and remember how many were asked for."""

        def __lt__(self, needed):
            asked.append(needed)
            return True

    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=Room(0)))
    for daw in ([], ["reaper"]):
        with pytest.raises(WavemixError, match="this mix needs"):
            tiny_system.mix(song, tmp_path / "out", FLOAT, daw=daw)
    copies = sum(copy.stat().st_size for copy in (mixed[0] / "daw").iterdir())
    assert asked[1] - asked[0] == pytest.approx(copies, rel=0.01)
    assert not (tmp_path / "out").exists()


def test_another_daw_is_refused(tiny_system, song, tmp_path):
    with pytest.raises(ValueError, match="no DAW 'tape'.*reaper, dawproject"):
        tiny_system.mix(song, tmp_path / "out", daw=["tape"])
