"""What a file is for, by its name: a track, a spare take of one, a finished mix, or no instrument at all."""

import re
from pathlib import PurePath

from wavemix.session.asides import (
    MIX_ALONE,
    MIX_UNNUMBERED,
    NO_INSTRUMENT,
    NO_INSTRUMENT_ALONE,
    SPARE,
    SPARE_APART,
    SPARE_BEHIND,
    SPARE_NAMED,
)
from wavemix.session.remarks import remark, says_nothing, words_of
from wavemix.session.roles import names_instrument, place
from wavemix.session.vocabulary import MIX

_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_UNMUTED = {"winds", "strings", "electric-guitar", "acoustic-guitar", "bass", "percussion"}
"""Roles of what is also played muted."""


def looks_like_a_mix(path: PurePath, song: str = "", is_whole: bool = False) -> bool:
    """Whether a file is a finished mix that lies beside the tracks.

    A word for a mix beside the name of an instrument, or in an instrument's folder, means a track (`Kick Mix`).

    Args:
        path: Path of the file, relative to the song's folder.
        song: The song's name.
        is_whole: Whether the file is stereo and as long as the song, as mixes are.
    """
    folders = path.parent.parts
    if any(map(names_instrument, folders)):
        return False
    said = remark(path.stem, MIX)
    if _names_anything(said.rest):
        return False
    if said.said or any(map(_says_only_mix, folders)):
        return True
    return _is_export(path.stem, song, is_whole)


def no_instrument(path: PurePath, song: str = "") -> str:
    """The word by which a file is a click, a cue, talk or a time code; empty if it has none, or names an instrument.

    Args:
        path: Path of the file, relative to the song's folder.
        song: The song's name.
    """
    if _names_anything(path.stem):
        return ""
    said = remark(path.stem, NO_INSTRUMENT).said
    alone = remark(path.stem, NO_INSTRUMENT_ALONE)
    if not said and _says_only(alone.rest, song):
        said = alone.said
    for folder in path.parent.parts:
        of_folder = remark(folder, f"{NO_INSTRUMENT}, {NO_INSTRUMENT_ALONE}")
        if says_nothing(of_folder.rest):
            said += of_folder.said
    return said[0] if said else ""


def spare_take(path: PurePath, others: frozenset[str] = frozenset()) -> str:
    """The word by which a track is a guide, or muted, old or not to be used; empty if it has none.

    Args:
        path: Path of the file, relative to the song's folder.
        others: `bare_name` of the session's other files.
    """
    for folder in path.parent.parts:
        said = remark(folder, SPARE)
        if said.said and not names_instrument(said.rest):
            return said.said[0]
    said = remark(path.stem, SPARE)
    in_brackets = {word for text in _BRACKETS.findall(path.stem) for word in remark(text, SPARE).said}
    return next((word for word in said.said if word in in_brackets or _is_spare(word, path, said.rest, others)), "")


def bare_name(path: PurePath) -> str:
    """The words of a file's name without numbers and what says nothing, by which two takes of one part are alike."""
    return " ".join(word for word in words_of(remark(path.stem, SPARE).rest) if not says_nothing(word))


def without_spare(path: PurePath) -> PurePath:
    """The path by which a spare take is placed: `Scratch Vox` is a voice, and no effect."""
    rest = remark(path.stem, SPARE).rest
    return path.with_name(f"{rest}{path.suffix}") if names_instrument(rest) else path


def _is_spare(word: str, path: PurePath, rest: str, others: frozenset[str]) -> bool:
    """Whether a word in a name, in no brackets, is said of the take and not of the instrument."""
    if word in SPARE_NAMED.split(", "):
        return names_instrument(rest)
    if word in SPARE_BEHIND.split(", "):
        words = [said for said in words_of(path.stem) if not says_nothing(said)]
        return words[-1] == word or bare_name(path) in others
    if word in SPARE_APART.split(", "):
        return place(path.with_name(f"{rest}{path.suffix}")).role not in _UNMUTED
    return True


def _is_export(name: str, song: str, is_whole: bool) -> bool:
    """Whether a name is one that programs and people give to what they print of the whole song."""
    said = remark(name, MIX_ALONE)
    unnumbered = remark(name, MIX_UNNUMBERED)
    if unnumbered.said and (not unnumbered.rest or any(word.isalpha() for word in words_of(unnumbered.rest))):
        said = unnumbered
    if not said.said or _names_anything(said.rest):
        return False
    return is_whole or _says_only(said.rest, song)


def _says_only(text: str, song: str) -> bool:
    """Whether a text has nothing but the song's name, a version (`v2`) and what says nothing."""
    own = {*words_of(song), "v"}
    return all(word in own or says_nothing(word) for word in words_of(text))


def _says_only_mix(folder: str) -> bool:
    said = remark(folder, MIX)
    return bool(said.said) and says_nothing(said.rest)


def _names_anything(text: str) -> bool:
    return place(PurePath(f"{text}.wav")).recognised
