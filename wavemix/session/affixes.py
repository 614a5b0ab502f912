"""What all names of a session begin or end with: the song, the export, the tempo. It says nothing about any track."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from wavemix.session.purposes import looks_like_a_mix, no_instrument
from wavemix.session.roles import group_of_folder, names_instrument, place

_PIECE = re.compile(r"[^\W_]+|[\W_]+")

Name = list[str]
"""A file's name in pieces: words, and what lies between them."""


def without_shared(files: Sequence[PurePath]) -> list[PurePath]:
    """The files as they would be called without the words that all of their names begin or end with.

    Words stay where they are all that tells the tracks: `Vox 1` and `Vox 2` are voices.

    Args:
        files: Paths relative to the song's folder.

    Examples:
        >>> [str(file) for file in without_shared([PurePath("Piano Man_Kick.wav"), PurePath("Piano Man_Bass.wav")])]
        ['Kick.wav', 'Bass.wav']
        >>> [str(file) for file in without_shared([PurePath("Vox 1.wav"), PurePath("Vox 2.wav")])]
        ['Vox 1.wav', 'Vox 2.wav']
    """
    names = [_PIECE.findall(file.stem) for file in files]
    names = _cut(names)
    names = [name[::-1] for name in _cut([name[::-1] for name in names], is_reversed=True)]
    return [
        file if not name else file.with_name("".join(name) + file.suffix)
        for file, name in zip(files, names, strict=True)
    ]


def _cut(names: list[Name], is_reversed: bool = False) -> list[Name]:
    """The names without the words that they begin with, if these may go; numbers before those go with them."""
    starts = [next((at for at, piece in enumerate(name) if not _is_number(piece)), len(name)) for name in names]
    tails = [name[start:] for name, start in zip(names, starts, strict=True)]
    shared = _shared(tails)
    cut = [tail[shared:] for tail in tails]
    if not shared or len(names) < 2:
        return names
    turn = slice(None, None, -1 if is_reversed else 1)
    prefix = "".join(tails[0][:shared][turn])
    before, after = (["".join(name[turn]) for name in some] for some in (names, cut))
    return cut if _may_go(prefix, before, after) else names


def _shared(names: Sequence[Name]) -> int:
    """How many pieces all names begin with, up to a word's beginning, so that each keeps a word."""
    count = 0
    for pieces in zip(*names, strict=False):
        if len({piece.casefold() for piece in pieces}) > 1:
            break
        count += 1
    while count and not all(_has_word(name[count:]) and not _is_word(name[count - 1]) for name in names):
        count -= 1
    return count


def _may_go(prefix: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether what is left tells the tracks."""
    if looks_like_a_mix(_file(prefix)):
        return True
    if not all(any(map(str.isalpha, name)) for name in after):
        return False  # numbers alone are no names
    if names_instrument(prefix):
        tracks = [name for name in after if not (looks_like_a_mix(_file(name)) or no_instrument(_file(name)))]
        named = [name for name in tracks if names_instrument(name)]
        return 2 * len(named) >= len(tracks) and len({group_of_folder(name) for name in named}) > 1
    known_before, known_after = (sum(_is_known(name) for name in names) for names in (before, after))
    return known_after >= known_before


def _is_known(name: str) -> bool:
    return place(_file(name)).recognised


def _file(name: str) -> PurePath:
    return PurePath(f"{name}.wav")


def _is_word(piece: str) -> bool:
    return piece[0].isalnum()


def _is_number(piece: str) -> bool:
    return piece.isdecimal() or not _is_word(piece)


def _has_word(name: Name) -> bool:
    return any(map(_is_word, name))
