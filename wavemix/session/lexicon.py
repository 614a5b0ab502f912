"""Look up the vocabulary's phrases in a row of words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wavemix.session.asides import IN_NAMES
from wavemix.session.groups import GROUPS
from wavemix.session.spellings import SPELLINGS, phrases
from wavemix.session.vocabulary import HINTS, LAST_RESORTS, MIX, NAMES, ORDINARY, QUALIFIERS, Entry

Ranks = Mapping[tuple[str, ...], int]
"""What may be found: each phrase with the place of its entry among all, uppermost first."""


@dataclass(frozen=True)
class Word:
    """A word as it was written, in lower case, and as the vocabulary spells it."""

    written: str
    meaning: str


@dataclass(frozen=True)
class Find:
    """A phrase of the vocabulary in a text, there the words from `start` to `stop`."""

    rank: int
    start: int
    stop: int
    written: str

    @property
    def entry(self) -> Entry:
        """Where the phrase is listed."""
        return _TABLE[self.rank]

    @property
    def is_weak(self) -> bool:
        """Whether it says only a little."""
        return self.rank >= _WEAK

    def yields_to(self, other: "Find") -> bool:
        """Whether the other tells the role better."""
        if other.is_weak or self.entry.role in other.entry.covers:
            return False
        is_covered = other.entry.group == self.entry.group and other.entry.role in self.entry.covers
        return self.is_weak or is_covered


def scan(words: Sequence[Word], ranks: Ranks) -> Iterator[Find]:
    """Phrases in reading order that do not overlap, each as long as can be."""
    start = 0
    while start < len(words):
        for stop in range(min(len(words), start + _LONGEST), start, -1):
            span = words[start:stop]
            rank = ranks.get(tuple(word.meaning for word in span))
            if rank is not None:
                yield Find(rank, start, stop, " ".join(word.written for word in span))
                start = stop
                break
        else:
            start += 1


def best(words: Sequence[Word], ranks: Ranks) -> list[Find]:
    """The phrase that counts in each part of a text; an `and` parts it."""
    finds: dict[int, Find] = {}
    for find in sorted(scan(words, ranks), key=lambda find: find.rank):
        part = sum(word.meaning == "and" for word in words[: find.start])
        if part not in finds or finds[part].yields_to(find):
            finds[part] = find
    return [finds[part] for part in sorted(finds)]


def _ranks(entries: Iterable[tuple[int, Entry]]) -> dict[tuple[str, ...], int]:
    """The rank of each phrase: that of the uppermost entry that lists it."""
    ranks: dict[tuple[str, ...], int] = {}
    for rank, entry in entries:
        for phrase in phrases(entry.listing):
            ranks.setdefault(phrase, rank)
    return ranks


_TABLE = (*NAMES, *HINTS, *LAST_RESORTS)
_WEAK = len(NAMES) + len(HINTS)

NAMING = _ranks((rank, entry) for rank, entry in enumerate(_TABLE) if not len(NAMES) <= rank < _WEAK)
"""What names a group, the weak words among it."""

ROLES = {group: _ranks((rank, entry) for rank, entry in enumerate(_TABLE) if entry.group == group) for group in GROUPS}
"""What tells a role within each group."""

MIXES = dict.fromkeys(phrases(MIX), 0)
"""What a finished mix is called. Only where it is found matters: a mix has no entry."""

STRONG = MIXES | _ranks(enumerate(NAMES))
"""What names an instrument or a mix by itself."""

FILLERS = frozenset(QUALIFIERS.split())
"""Words that say nothing."""

ASIDE = {word for listing in IN_NAMES for word in listing.replace(",", " ").split()} | {
    word for phrase in MIXES for word in phrase
}
"""Words that say what a file is for, and not what plays in it."""

LEXICON = {word for ranks in ROLES.values() for phrase in ranks for word in phrase} | ASIDE | FILLERS | SPELLINGS.keys()
"""Every word that the vocabulary has, however it is written."""

NOTHING_ELSE = frozenset(ORDINARY.split())
"""Words that are right as they are, and whole."""

_LONGEST = max(map(len, (*NAMING, *MIXES)))
