from collections import Counter
from pathlib import Path

import pytest

from wavemix.data.plain import find_songs
from wavemix.data.splits import Splits, artist_key, artist_of, divided_artists, load_splits, song_key

SPLITS = load_splits()

# Songs of MUSDB18's training list whose artists are also in its test list.
SHARED = (
    "Hollow Ground - Left Blind",
    "Skelpolu - Human Mistakes",
    "Skelpolu - Together Alone",
    "The Long Wait - Back Home To Blue",
    "Triviul - Angelsaint",
    "Triviul - Dorothy",
)


def test_no_song_is_listed_twice() -> None:
    counts = Counter(song_key(song) for song in SPLITS.songs)
    assert max(counts.values()) == 1
    assert len(counts) == len(SPLITS.songs)


def test_no_artist_is_in_two_splits_but_those_who_are_named() -> None:
    divided = divided_artists((artist_of(song), split) for song, split in SPLITS.songs.items())
    assert {artist_key(artist) for artist, _ in divided} <= {artist_key(artist) for artist in SPLITS.divided_artists}


def test_the_test_list_of_musdb18_is_whole() -> None:
    """The eight songs of the paper are among its fifty."""
    corpus = {"DirtyLove", "Music Delta - Rock"}
    assert len([song for song, split in SPLITS.songs.items() if split == "test" and song not in corpus]) == 50


@pytest.mark.parametrize("song", [song for song, split in SPLITS.songs.items() if split == "test"])
@pytest.mark.parametrize("source_split", ["", "train", "valid", "test"])
def test_a_test_song_is_never_trained_on(song: str, source_split: str) -> None:
    assert SPLITS.choose(song, source_split=source_split).split == "test"


@pytest.mark.parametrize("song", SHARED)
def test_other_songs_by_the_artists_of_test_songs_are_not_used(song: str) -> None:
    place = SPLITS.choose(song, source_split="train")
    assert place.split == ""
    assert "its artist has songs in test" in place.reason


def test_spelling_does_not_let_a_song_through() -> None:
    for title in (
        "AlJames_SchoolboyFacination",
        "al james – schoolboy facination",
        "Al James - Schoolboy Facination (excerpt)",
    ):
        assert SPLITS.choose(title, source_split="train").split == "test"
    assert SPLITS.choose("Skelpolu & friend", "Skelpolu feat. Friend", "train").split == ""


def test_what_is_not_listed_stays_where_it_is() -> None:
    assert SPLITS.choose("Leaf - Wicked", source_split="train").split == "train"
    assert SPLITS.choose("My Band - My Song").split == "train"
    assert SPLITS.choose("My Band - My Song", source_split="valid").split == "valid"
    assert SPLITS.choose("My Song").split == "train"


def test_an_artist_may_stay_in_the_split_of_the_listed_songs() -> None:
    splits = Splits({"A - One": "test"}, ())
    assert splits.choose("A - Two", source_split="test").split == "test"
    assert splits.choose("A - Two", source_split="valid").split == ""
    assert Splits({"A - One": "test"}, ("a",)).choose("A - Two", source_split="valid").split == "valid"


@pytest.mark.corpus
def test_the_corpus_divides_just_the_artists_who_are_named(corpus: Path) -> None:
    songs = [(SPLITS.artist(song.title), song.split) for song in find_songs(corpus)]
    assert {artist for artist, _ in divided_artists(songs)} == set(SPLITS.divided_artists)


@pytest.mark.corpus
def test_the_corpus_keeps_its_splits_but_for_a_song_of_musdb18s_test_list(corpus: Path) -> None:
    moved = {
        song.name: SPLITS.choose(song.title, song.artist, song.split).split
        for song in find_songs(corpus)
        if SPLITS.choose(song.title, song.artist, song.split).split != song.split
    }
    assert moved == {"falcon69": "test"}
