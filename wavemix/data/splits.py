"""Which split a song belongs to: by the list in `splits.yaml`, then by its artist, then as its source has it.

No song is in two splits, and no artist either, but for those that the list says are divided.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wavemix.documents.yaml_text import read_yaml

LISTED_SPLITS = ("test", "valid", "demo")
DEFAULT_SPLIT = "train"

_FILE = Path(__file__).with_suffix(".yaml")
_BETWEEN = " - "  # stands between the artist and the title
_ASIDE = re.compile(r"\([^)]*\)|\b(?:feat|ft|featuring)\b.*", re.IGNORECASE)
_EXCERPT = re.compile(r"\(excerpt\)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class SplitChoice:
    """Where a song belongs.

    Attributes:
        split: The split; empty if the song must not be used.
        reason: Why it is not where its source has it; empty if it is.
    """

    split: str
    reason: str = ""


@dataclass(frozen=True)
class Splits:
    """The list.

    Attributes:
        songs: Split of each listed song, by `ARTIST - TITLE`.
        divided_artists: Artists who may have songs in several splits.
    """

    songs: Mapping[str, str]
    divided_artists: tuple[str, ...]

    def choose(self, title: str, artist: str = "", source_split: str = "") -> SplitChoice:
        """The split of a song.

        Args:
            title: `ARTIST - TITLE`, or the title alone.
            artist: The artist, if it is known otherwise.
            source_split: Where its source has it; empty if nowhere.
        """
        for song, split in self.songs.items():
            if song_key(song) == song_key(title):
                moved = source_split not in ("", split)
                return SplitChoice(split, f"listed as {split}, not {source_split}" if moved else "")
        split = source_split or DEFAULT_SPLIT
        elsewhere = self._splits_of(artist or self.artist(title)) - {split}
        if elsewhere:
            return SplitChoice("", f"its artist has songs in {', '.join(sorted(elsewhere))}")
        return SplitChoice(split)

    def artist(self, title: str) -> str:
        """The artist that a title names, also one of the divided artists run together with it (`CapDan-Try`)."""
        runs = (artist for artist in self.divided_artists if song_key(title).startswith(artist_key(artist)))
        return artist_of(title) or next(runs, "")

    def _splits_of(self, artist: str) -> set[str]:
        """The splits in which an artist, unless divided, has listed songs."""
        key = artist_key(artist)
        if not key or key in map(artist_key, self.divided_artists):
            return set()
        return {split for song, split in self.songs.items() if artist_key(artist_of(song)) == key}


def load_splits(path: Path = _FILE) -> Splits:
    """Read a list of splits."""
    body: Any = read_yaml(path)
    songs = {str(song): split for split in LISTED_SPLITS for song in body[split]}
    return Splits(songs, tuple(map(str, body["divided_artists"])))


def divided_artists(songs: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The artists who have songs in several splits, and those splits.

    >>> divided_artists([("A", "train"), ("a", "test"), ("B", "train"), ("", "test"), ("", "train")])
    [('A', ['test', 'train'])]

    Args:
        songs: Artist and split of each song; an unknown artist is empty.
    """
    names: dict[str, str] = {}
    splits: dict[str, set[str]] = defaultdict(set)
    for artist, split in songs:
        if key := artist_key(artist):
            names.setdefault(key, artist)
            splits[key].add(split)
    return [(names[key], sorted(found)) for key, found in splits.items() if len(found) > 1]


def artist_of(title: str) -> str:
    """The artist in `ARTIST - TITLE`; empty if it names none.

    >>> artist_of("Music Delta - Rock")
    'Music Delta'
    """
    artist, between, _ = title.partition(_BETWEEN)
    return artist.strip() if between else ""


def song_key(title: str) -> str:
    """What is the same in all spellings of a title.

    >>> song_key("Music Delta - 80s Rock") == song_key("MusicDelta_80sRock")
    True
    """
    return _letters(_EXCERPT.sub("", title))


def artist_key(artist: str) -> str:
    """What is the same in all spellings of an artist, guests aside.

    >>> artist_key("Triviul feat. The Fiend")
    'triviul'
    """
    return _letters(_ASIDE.sub("", artist))


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in decomposed if character.isalnum())
