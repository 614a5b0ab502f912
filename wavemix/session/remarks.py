"""What a name says beside its instrument: that it is a mix, a click, a spare take, or nothing at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from wavemix.session.lexicon import FILLERS, Word
from wavemix.session.words import words


@dataclass(frozen=True)
class Remark:
    """What a name says beside its instrument.

    Attributes:
        said: The phrases of a listing that it has, as they are written.
        rest: Its other words.
    """

    said: tuple[str, ...]
    rest: str


def remark(name: str, listing: str) -> Remark:
    """Part what a name says in phrases of a listing from its other words.

    Examples:
        >>> remark("Vox 2 (do not use)", "old, do not use")
        Remark(said=('do not use',), rest='vox 2')

    Args:
        name: The name of a file or folder.
        listing: Phrases, separated by commas.
    """
    text = words(name)
    spans = list(_spans(text, _phrases(listing)))
    said = tuple(" ".join(word.written for word in text[start:stop]) for start, stop in spans)
    rest = (word.written for at, word in enumerate(text) if not any(start <= at < stop for start, stop in spans))
    return Remark(said, " ".join(rest))


def words_of(text: str) -> list[str]:
    """The words of a text, in lower case, cut as the vocabulary cuts them."""
    return [word.written for word in words(text)]


def says_nothing(text: str) -> bool:
    """Whether a text has only numbers and words that tell no instrument: `rough`, `stereo`, `24bit`."""
    return all(word.meaning in FILLERS or word.meaning.isdigit() for word in words(text))


def _spans(text: Sequence[Word], phrases: frozenset[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where phrases lie, each as long as can be, as the vocabulary spells them or as they are written."""
    longest = max(map(len, phrases))
    start = 0
    while start < len(text):
        for stop in range(min(len(text), start + longest), start, -1):
            span = text[start:stop]
            written = tuple(word.written for word in span)
            spellings = written, (*written[:-1], written[-1].removesuffix("s")), tuple(word.meaning for word in span)
            if not phrases.isdisjoint(spellings):
                yield start, stop
                start = stop
                break
        else:
            start += 1


@cache
def _phrases(listing: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in listing.split(","))
