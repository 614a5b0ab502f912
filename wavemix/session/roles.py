"""Tell a track's group and role from its path, and say why.

A path is read as words, the words are looked up in `wavemix.session.vocabulary`, and three rules decide:

1. The nearest folder that names a group decides the group, else the name does.
2. Of overlapping phrases the longest counts (`bass drum` is neither a bass nor a drum), of the others the one whose
   entry is uppermost in the vocabulary.
3. A broad word (`guitar`, `vox`) leaves the role to a more exact one beside it or in a folder above it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import PurePath

from wavemix.session.groups import GROUPS, OTHER
from wavemix.session.vocabulary import HINTS, LAST_RESORTS, MIX, NAMES, QUALIFIERS, SPELLINGS, Entry, phrases, spelling


@dataclass(frozen=True)
class Placement:
    """Where a track belongs, and why.

    Attributes:
        group: Name of the group.
        role: Role within the group.
        reason: The folder and the words that decided, and the names of other groups that were passed over.
        recognised: False where nothing known was found: the track went to other/misc and must be reported.
    """

    group: str
    role: str
    reason: str
    recognised: bool


def place(path: PurePath) -> Placement:
    """Place a track by its path.

    Examples:
        >>> place(PurePath("Drums/01_Kick In.wav"))
        Placement(group='drums', role='kick', reason="folder 'Drums', name has 'kick'", recognised=True)

    Args:
        path: Path of the track, relative to the song's folder.
    """
    texts = _texts(path)
    decider = _decider(texts)
    if decider is None:
        return Placement(OTHER.name, OTHER.default_role, _why_unplaced(texts), recognised=False)
    group = decider.names[0].entry.group
    source, finds = _role_finds(group, texts)
    roles = {find.entry.role for find in finds}
    role = roles.pop() if len(roles) == 1 else GROUPS[group].default_role
    return Placement(group, role, _why_placed(group, decider, source, texts[0]), recognised=True)


def group_of_folder(name: str) -> str | None:
    """The group that a folder's name stands for, None where it names no group or several."""
    text = _Text(name)
    return text.names[0].entry.group if text.names_one_group else None


def looks_like_a_mix(path: PurePath) -> bool:
    """Whether a file is a finished mix that lies beside the tracks.

    A word for a mix beside the name of an instrument, or in an instrument's folder, means a track (`Kick Mix`).

    Args:
        path: Path of the file, relative to the song's folder.
    """
    name, *folders = _texts(path)
    rest = _without_mix(name.words)
    if _best(rest, _NAMING) or any(folder.is_strong for folder in folders):
        return False
    return len(rest) < len(name.words) or any(_says_only_mix(folder.words) for folder in folders)


@dataclass(frozen=True)
class _Word:
    """A word as it was written, in lower case, and as the vocabulary spells it."""

    written: str
    meaning: str


@dataclass(frozen=True)
class _Find:
    """A phrase of the vocabulary in a text, there the words from `start` to `stop`."""

    rank: int
    start: int
    stop: int
    written: str

    @property
    def entry(self) -> Entry:
        return _TABLE[self.rank]

    @property
    def is_weak(self) -> bool:
        return self.rank >= _WEAK

    def yields_to(self, other: "_Find") -> bool:
        """Whether the other tells the role better."""
        if other.is_weak or self.entry.role in other.entry.covers:
            return False
        is_covered = other.entry.group == self.entry.group and other.entry.role in self.entry.covers
        return self.is_weak or is_covered


@dataclass(frozen=True)
class _Text:
    """The name of a file or folder."""

    written: str

    @cached_property
    def words(self) -> list[_Word]:
        decomposed = unicodedata.normalize("NFKD", self.written)
        plain = "".join(character for character in decomposed if not unicodedata.combining(character))
        return [word for chunk in re.findall(r"[^\W_]+|[&+]", plain) for word in _split(chunk)]

    @cached_property
    def names(self) -> list[_Find]:
        """What names a group, in each part of the text; weak words only where there is nothing else."""
        finds = _best(self.words, _NAMING)
        return [find for find in finds if not find.is_weak] or finds

    @property
    def names_one_group(self) -> bool:
        return len({find.entry.group for find in self.names}) == 1

    @property
    def is_strong(self) -> bool:
        return any(not find.is_weak for find in self.names)


def _texts(path: PurePath) -> list[_Text]:
    """The file's name without its suffix, then the folders from the nearest on."""
    return [_Text(path.stem), *(_Text(folder) for folder in reversed(path.parent.parts))]


def _split(chunk: str) -> list[_Word]:
    """Split what is written as one into known words: `SnareTop2`, `leadvox`. A word that is known stays whole."""
    folded = chunk.casefold()
    if _singular(folded) in _LEXICON:
        return [_word(folded)]
    for boundary in (_DIGITS, _CAMEL_CASE):
        parts = boundary.split(chunk)
        if len(parts) > 1:
            return [word for part in parts for word in _split(part)]
    compound = [_word(piece) for piece in _compound(folded)]
    return compound if any(_scan(compound, _STRONG)) else [_word(folded)]


@lru_cache(maxsize=1024)  # without it the time doubles with each word that can be cut in two ways
def _compound(text: str) -> tuple[str, ...]:
    """The known words that a text is made of; none where it is not made of known words."""
    if _singular(text) in _PIECES or text in ("l", "r"):
        return (text,)
    for cut in range(len(text) - 1, 1, -1):
        if _singular(text[:cut]) in _PIECES and (rest := _compound(text[cut:])):
            return (text[:cut], *rest)
    return ()


def _word(written: str) -> _Word:
    return _Word(written, spelling(_singular(written)))


def _singular(word: str) -> str:
    is_plural = word not in _LEXICON and len(word) > 2 and word.endswith("s") and word[:-1] in _LEXICON
    return word[:-1] if is_plural else word


def _scan(words: Sequence[_Word], ranks: Mapping[tuple[str, ...], int]) -> Iterator[_Find]:
    """Phrases in reading order that do not overlap, each as long as can be."""
    start = 0
    while start < len(words):
        for stop in range(min(len(words), start + _LONGEST), start, -1):
            span = words[start:stop]
            rank = ranks.get(tuple(word.meaning for word in span))
            if rank is not None:
                yield _Find(rank, start, stop, " ".join(word.written for word in span))
                start = stop
                break
        else:
            start += 1


def _best(words: Sequence[_Word], ranks: Mapping[tuple[str, ...], int]) -> list[_Find]:
    """The phrase that counts in each part of a text; an `and` parts it."""
    best: dict[int, _Find] = {}
    for find in sorted(_scan(words, ranks), key=lambda find: find.rank):
        part = sum(word.meaning == "and" for word in words[: find.start])
        if part not in best or best[part].yields_to(find):
            best[part] = find
    return [best[part] for part in sorted(best)]


def _decider(texts: Sequence[_Text]) -> _Text | None:
    """The text that decides the group: folders before the name, but weak words only where there is nothing else."""
    name, *folders = texts
    telling = [text for text in (*folders, name) if text.names_one_group]
    return next((text for text in telling if text.is_strong), telling[0] if telling else None)


def _role_finds(group: str, texts: Sequence[_Text]) -> tuple[_Text, list[_Find]]:
    """The text that tells the role and its words for it: the name, or the nearest folder that tells more."""
    source, finds = texts[0], _best(texts[0].words, _ROLES[group])
    for text in texts[1:]:
        found = _best(text.words, _ROLES[group])
        if found and (not finds or (len(finds) == 1 and finds[0].yields_to(found[0]))):
            source, finds = text, found
    return source, finds


def _why_placed(group: str, decider: _Text, source: _Text, name: _Text) -> str:
    used = [*(decider.names if decider is name else []), *_best(name.words, _ROLES[group])]
    written = dict.fromkeys(find.written for find in sorted(used, key=lambda find: find.start))
    folders = [text for text in (decider, source) if text is not name]
    reasons = list(dict.fromkeys(f"folder '{folder.written}'" for folder in folders))
    reasons.append(f"name has {_quoted(written)}" if written else "the name tells no role")
    passed_over = [
        f"; '{find.written}' ({find.entry.group}) does not count"
        for find in _scan(name.words, _NAMING)
        if not find.is_weak
        and find.entry.group != group
        and not any(other.start <= find.start and find.stop <= other.stop for other in used)
    ]
    return ", ".join(reasons) + "".join(passed_over)


def _why_unplaced(texts: Sequence[_Text]) -> str:
    for text in texts:
        if text.names:
            return f"{_quoted(find.written for find in text.names)} are of several groups: goes to other"
    return "no known word in the name: goes to other"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _without_mix(words: Sequence[_Word]) -> list[_Word]:
    mixes = list(_scan(words, _MIX))
    return [word for index, word in enumerate(words) if not any(mix.start <= index < mix.stop for mix in mixes)]


def _says_only_mix(words: Sequence[_Word]) -> bool:
    rest = _without_mix(words)
    return len(rest) < len(words) and all(word.meaning in _FILLERS or word.meaning.isdigit() for word in rest)


def _ranks(entries: Iterable[tuple[int, Entry]]) -> dict[tuple[str, ...], int]:
    """The rank of each phrase: that of the uppermost entry that lists it."""
    ranks: dict[tuple[str, ...], int] = {}
    for rank, entry in entries:
        for phrase in phrases(entry.listing):
            ranks.setdefault(phrase, rank)
    return ranks


_TABLE = (*NAMES, *HINTS, *LAST_RESORTS)
_WEAK = len(NAMES) + len(HINTS)
_NAMING = _ranks((rank, entry) for rank, entry in enumerate(_TABLE) if not len(NAMES) <= rank < _WEAK)
_ROLES = {group: _ranks((rank, entry) for rank, entry in enumerate(_TABLE) if entry.group == group) for group in GROUPS}
_MIX = dict.fromkeys(phrases(MIX), 0)  # only where it is found matters: a mix has no entry
_STRONG = _MIX | _ranks(enumerate(NAMES))
_LONGEST = max(map(len, (*_NAMING, *_MIX)))

_FILLERS = frozenset(QUALIFIERS.split())
_LEXICON = (
    {word for ranks in (_MIX, *_ROLES.values()) for phrase in ranks for word in phrase} | _FILLERS | SPELLINGS.keys()
)
# What a run of words may be made of. Shorter words than these stand in half the dictionary.
_PIECES = {word for word in _LEXICON if len(word) > 2} | set("ac bd bg bv di dt el fx hh in ld oh sn up".split())
_DIGITS = re.compile(r"(?<=\d)(?=\D)|(?<=\D)(?=\d)")
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s(?![a-z]))[a-z])")
