import os
import pickle
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from wavemix.audio.files import probe
from wavemix.data import cache as cache_module
from wavemix.data.cache import CachedSong, cached, default_folder
from wavemix.data.inputs import Inputs
from wavemix.data.plain import PlainSong, open_song
from wavemix.data.song_audio import read_song
from wavemix.dsp.input_levels import AS_THEY_COME, InputLevels
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.errors import WavemixError
from wavemix.session.finding import session_from_folder
from wavemix.session.groups import GROUPS
from wavemix.session.sources import GroupReader, Source, check_sources

RATE = 44_100


def noise(seed: int, channels: int = 1, samples: int = 5_000) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal((samples, channels)).astype(np.float32)


@pytest.fixture
def song(write_song) -> PlainSong:
    """Every group has a stem, drums and bass have tracks; the second channel of the DI is a copy."""
    di = noise(3)
    folder = write_song(
        {
            "raw/drums/01_kick.wav": noise(1),
            "raw/drums/02_overheads.wav": noise(2, channels=2),
            "raw/drums/03_kick out.wav": noise(9, samples=4_000),
            "raw/bass/04_di.wav": np.hstack([di, di]),
            **{f"stems/{group}.wav": noise(10 + i, 2) for i, group in enumerate(["drums", "bass", "vocals"])},
            "mix.wav": noise(20, channels=2),
        },
        "song",
    )
    (folder / "song.yaml").write_text("title: A song\n")
    return open_song(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def on_disk(song: Path, levels: dict[str, InputLevels]) -> list[Source]:
    """The sources of a mix."""
    session = session_from_folder(song)
    opened = [partial(probe, session.path(track)) for track in session.tracks]
    return check_sources(session.tracks, opened, levels, RATE)


def test_inputs_are_what_the_pipeline_gives_the_model(song, folder):
    for model, slots in (("drums", 10), ("bass", 4)):
        made = cached(song, Inputs(model, RATE), folder)
        sources = on_disk(song.folder, dict.fromkeys(GROUPS, AS_THEY_COME))
        with GroupReader([source for source in sources if source.track.group == model], RATE, slots) as reader:
            assert np.array_equal(made.tracks, reader.read(5_000))
            assert made.sides == (2 if model == "drums" else 1)


def test_a_track_whose_name_is_not_utf_8_is_learned_from(song, folder):
    as_named = cached(song, Inputs("drums", RATE), folder).tracks
    track = song.folder / "raw/drums/01_kick.wav"
    try:
        track.rename(track.with_name(os.fsdecode(b"01_kick\xff.wav")))
    except OSError:
        pytest.skip("this disk takes no names that are not UTF-8")
    renamed = cached(open_song(song.folder), Inputs("drums", RATE), folder).tracks
    assert torch.equal(renamed, as_named)


def test_the_stem_is_the_target(song, folder):
    made = cached(song, Inputs("bass", RATE), folder)
    assert np.array_equal(made.target, read_song(song, RATE).stems["bass"])


def test_lag_and_polarity_are_corrected(song, folder):
    (song.folder / "song.yaml").write_text(
        "alignment: {tracks: {raw/drums/01_kick.wav: {lag_samples: 7, polarity: -1}}}\n"
    )
    made = cached(open_song(song.folder), Inputs("drums", RATE), folder)
    for side in made.tracks:
        np.testing.assert_array_equal(side[0, 7:], -noise(1)[:-7, 0])


def test_the_mix_model_reads_the_stems_in_turn(song, folder):
    made = cached(song, Inputs("mix", RATE), folder)
    [inputs] = made.tracks
    whole = read_song(song, RATE)
    for i, group in enumerate(("drums", "bass", "vocals")):
        assert np.array_equal(inputs[2 * i : 2 * i + 2], whole.stems[group])
    assert not inputs[6:8].any()
    assert np.array_equal(made.target, whole.mix)


def test_a_song_of_finished_tracks_is_derived(write_song, folder):
    one, two = noise(1, 2), noise(2, 2)
    place = write_song({"tracks/bass/01_di.wav": one, "tracks/bass/02_amp.wav": two, "tracks/drums/kit.wav": two})
    (place / "song.yaml").write_text("title: A song\n")
    made = cached(open_song(place), Inputs("bass", RATE), folder)
    [inputs] = made.tracks
    np.testing.assert_allclose(inputs[0], one.mean(axis=1), atol=1e-7)
    np.testing.assert_allclose(inputs[1], two.mean(axis=1), atol=1e-7)
    np.testing.assert_allclose(made.target, (one + two).T, atol=1e-7)
    mix = cached(open_song(place), Inputs("mix", RATE), folder)
    np.testing.assert_allclose(mix.target, (one + two + two).T, atol=1e-7)


def test_inputs_are_brought_to_a_loudness(write_song, folder):
    place = write_song({"raw/bass/di.wav": noise(1, samples=RATE), "stems/bass.wav": noise(2, 2, RATE)})
    (place / "song.yaml").write_text("title: A song\n")
    made = cached(open_song(place), Inputs("bass", RATE, InputLevels(loudness_lufs=-30.0)), folder)
    meter = LoudnessMeter(RATE, channels=1)
    meter.update(made.tracks[0, :1].numpy())
    assert meter.integrated_lufs() == pytest.approx(-30, abs=0.01)
    np.testing.assert_array_equal(made.target, noise(2, 2, RATE).T)


def test_the_sides_of_a_stereo_track_are_brought_to_a_loudness_together(write_song, folder):
    """Their levels stay as they were to each other, and opposite polarity does not make silence of them."""
    left = noise(1, samples=RATE)
    place = write_song({"raw/bass/di.wav": np.hstack([left, -0.5 * left]), "stems/bass.wav": noise(2, 2, RATE)})
    (place / "song.yaml").write_text("title: A song\n")
    inputs = Inputs("bass", RATE, InputLevels(loudness_lufs=-30.0))
    tracks = cached(open_song(place), inputs, folder).tracks[:, 0].numpy()
    np.testing.assert_allclose(tracks[1], -0.5 * tracks[0], atol=1e-6)
    meter = LoudnessMeter(RATE, channels=2)
    meter.update(tracks)
    assert meter.integrated_lufs() == pytest.approx(-30 + 10 * np.log10(2), abs=0.01)
    levels = dict.fromkeys(GROUPS, AS_THEY_COME) | {"bass": inputs.levels}
    sources = on_disk(place, levels)
    with GroupReader([source for source in sources if source.track.group == "bass"], RATE, 4) as reader:
        np.testing.assert_allclose(reader.read(RATE)[:, 0], tracks, atol=1e-6)


@pytest.mark.parametrize(
    ("model", "obstacle"),
    [
        ("drums", ""),
        ("bass", "left out: too far"),
        ("vocals", "has no vocals tracks"),
        ("other", "has no other tracks"),
    ],
)
def test_obstacles_are_named(song, model, obstacle):
    (song.folder / "song.yaml").write_text("alignment: {left_out: {bass: too far}}\n")
    assert Inputs(model, RATE).obstacle(open_song(song.folder)) == obstacle


def test_without_its_stem_or_mix_a_song_is_no_use(song):
    (song.folder / "stems" / "drums.wav").unlink()
    (song.folder / "mix.wav").unlink()
    song = open_song(song.folder)
    assert Inputs("drums", RATE).obstacle(song) == "has no drums stem"
    assert Inputs("mix", RATE).obstacle(song) == "has no mix"


def test_an_array_is_made_once(song, folder, monkeypatch):
    first = cached(song, Inputs("drums", RATE), folder)
    monkeypatch.setattr(Inputs, "read", lambda *_: pytest.fail("made again"))
    assert torch.equal(cached(song, Inputs("drums", RATE), folder).tracks, first.tracks)


def test_an_array_is_made_again_for_a_song_that_changed(song, folder):
    def arrays() -> int:
        cached(open_song(song.folder), Inputs("bass", RATE), folder)
        return len(list(folder.rglob("*.active.npy")))

    assert arrays() == 1
    (song.folder / "song.yaml").write_text("title: Another\n")
    assert arrays() == 2
    os.utime(song.folder / "stems" / "bass.wav", ns=(1, 1))
    assert arrays() == 3
    cached(song, Inputs("bass", RATE, InputLevels(loudness_lufs=-20.0)), folder)
    cached(song, Inputs("bass", 22_050), folder)
    assert arrays() == 5


def test_an_array_is_there_whole_or_not_at_all(song, folder, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "open_memmap", fail)
    with pytest.raises(WavemixError, match="disk is full"):
        cached(song, Inputs("bass", RATE), folder)
    assert not folder.exists()
    monkeypatch.undo()
    cached(song, Inputs("bass", RATE), folder)
    (half,) = folder.rglob("*.active.npy")
    half.unlink()
    cached(song, Inputs("bass", RATE), folder)
    assert half.exists()


def test_silence_is_known_without_reading_the_song(write_song, folder):
    stem = noise(1, 2, 10_000)
    stem[3_000:8_000] = 1e-4
    place = write_song({"raw/bass/di.wav": noise(2, samples=10_000), "stems/bass.wav": stem})
    (place / "song.yaml").write_text("title: A song\n")
    song = cached(open_song(place), Inputs("bass", RATE), folder)
    assert not song.silent(0, 10_000)
    assert song.silent(3_100, 4_000)
    assert not song.silent(7_000, 2_000)
    assert not song.silent(-500, 1_000)


def test_a_song_travels_as_a_path(song, folder):
    made = cached(song, Inputs("bass", RATE), folder)
    made.hold(torch.device("cpu"))
    data = pickle.dumps(made)
    assert len(data) < 10_000
    copy: CachedSong = pickle.loads(data)
    assert torch.equal(copy.tracks, made.tracks)
    assert copy.samples == 5_000


def test_the_cache_lies_beside_the_songs_unless_these_are_read_only(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    songs = tmp_path / "songs"
    songs.mkdir()
    assert default_folder(songs) == songs / ".cache"
    songs.chmod(0o555)
    assert default_folder(songs) == tmp_path / "mine" / "wavemix"


def test_version_is_part_of_the_key(song, folder, monkeypatch):
    cached(song, Inputs("bass", RATE), folder)
    monkeypatch.setattr(cache_module, "VERSION", 0)
    cached(song, Inputs("bass", RATE), folder)
    assert len(list(folder.rglob("*.active.npy"))) == 2
