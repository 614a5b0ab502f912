from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from wavemix.data.plain import find_songs, open_song
from wavemix.data.song_audio import read_song
from wavemix.errors import WavemixError

RATE = 44_100

WritePlainSong = Callable[..., Path]


@pytest.fixture
def plain_song(write_song: Callable[..., Path], tmp_path: Path) -> WritePlainSong:
    """Write a song whose sounds are `(channels, samples)`: `plain_song({"mix.wav": samples}, split="train")`."""

    def write(sounds: Mapping[str, np.ndarray], name: str = "song", **facts: Any) -> Path:
        write_song({file: samples.T for file, samples in sounds.items()}, name)
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "song.yaml").write_text(yaml.safe_dump({"title": "A - B", **facts}), encoding="utf-8")
        return tmp_path / name

    return write


def impulse(place: int, samples: int = 400) -> np.ndarray:
    sound = np.zeros((1, samples), np.float32)
    sound[0, place] = 1
    return sound


def aligned(file: str, lag: int, polarity: int) -> dict[str, Any]:
    return {"tracks": {file: {"lag_samples": lag, "polarity": polarity, "correlation": 0.9}}}


def test_a_raw_track_is_moved_to_where_its_stem_has_it(plain_song: WritePlainSong) -> None:
    sounds = {"raw/bass/01_di.wav": impulse(100), "stems/bass.wav": -impulse(107)}
    song = open_song(plain_song(sounds, alignment=aligned("raw/bass/01_di.wav", 7, -1)))
    audio = read_song(song, RATE)
    assert np.array_equal(np.repeat(audio.raw[0], 2, axis=0), audio.stems["bass"])


def test_the_lag_is_in_samples_of_the_file(plain_song: WritePlainSong) -> None:
    sounds = {"raw/bass/di.wav": impulse(100)}
    song = open_song(plain_song(sounds, alignment=aligned("raw/bass/di.wav", -20, 1)))
    assert np.argmax(read_song(song, 2 * RATE).raw[0]) == 2 * 80


def test_files_of_several_lengths_and_channels_become_one_shape(plain_song: WritePlainSong) -> None:
    sounds = {
        "raw/drums/kick.wav": impulse(1, 300),
        "raw/drums/overheads.wav": np.zeros((2, 200), np.float32),
        "stems/drums.wav": impulse(1, 500),
        "mix.wav": np.zeros((2, 400), np.float32),
    }
    audio = read_song(open_song(plain_song(sounds)), RATE)
    assert [block.shape for block in audio.raw] == [(1, 500), (2, 500)]
    assert audio.stems["drums"].shape == (2, 500)
    assert audio.mix is not None and audio.mix.shape == (2, 500)
    assert {block.dtype for block in (*audio.raw, audio.mix)} == {np.dtype(np.float32)}


def test_finished_tracks_give_raw_tracks_stems_and_mix(plain_song: WritePlainSong) -> None:
    rng = np.random.default_rng(0)
    kick, snare, voice = (rng.uniform(-0.3, 0.3, (2, 100)).astype(np.float32) for _ in range(3))
    sounds = {"tracks/drums/1_kick.wav": kick, "tracks/drums/2_snare.wav": snare, "tracks/vocals/3_vox.wav": voice}
    song = open_song(plain_song(sounds))
    audio = read_song(song, RATE)
    assert song.derived
    assert [track.role for track in song.tracks] == ["kick", "snare", "lead"]
    np.testing.assert_allclose(audio.raw[1], snare.mean(axis=0, keepdims=True), atol=1e-7)
    np.testing.assert_allclose(audio.stems["drums"], kick + snare, atol=1e-7)
    assert audio.mix is not None
    np.testing.assert_allclose(audio.mix, sum(audio.stems.values()), atol=1e-7)


def test_songs_are_found_by_split(plain_song: WritePlainSong, tmp_path: Path) -> None:
    plain_song({"stems/bass.wav": impulse(0)}, "train/b")
    plain_song({"stems/bass.wav": impulse(0)}, "valid/c", split="test")
    plain_song({"mix.wav": impulse(0), "stems/bass.wav": impulse(0)}, "a")
    assert [(song.name, song.split) for song in find_songs(tmp_path)] == [("a", ""), ("b", "train"), ("c", "test")]
    assert [song.name for song in find_songs(tmp_path, "train")] == ["b"]
    with pytest.raises(WavemixError, match="no such folder"):
        find_songs(tmp_path / "nowhere")


def test_what_must_not_be_learned_is_told(plain_song: WritePlainSong) -> None:
    alignment = {"left_out": {"bass": "another take"}}
    song = open_song(plain_song({"stems/bass.wav": impulse(0)}, alignment=alignment))
    assert song.left_out == {"bass": "another take"}


DI, STEM = {"raw/bass/di.wav": impulse(0)}, {"stems/bass.wav": impulse(0)}


@pytest.mark.parametrize(
    ("sounds", "facts", "message"),
    [
        ({}, {}, "holds no sound files"),
        ({"raw/brass/tuba.wav": impulse(0)}, {}, "`brass` is not a group"),
        ({"raw/di.wav": impulse(0)}, {}, "`di.wav` is not a group"),
        ({"stems/brass.wav": impulse(0)}, {}, "`brass` is not a group"),
        (STEM | {"stems/bass.aiff": impulse(0)}, {}, "there is also bass.aiff"),
        ({"tracks/bass/di.wav": impulse(0), "mix.wav": impulse(0)}, {}, "has mix.wav beside tracks/"),
        (DI, {"split": "dev"}, "the split `dev` does not exist"),
        (DI, {"alignment": aligned("raw/bass/amp.wav", 0, 1)}, "aligns raw/bass/amp.wav, which is not there"),
        (DI, {"alignment": aligned("raw/bass/di.wav", 0, 2)}, "needs a whole number"),
        (DI, {"alignment": {"tracks": {"raw/bass/di.wav": {"lag_samples": 0.5}}}}, "needs a whole number"),
        (DI, {"alignment": {"left_out": {"brass": "no"}}}, "leaves out `brass`"),
        (DI, {"alignment": [1]}, "must have names and values"),
        (DI, {"alignment": aligned("raw/bass/di.wav", 2**70, 1)}, "needs a whole number"),
        (DI, {"alignment": aligned("raw/bass/di.wav", 0, True)}, "needs a whole number"),
        (DI, {"title": ["A"]}, "`title` must be text, not ['A']"),
        (DI, {"artist": {"a": 1}}, "`artist` must be text"),
        (DI, {"split": [1]}, "`split` must be text"),
    ],
)
def test_nonsense_is_one_sentence(
    plain_song: WritePlainSong, sounds: dict[str, np.ndarray], facts: dict[str, Any], message: str
) -> None:
    folder = plain_song(sounds, **facts)
    with pytest.raises(WavemixError) as caught:
        open_song(folder)
    assert str(caught.value).startswith(str(folder)) and message in str(caught.value)


def test_a_stem_in_surround_is_refused(plain_song: WritePlainSong) -> None:
    song = open_song(plain_song({"stems/bass.wav": np.zeros((6, 10), np.float32)}))
    with pytest.raises(WavemixError, match="has 6 channels"):
        read_song(song, RATE)
