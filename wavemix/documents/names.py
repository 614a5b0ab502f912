"""Names of files and folders that come from outside: those that no disk can have are refused before they are used.

On a disk a name is bytes. Python reads them by the system's encoding, and keeps those that this encoding lacks as
halves of characters (PEP 383). Documents hold names as UTF-8 has them, so that they are the same on every system.
"""

import os
import re
from pathlib import PurePath

LONGEST_NAME = 255
"""Bytes that the name of a file or folder may have on the disks that we know."""

LONGEST_PATH = 4095
"""Bytes that a path may have."""

LONGEST_STEM = 200
"""Bytes of a name that leave room for what is added to it."""

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
"""What names of files cannot have on one system or another."""


def portable(name: str) -> str:
    r"""A name of this system, or a text with such names, as documents hold it.

    Examples:
        >>> portable("Voz \udcc3\udcb1"), portable("kick\udcff") == "kick\udcff"  # as read where ASCII is all there is
        ('Voz ñ', True)
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def native(name: str) -> str:
    """A name that a document holds, as this system calls the file."""
    return os.fsdecode(name.encode("utf-8", "surrogateescape"))


def file_stem(name: str) -> str:
    r"""A name, a song's for one, as the beginning of a file's that any system can have.

    Examples:
        >>> file_stem("AC/DC: Live?"), file_stem("..."), file_stem("Añoranza")
        ('AC_DC_ Live_', 'song', 'Añoranza')
    """
    stem = _NOT_IN_NAMES.sub("_", name).strip(". ")
    while len(stem.encode("utf-8", "surrogateescape")) > LONGEST_STEM:
        stem = stem[:-1]
    return stem or "song"


def written(text: str) -> str:
    r"""A text with names of this system as a file in UTF-8 can hold it; bytes that UTF-8 lacks become escapes.

    Examples:
        >>> print(written("kick\udcff"))
        kick\udcff
    """
    return portable(text).encode("utf-8", "backslashreplace").decode("utf-8")


def for_libraries(path: PurePath) -> str | bytes:
    """A path for libraries that encode names themselves, and stumble over those that are not UTF-8."""
    return str(path) if os.name == "nt" else os.fsencode(path)


def name_problem(path: str) -> str:
    r"""Why no file can be called so, in words; empty if one can.

    Examples:
        >>> name_problem("Drums/Kick.wav")
        ''
        >>> name_problem("a" * 300)
        'its name has 300 bytes, and 255 are possible'
        >>> [name_problem(name) for name in ("a\0b", "\ud800")]
        ['its name has a NUL in it', 'its name has half a character in it']
    """
    if "\0" in path:
        return "its name has a NUL in it"
    try:
        length = len(path.encode("utf-8", "surrogateescape"))  # names on disks may be any bytes: see PEP 383
        longest = max((len(part.encode("utf-8", "surrogateescape")) for part in PurePath(path).parts), default=0)
    except UnicodeEncodeError:
        return "its name has half a character in it"
    if longest > LONGEST_NAME:
        return f"its name has {longest} bytes, and {LONGEST_NAME} are possible"
    return f"its path has {length} bytes, and {LONGEST_PATH} are possible" if length > LONGEST_PATH else ""
