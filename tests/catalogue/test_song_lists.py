import json

import pytest

from wavemix.catalogue import Destination, Song, read_catalogue
from wavemix.catalogue.failures import write_failures
from wavemix.errors import WavemixError


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("list.yaml", "- one\n- song: deep/two\n- {song: /far/three/session.yaml, name: third}\n"),
        ("list.csv", "\ufeffsong,name\none,\ndeep/two,\n/far/three/session.yaml,third\n"),
        ("list.jsonl", '"one"\n\n{"song": "deep/two"}\n{"song": "/far/three/session.yaml", "name": "third"}\n'),
    ],
)
def test_all_forms_list_the_same_songs(tmp_path, file, text):
    (tmp_path / file).write_text(text)
    expected = [("one", tmp_path / "one"), ("two", tmp_path / "deep/two")]
    found = read_catalogue(tmp_path / file)
    assert [(song.name, song.source) for song in found[:2]] == expected
    assert found[2].name == "third"
    assert str(found[2].source) == "/far/three/session.yaml"


def test_a_folder_lists_its_sub_folders_but_not_an_output_in_it(tmp_path):
    for name in ("b", "a", ".hidden", "out"):
        (tmp_path / name).mkdir()
    write_failures(Destination(str(tmp_path / "out")), [])
    (tmp_path / "b/failures.csv").touch()  # a person's, whose song is no output for that
    (tmp_path / "b/batch.json").write_text("[]")
    (tmp_path / "notes.txt").touch()
    assert read_catalogue(tmp_path) == (Song("a", tmp_path / "a"), Song("b", tmp_path / "b"))


def test_a_session_is_named_after_its_folder_and_raw_after_the_folder_above(tmp_path):
    (tmp_path / "list.jsonl").write_text("\n".join(map(json.dumps, ("x/session.yaml", "y/raw"))))
    assert [song.name for song in read_catalogue(tmp_path / "list.jsonl")] == ["x", "y"]


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("list.yaml", "song: one\n", "is not a list of songs"),
        ("list.yaml", "- [one]\n", "entry 1: is neither a path"),
        ("list.yaml", "- {song: one, folder: two}\n", "entry 1: has the unknown key 'folder'"),
        ("list.yaml", "- {name: one}\n", "entry 1: names no `song`"),
        ("list.yaml", "[]\n", "lists no songs"),
        ("list.csv", "path\none\n", "line 2: has the unknown key 'path'"),
        ("list.csv", "song,name\none,1,2\n", "line 2: has 3 cells for 2 columns"),
        ("list.csv", "song,name\none,../two\n", "line 2: has the name `../two`"),
        ("list.jsonl", '"one"\n{two\n', "line 2: is not valid JSON"),
        ("list.jsonl", '"a/one"\n"b/one"\n', "would both be mixed into `one`"),
        ("list.jsonl", "[" * 100_000, "line 1: is not valid JSON"),
        ("list.jsonl", '"a\\u0000b"', "line 1: `song` is .*: its name has a NUL in it"),
        ("list.jsonl", '{"song": "a", "name": ["b"]}', r"line 1: `name` must be text, not \['b'\]"),
        ("list.csv", "song\n" + "x" * 200_000, "line 2: is not CSV .*; correct or remove it"),
        ("list.csv", "song\n" + "x" * 300, "line 2: `song` is .*: its name has 300 bytes"),
        ("list.yaml", "&a [*a]", "has an alias"),
        ("list.yaml", "- song: a\n  name: 2001-99-99", "line 2: has a value that is no `timestamp`"),
        ("list.yaml", "- song: a\n  name: " + "n" * 256, "entry 1: `name` is .*: its name has 256 bytes"),
        ("list.txt", "one\n", "is no catalogue"),
    ],
)
def test_a_wrong_list_is_one_sentence(tmp_path, file, text, sentence):
    (tmp_path / file).write_text(text)
    with pytest.raises(WavemixError, match=f"{file}.*{sentence}"):
        read_catalogue(tmp_path / file)


def test_a_missing_list_and_a_single_song_are_told_apart(tmp_path, band):
    with pytest.raises(WavemixError, match="cannot be read"):
        read_catalogue(tmp_path / "nothing.csv")
    with pytest.raises(WavemixError, match="is itself a song"):
        read_catalogue(band)
