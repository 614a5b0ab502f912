"""Read the name of a file or a folder as words.

What is written as one (`SnareTop2`, `leadvox`) is split where the vocabulary knows the parts. A word that it does not
know may be a known one misspelled (`Ukelele`): `corrected` reads it as such.
"""

import os
import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from wavemix.documents.names import portable
from wavemix.session.lexicon import ASIDE, LEXICON, NOTHING_ELSE, STRONG, Word, scan
from wavemix.session.spellings import folded, spelling

_LONG = 6
"""Letters from which one wrong letter leaves a word that is hardly another one by chance."""


def words(text: str) -> list[Word]:
    """The words of a text, in reading order."""
    return [word for chunk in re.findall(r"[^\W_]+|[&+]", folded(portable(text))) for word in _split(chunk)]


def corrected(text: Sequence[Word]) -> list[Word]:
    """The words, but those that nobody knows as the one known word that is an edit away, where there is one.

    An edit is a letter too much, too few or wrong, or two neighbours swapped (Damerau, 1964). The first letter is
    hardly ever wrong (Yannakoudakis & Fawthrop, 1983), so it must be right here. Of words of five letters only two
    neighbours may be swapped.
    """
    return [
        Word(f"{word.written}, read as {near}", spelling(near)) if (near := _meant(word.written)) else word
        for word in text
    ]


def _split(chunk: str) -> list[Word]:
    """Split what is written as one into known words: `SnareTop2`, `leadvox`. A word that is known stays whole."""
    lower = chunk.casefold()
    if _singular(lower) in LEXICON or lower in NOTHING_ELSE:
        return [_word(lower)]
    for boundary in (_DIGITS, _SCRIPTS, _CAMEL_CASE):
        parts = boundary.split(chunk)
        if len(parts) > 1:
            return [word for part in parts for word in _split(part)]
    compound = [_word(piece) for piece in _compound(lower)]
    return compound if any(scan(compound, STRONG)) else [_word(lower)]


@lru_cache(maxsize=1024)  # without it the time doubles with each word that can be cut in two ways
def _compound(text: str) -> tuple[str, ...]:
    """The known words that a text is made of; none where it is not made of known words."""
    if _singular(text) in _PIECES or text in ("l", "r"):
        return (text,)
    for cut in range(len(text) - 1, 1, -1):
        if _singular(text[:cut]) in _PIECES and (rest := _compound(text[cut:])):
            return (text[:cut], *rest)
    return ()


def _word(written: str) -> Word:
    return Word(written, spelling(_singular(written)))


def _singular(word: str) -> str:
    is_plural = word not in LEXICON and len(word) > 2 and word.endswith("s") and word[:-1] in LEXICON
    return word[:-1] if is_plural else word


@lru_cache(maxsize=1024)
def _meant(written: str) -> str:
    """The known word that a word is an edit away from; empty where it is known itself, or near to none or several."""
    if _singular(written) in LEXICON or written in NOTHING_ELSE or not written.isalpha():
        return ""
    near = _near(written) or (_near(written.removesuffix("s")) if written.endswith("s") else set())
    return min(near) if len({spelling(known) for known in near}) == 1 else ""


def _near(word: str) -> set[str]:
    return {known for part in _shortened(word) for known in _BY_SHORTENED.get(part, ()) if _one_edit(word, known)}


def _one_edit(word: str, known: str) -> bool:
    """Whether one edit behind the first letter makes the one of the other, and the word is long enough to say so."""
    length = len(word)
    start = len(os.path.commonprefix((word, known)))
    word, known = word[start:], known[start:]
    end = len(os.path.commonprefix((word[::-1], known[::-1])))
    word, known = word[: len(word) - end], known[: len(known) - end]
    if len(word) == len(known) == len("ab"):
        return start > 0 and length >= _LONG - 1 and word == known[::-1]
    return start > 0 and length >= _LONG and max(len(word), len(known)) == 1


def _shortened(word: str) -> set[str]:
    """The word, and all that is left of it without one letter: words an edit apart have one of these in common."""
    return {word, *(word[:index] + word[index + 1 :] for index in range(len(word)))}


def _by_shortened() -> dict[str, list[str]]:
    found = defaultdict(list)
    for word in LEXICON - ASIDE:
        for part in _shortened(word):
            found[part].append(word)
    return dict(found)


_BY_SHORTENED = _by_shortened()
# What a run of words may be made of. Shorter words than these stand in half the dictionary.
_PIECES = {word for word in LEXICON if len(word) > 2 or not word.isascii()}
_PIECES |= set("ac bd bg bv di dt el fx hh in ld oh sn up".split())
_DIGITS = re.compile(r"(?<=\d)(?=\D)|(?<=\D)(?=\d)")
_SCRIPTS = re.compile(
    r"(?<=[\x00-\x7f])(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])(?=[\x00-\x7f])"
    r"|(?<=[\u30a0-\u30ff])(?=[^\u30a0-\u30ff])|(?<=[^\u30a0-\u30ff])(?=[\u30a0-\u30ff])"
)
_CAMEL_CASE = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])|(?<=[A-ZА-Я])(?=[A-ZА-Я](?!s(?![a-z]))[a-zа-я])")
