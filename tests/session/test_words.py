from pathlib import PurePath

import pytest

from wavemix.session.lexicon import LEXICON, ROLES
from wavemix.session.roles import place
from wavemix.session.spellings import ABBREVIATIONS, OTHER_WAYS, SPELLINGS, phrases
from wavemix.session.translations import TRANSLATIONS
from wavemix.session.vocabulary import BACKINGS, HINTS, IN_A_KIT, LAST_RESORTS, LEADS, NAMES, ORDINARY, VOICE_PARTS
from wavemix.session.words import corrected, words

ROWS = ABBREVIATIONS | TRANSLATIONS


def read(name: str) -> list[str]:
    return [word.meaning for word in corrected(words(name))]


@pytest.mark.parametrize(
    "name, meanings",
    [
        ("Ukelele", ["ukulele"]), ("Accordian", ["accordion"]), ("Vibrophone", ["vibraphone"]), ("Snaer", ["snare"]),
        ("SNAER Top", ["snare", "top"]), ("Guiatr", ["guitar"]), ("Saxaphone", ["saxophone"]),
        ("Overhed", ["overhead"]),
        ("Xylaphones", ["xylophone"]), ("Keybaord", ["keys"]), ("Pianno", ["piano"]), ("Trompetta", ["trumpet"]),
        ("Синтезатро", ["synth"]), ("シンセサイザ", ["synth"]),
    ],
)  # fmt: skip
def test_a_word_with_one_wrong_letter_is_the_one_that_is_near(name: str, meanings: list[str]) -> None:
    assert read(name) == meanings


@pytest.mark.parametrize(
    "name",
    ["Pino", "Snre", "Drun", "Kikc", "Snore", "Middle", "Either", "Danger", "Violia", "Start", "Strong", "Corner",
     "Mister", "Prewiev", "Uukkulele"],
)  # fmt: skip
def test_a_word_too_short_too_far_near_to_several_or_ordinary_is_left_alone(name: str) -> None:
    assert read(name) == [name.casefold()]


def test_the_reason_tells_how_a_word_was_read() -> None:
    assert place(PurePath("Snaer Top.wav")).reason == "name has 'snaer, read as snare'"


@pytest.mark.parametrize("name", ["Sinner Bass", "Singre Bass", "Accordian Bass"])
def test_a_misspelled_word_counts_only_where_no_other_names_an_instrument(name: str) -> None:
    assert place(PurePath(f"{name}.wav")).group == "bass"


@pytest.mark.parametrize(
    "name, written",
    [
        ("ｷｯｸ", "キック"), ("Ｋｉｃｋ", "kick"), ("ﾍﾞｰｽ", "ベース"), ("Große Trommel", "grosse trommel"),
        ("FLÜGEL", "flugel"), ("Fluegel", "fluegel"), ("wokal główny", "wokal glowny"),
        ("Скрипка", "скрипка"), ("chœur", "choeur"),
        ("アコギL", "アコギ l"), ("ベースDI", "ベース di"), ("スネア上", "スネア 上"),
        ("リードボーカル2", "リード ボーカル 2"), ("БасГитара", "басгитара"),
        ("ХайХэт", "хаихэт"), ("СоложГитара", "солож гитара"), ("Basin Street", "basin street"),
    ],
)  # fmt: skip
def test_words_are_read_in_every_script_and_width(name: str, written: str) -> None:
    assert [word.written for word in words(name)] == written.split()


def test_no_word_is_written_like_two_others() -> None:
    ways = [*SPELLINGS, *(way for ways in OTHER_WAYS.values() for way in ways)]
    assert len(ways) == len(set(ways))
    assert not SPELLINGS.keys() & ROWS.keys()


def test_every_row_is_of_a_word_that_the_vocabulary_has() -> None:
    in_phrases = {word for ranks in ROLES.values() for phrase in ranks for word in phrase}
    listed = {phrase for entry in (*NAMES, *HINTS, *LAST_RESORTS) for phrase in phrases(entry.listing)}
    for row in ROWS:
        assert row in in_phrases or tuple(row.split()) in listed or row == "and"
    for listing in (LEADS, BACKINGS, IN_A_KIT, VOICE_PARTS):
        assert {word for phrase in phrases(listing) for word in phrase} <= in_phrases


def test_ordinary_words_are_none_of_the_vocabulary() -> None:
    assert LEXICON.isdisjoint(ORDINARY.split())


@pytest.mark.parametrize(
    "word", [word for word in ROWS if phrases(word)[0] in {p for e in NAMES for p in phrases(e.listing)}]
)
def test_every_way_to_write_an_instrument_places_it(word: str) -> None:
    home = place(PurePath(f"{word}.wav"))
    for way in ROWS[word].split(", "):
        found = place(PurePath(f"{way}.wav"))
        assert (found.group, found.role) == (home.group, home.role), way
