"""From MIDI files to songs that models train on."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml
from click.testing import CliRunner, Result
from rendering.material import control, note, program, write_midi

from wavemix.cli.main import cli
from wavemix.data.inputs import Inputs
from wavemix.data.ledger import Entry, Ledger
from wavemix.data.plain import find_songs
from wavemix.data.song_audio import read_song
from wavemix.engineer import mix_of, stem_of
from wavemix.engineer.practice import STEM_LEVELS, TRACK_LEVELS
from wavemix.errors import WavemixError
from wavemix.rendering.compositions import choose
from wavemix.rendering.mixdown import practice_hash
from wavemix.rendering.performance import Ingredients
from wavemix.rendering.render import render

RATE = 44_100


@pytest.fixture(scope="module", autouse=True)
def short_songs() -> Iterator[None]:
    """Songs that last too little are taken."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wavemix.rendering.compositions.LEAST_SECONDS", 1.0)
        yield


@pytest.fixture(scope="module")
def ingredients(kits: Path, tone_font: Path) -> Ingredients:
    """With a room."""
    (kits / "impulse_responses").mkdir(exist_ok=True)
    noise = np.random.default_rng(0).standard_normal((RATE // 2, 2)) * np.linspace(0.5, 0, RATE // 2)[:, None] ** 2
    soundfile.write(kits / "impulse_responses" / "room.flac", np.clip(noise, -1, 1), RATE)
    return Ingredients(kits, tone_font)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two songs of four seconds: drums without toms, bass, a piano to the left and a voice."""
    folder = tmp_path_factory.mktemp("midi")
    for name, pitch in (("first", 40), ("second", 43)):
        beats = range(0, 8, 2)
        drums = [message for beat in beats for drum in (36, 42) for message in note(beat, 1, drum, channel=9)]
        bass = [program(0, 33, 1), *(message for beat in beats for message in note(beat, 1.5, pitch, channel=1))]
        piano = [program(0, 0, 2), control(0, 10, 10, 2), control(0, 7, 80, 2)]
        piano += [message for beat in beats for message in note(beat, 2, pitch + 20, channel=2)]
        voice = [program(0, 53, 3), *(message for beat in beats for message in note(beat, 1.9, pitch + 27, channel=3))]
        write_midi(folder / f"{name}.mid", drums, bass, piano, voice)
    return folder


@pytest.fixture(scope="module")
def rendered(library: Path, ingredients: Ingredients, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered")
    outcomes = render(choose([library], {}).compositions, folder, ingredients)
    assert [outcome.failure for outcome in outcomes] == ["", ""]
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_songs_lie_in_the_plain_layout_and_every_model_can_learn_from_them(rendered: Path) -> None:
    songs = find_songs(rendered)
    assert {song.name for song in songs} == {"first", "second"}
    for song in songs:
        assert song.rendered
        assert set(song.stems) == {"drums", "bass", "vocals", "other"}
        assert not any(Inputs(model, RATE).obstacle(song) for model in (*song.stems, "mix"))
        assert {"bass", "lead", "keys"} <= {track.role for track in song.tracks}


def test_a_kit_is_one_track_or_the_microphones_that_hear_a_drum_of_their_own(rendered: Path) -> None:
    """The ride's microphone, the tenth of the tests' kit, hears all at a tenth, and no ride is played."""
    for song in find_songs(rendered):
        roles = {track.role for track in song.tracks if track.group == "drums"}
        assert roles in ({"kit"}, {"kick", "snare", "hihat", "toms", "overhead", "room"})


def test_targets_are_what_the_house_engineer_makes_of_the_files(rendered: Path) -> None:
    """To the step of 24 bits: a training reads exactly what the engineer read."""
    step = 2.0**-23
    for song in find_songs(rendered):
        audio = read_song(song, RATE)
        for group, stem in audio.stems.items():
            read = Inputs(group, RATE, TRACK_LEVELS).read(song)
            assert np.abs(stem_of(group, read[:-2], RATE) - stem).max() <= step
            assert np.array_equal(read[-2:], stem)
        stems = Inputs("mix", RATE, STEM_LEVELS).place_stems(audio.stems)
        assert np.abs(mix_of(stems[0], RATE) - audio.mix).max() <= 32 * step  # the stems are rounded, and raised


def test_a_song_says_who_mixed_it(rendered: Path) -> None:
    facts = yaml.safe_load((find_songs(rendered)[0].folder / "song.yaml").read_text())
    assert facts["rendering"] == {
        "engineer": "house",
        "practice": practice_hash()[:12],
        "track_levels": {"loudness_lufs": TRACK_LEVELS.loudness_lufs, "peak_dbfs": TRACK_LEVELS.peak_dbfs},
        "stem_levels": {"sum_loudness_lufs": STEM_LEVELS.sum_loudness_lufs},
    }


def test_the_same_command_gives_the_same_bytes_with_any_number_of_jobs(
    library: Path, ingredients: Ingredients, rendered: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    render(choose([library], {}).compositions, tmp_path / "again", ingredients, jobs=2, tell=told.append)
    assert sorted(told) == ["first", "second"]
    assert bytes_of(tmp_path / "again") == bytes_of(rendered)


def test_songs_that_are_there_are_kept_and_spoiled_ones_made_again(
    library: Path, ingredients: Ingredients, tmp_path: Path
) -> None:
    compositions = choose([library / "first.mid"], {}).compositions
    render(compositions, tmp_path, ingredients)
    before = bytes_of(tmp_path)
    mix = next(tmp_path.rglob("mix.flac"))
    stamp = mix.stat().st_mtime_ns
    assert [outcome.kept for outcome in render(compositions, tmp_path, ingredients)] == [True]
    assert mix.stat().st_mtime_ns == stamp
    mix.write_bytes(b"spoiled")
    assert [outcome.kept for outcome in render(compositions, tmp_path, ingredients)] == [False]
    assert bytes_of(tmp_path) == before


def test_a_person_s_file_beside_a_song_in_another_split_stays(
    library: Path, ingredients: Ingredients, tmp_path: Path
) -> None:
    compositions = choose([library / "first.mid"], {}).compositions
    other = "test" if compositions[0].split != "test" else "valid"
    Ledger(tmp_path).add(other, "first", Entry("", "", {}))
    (tmp_path / other / "first").mkdir(parents=True)
    (tmp_path / other / "first" / "notes.txt").write_text("mine")
    [outcome] = render(compositions, tmp_path, ingredients)
    assert "notes.txt: was not written by wavemix" in outcome.failure
    assert (tmp_path / other / "first" / "notes.txt").read_text() == "mine"


def test_another_seed_is_another_song(library: Path, ingredients: Ingredients, rendered: Path, tmp_path: Path) -> None:
    compositions = choose([library / "first.mid"], {}).compositions
    render(compositions, tmp_path, ingredients, seed=1)
    mine = next(tmp_path.rglob("mix.flac"))
    assert mine.read_bytes() != (rendered / mine.relative_to(tmp_path)).read_bytes()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["render", *map(str, arguments)], catch_exceptions=False)


def test_the_command(library: Path, ingredients: Ingredients, tmp_path: Path) -> None:
    result = run(
        library / "first.mid", library / "second.mid", "-o", tmp_path, "--ingredients", ingredients.folder,
        "--jobs", 1, "--hours", 0.001, "--licence", f"{library.name}=CC0-1.0",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "1 songs (0 were there already)" in result.stdout
    [song] = find_songs(tmp_path)
    assert song.licence == "CC0-1.0"
    assert list(json.loads((tmp_path / "manifest.json").read_text())["songs"]) == [f"{song.split}/{song.name}"]


def test_what_is_missing_is_one_sentence(library: Path, ingredients: Ingredients, tmp_path: Path) -> None:
    with pytest.raises(WavemixError, match="has no rooms in impulse_responses/"):
        run(library, "-o", tmp_path / "out", "--ingredients", tmp_path)
    with pytest.raises(WavemixError, match="soundfont cannot be opened|cannot be read"):
        run(library, "-o", tmp_path / "out", "--ingredients", ingredients.folder, "--soundfont", tmp_path / "no.sf2")
    assert run(library, "-o", tmp_path / "out", "--ingredients", tmp_path, "--licence", "x").exit_code == 2
    assert not (tmp_path / "out").exists()
