import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import noise
from listening.tones import RATE, sounds_in

from wavemix.cli import main
from wavemix.errors import WavemixError
from wavemix.listening.blind_test import QUESTIONS, write_test
from wavemix.listening.passages import FADE_SECONDS, find_mixed_songs, read_passage
from wavemix.listening.ratings import DIMENSIONS
from wavemix.metrics.levels import measure_levels

WriteMixes = Callable[..., Path]


@pytest.fixture
def write_mixes(tmp_path: Path) -> WriteMixes:
    """Write the mixes of a song: `write_mixes("song", a=samples, b=samples)`."""

    def write(song: str, rate: int = RATE, **mixes: np.ndarray) -> Path:
        folder = tmp_path / "songs" / song
        folder.mkdir(parents=True)
        for name, samples in mixes.items():
            soundfile.write(folder / f"{name}.wav", samples, rate, subtype="FLOAT")
        return folder

    return write


@pytest.fixture(scope="module")
def exported(mixes, tmp_path_factory):
    return write_test([mixes], tmp_path_factory.mktemp("test"), "Which one?", seconds=1.0)


def test_the_page_is_blind_and_the_key_tells(exported, mixes):
    page = exported.page.read_text()
    key = json.loads(exported.key.read_text())
    test = json.loads(re.search(r'id="test">(.*?)</script>', page)[1])
    assert sorted(key["songs"].values()) == ["first", "second"]
    assert sorted(key["mixes"].values()) == 2 * ["engineer"] + 2 * ["ours"] + 2 * ["sum"]
    assert sounds_in(page).keys() == key["mixes"].keys()
    assert {song["id"] for song in test["songs"]} == key["songs"].keys()
    for song in test["songs"]:
        assert {key["mixes"][code] for code in song["stimuli"]} == {"engineer", "ours", "sum"}
        assert song["stimuli"] == sorted(song["stimuli"])
    visible = re.sub(r'>[^<"]{1000,}<', "><", page)  # base64 spells everything sooner or later
    for name in ("engineer", "first", "second"):
        assert not re.search(rf"\b{name}\b", visible.split('id="test">')[1].split("<script>")[0])


def test_the_page_needs_nothing_else(exported):
    page = exported.page.read_text()
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|src=|url\(|@import|fetch\(", page)


def test_stimuli_are_equally_loud_within_and_across_songs(write_mixes, tmp_path):
    clicks = noise(1.0, 2, RATE, level=0.01)
    clicks[:: RATE // 10] = 0.9  # such a peak forbids -14 LUFS
    write_mixes("clicks", a=clicks, b=0.5 * clicks)
    write_mixes("noise", a=noise(1.0, 2, RATE), b=noise(1.0, 2, RATE, seed=1))
    sounds = sounds_in(write_test([tmp_path / "songs"], tmp_path / "out").page.read_text())
    levels = [measure_levels(sound, RATE) for sound in sounds.values()]
    assert {sound.shape for sound in sounds.values()} == {(2, RATE)}
    assert np.ptp([level.integrated_lufs for level in levels]) < 0.05
    assert max(level.true_peak_dbtp for level in levels) == pytest.approx(-1.0, abs=0.05)


def test_only_gain_and_the_ends_are_changed(mixes):
    (song, _) = find_mixed_songs([mixes])
    passage = read_passage(song, RATE, start_seconds=0.5, seconds=1.0)
    original = soundfile.read(song.mixes["ours"])[0].T[:, RATE // 2 : RATE // 2 + RATE]
    inner = slice(round(FADE_SECONDS * RATE), -round(FADE_SECONDS * RATE))
    ratio = passage.mixes["ours"][:, inner] @ original[:, inner].T / np.sum(original[:, inner] ** 2, axis=1)
    np.testing.assert_allclose(passage.mixes["ours"][:, inner], ratio[0, 0] * original[:, inner], atol=1e-5)
    assert np.abs(passage.mixes["ours"][:, [0, -1]]).max() < 1e-3


def test_the_same_seed_gives_the_same_files_and_another_other_hashes(exported, mixes, tmp_path):
    again = write_test([mixes], tmp_path / "again", "Which one?", seconds=1.0)
    other = write_test([mixes], tmp_path / "other", "Which one?", seed=1, seconds=1.0)
    assert again.page.read_bytes() == exported.page.read_bytes()
    assert again.key.read_bytes() == exported.key.read_bytes()
    write_test([mixes], tmp_path / "again", "Which one?", seconds=1.0)  # with the same key: it is not another test
    assert not json.loads(other.key.read_text())["mixes"].keys() & json.loads(exported.key.read_text())["mixes"].keys()


def test_the_key_of_another_test_is_never_replaced(write_mixes, tmp_path):
    mixes = write_mixes("song", a=noise(1.0, 2, RATE), b=noise(1.0, 1, RATE))
    before = write_test([mixes], tmp_path / "test", seconds=1.0).key.read_bytes()
    with pytest.raises(WavemixError, match="key.json: is the key of another test"):
        write_test([mixes], tmp_path / "test", seed=1, seconds=1.0)
    assert (tmp_path / "test" / "key.json").read_bytes() == before


def test_the_loudest_passage_is_taken(write_mixes):
    quiet, loud = noise(2.0, 2, RATE, level=0.001), noise(1.0, 2, RATE, level=0.1)
    a = np.concatenate([quiet, loud, quiet])
    (song,) = find_mixed_songs([write_mixes("song", a=a, b=a[:, :1])])
    passage = read_passage(song, RATE, seconds=1.0)
    assert passage.window.start_seconds == pytest.approx(2.0, abs=0.1)
    assert passage.mixes["b"].shape == (2, RATE)


def test_a_passage_ends_with_the_shortest_mix(write_mixes):
    (song,) = find_mixed_songs([write_mixes("song", a=noise(2.0, 2, RATE), b=noise(1.5, 2, RATE))])
    assert read_passage(song, RATE, start_seconds=1.0, seconds=5.0).window.seconds == pytest.approx(0.5)


def test_mixes_of_several_rates_meet_at_the_highest(write_mixes, tmp_path):
    a, b = noise(1.0, 2, RATE), noise(1.0, 2, 2 * RATE)
    folder = write_mixes("song", a=a)
    soundfile.write(folder / "b.wav", b, 2 * RATE)
    page = write_test([folder], tmp_path / "out", seconds=1.0).page.read_text()
    assert {sound.shape for sound in sounds_in(page).values()} == {(2, 2 * RATE)}


def test_a_title_is_only_text(mixes, tmp_path):
    page = write_test([mixes], tmp_path, "</title><b>&", seconds=1.0).page.read_text()
    assert "<b>&" not in page and "&lt;/title&gt;&lt;b&gt;&amp;" in page


def test_no_code_of_a_listener_is_a_formula_in_the_file_that_the_page_writes(exported):
    (pattern,) = re.findall(r'name="listener".*?pattern="(.*?)"', exported.page.read_text(), re.DOTALL)
    allowed = re.compile(pattern)
    assert allowed.fullmatch("ann-1") and allowed.fullmatch("_7")
    assert not any(allowed.fullmatch(code) for code in ("-1", "-ann", "=1", "+1", "@a", "a=b", ""))


def test_every_dimension_has_its_question():
    assert tuple(QUESTIONS) == DIMENSIONS


@pytest.mark.parametrize(
    ("songs", "sentence"),
    [
        ({"song": {"a": 1.0}}, "song: the number of mixes is 1; give from 2 to 8"),
        ({"song": dict.fromkeys("abcdefghi", 1.0)}, "song: the number of mixes is 9; give from 2 to 8"),
        ({"one": {"a": 1.0, "b": 1.0}, "two": {"a": 1.0, "b": 1.0, "c": 1.0}}, "one: has no mix called `c`"),
        ({"one": {"a": 1.0, "b": 1.0, "c": 1.0}, "two": {"a": 1.0, "b": 1.0}}, "two: has no mix called `c`"),
        ({"song": {"a": 1.0, "b": 0.0}}, "b.wav: is silent between 0.0 s and 1.0 s"),
    ],
)
def test_what_cannot_be_compared_is_named(write_mixes, tmp_path, songs, sentence):
    for song, levels in songs.items():
        write_mixes(song, **{name: level * noise(1.0, 2, RATE) for name, level in levels.items()})
    with pytest.raises(WavemixError, match=re.escape(sentence)):
        write_test([tmp_path / "songs"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_two_songs_of_one_name_are_named(write_mixes, tmp_path):
    folder = write_mixes("song", a=noise(1.0, 2, RATE), b=noise(1.0, 2, RATE))
    with pytest.raises(WavemixError, match="another song called song"):
        write_test([folder, folder], tmp_path / "out")


def test_a_start_after_the_end_is_named(mixes):
    with pytest.raises(WavemixError, match=r"lasts 2\.0 s; choose a smaller --start"):
        read_passage(find_mixed_songs([mixes])[0], RATE, start_seconds=3.0)


@pytest.mark.parametrize("place", ["nowhere", "empty"])
def test_a_folder_without_mixes_is_named(tmp_path, place):
    (tmp_path / "empty").mkdir()
    with pytest.raises(WavemixError, match=f"{place}: (no such folder|holds no sound files)"):
        write_test([tmp_path / place], tmp_path / "out")


def test_the_command_says_what_it_wrote(mixes, tmp_path, capsys):
    with pytest.raises(SystemExit) as leave:
        main(["listen", "export", str(mixes), "-o", str(tmp_path), "--seconds", "1", "--start", "0.5"])
    assert not leave.value.code
    printed = capsys.readouterr().out
    assert "first: 3 mixes from 0.5 s to 1.5 s at " in printed and "listen.html" in printed and "key.json" in printed
