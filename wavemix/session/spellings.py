"""How else a word of the vocabulary is written, and the one spelling in which words are compared.

Words are compared without case, accents and widths: `Ａｃústica` is `acustica` and `ｷﾞﾀｰ` is `ギター`, however composed.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from wavemix.session.translations import TRANSLATIONS

# Abbreviations and other English spellings, and makers whose name stands for the instrument: a row a word.
ABBREVIATIONS = {
    "and": "&, +, und, et",
    "acoustic": "ac, acou, acous, acst, accoustic",
    "backing": "bkg",
    "bass": "bs",
    "drum": "drm",
    "electric": "el, elec",
    "guitar": "gtr, guit, gtar, gt",
    "hat": "hh",
    "keys": "keyboard, kbd",
    "kick": "kik, kck, kic, kd, bd",
    "overhead": "oh, ovh, ovhd, ohd, ohl, ohr",
    "room": "rm, amb, ambience, ambiance",
    "sax": "saxes",
    "snare": "snr, sn, sd",
    "synth": "synthesizer, synthesiser, syn, moog, minimoog, juno, prophet",
    "vocal": "vox, voc, vocl, vcl, vx, vo, voice, singer, rap, rapper",
}

_OTHER_LETTERS = str.maketrans({"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_VOICING = "\u3099\u309a"  # Marks of Japanese syllables, which are no accents: ベース is a bass, ヘース nothing.


def folded(text: str) -> str:
    """The text without accents and widths, in its own case.

    Examples:
        >>> folded("Flûte Ｌ ｷﾞﾀｰ")
        'Flute L ギター'
    """
    marks_apart = unicodedata.normalize("NFKD", text)
    kept = "".join(mark for mark in marks_apart if mark in _VOICING or not unicodedata.combining(mark))
    return unicodedata.normalize("NFC", kept).translate(_OTHER_LETTERS)


def phrases(listing: str) -> list[tuple[str, ...]]:
    """Split a listing into its phrases and all other ways to write them, each as its words in their one spelling.

    Examples:
        >>> phrases("gtr solo, kick room")
        [('guitar', 'solo'), ('kick', 'room')]
    """
    ways = (way for phrase in _parts(listing) for way in (phrase, *OTHER_WAYS.get(phrase, ())))
    return list(dict.fromkeys(tuple(spelling(word) for word in way.split()) for way in ways))


def spelling(word: str) -> str:
    """Give the one spelling that a word is compared in."""
    return SPELLINGS.get(word, word)


def _parts(listing: str) -> list[str]:
    return [part.strip() for part in listing.split(",")]


def _rows() -> Iterator[tuple[str, str]]:
    """Each phrase of the vocabulary with each other way to write it; umlauts as they are, and spelled out."""
    for table in (ABBREVIATIONS, TRANSLATIONS):
        for phrase, listing in table.items():
            for way in _parts(unicodedata.normalize("NFC", listing)):
                yield from (
                    (phrase, folded(text).casefold()) for text in dict.fromkeys((way, way.translate(_SPELLED_OUT)))
                )


def _other_ways() -> dict[str, list[str]]:
    ways = defaultdict(list)
    for phrase, way in _rows():
        if " " in phrase + way:
            ways[phrase].append(way)
    return dict(ways)


# The word of the phrases that each of its variants stands for.
SPELLINGS = {way: phrase for phrase, way in _rows() if " " not in phrase + way}
# What takes several words, or stands for several, is a phrase of its own.
OTHER_WAYS = _other_ways()
