"""Names of files and folders that come from outside: those that no disk can have are refused before they are used."""

import os
from pathlib import PurePath

LONGEST_NAME = 255
"""Bytes that the name of a file or folder may have on the disks that we know."""

LONGEST_PATH = 4095
"""Bytes that a path may have."""


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
        longest = max((len(os.fsencode(part)) for part in PurePath(path).parts), default=0)
    except UnicodeEncodeError as error:
        half = any(0xD800 <= ord(character) < 0xE000 for character in path[error.start : error.end])
        return "its name has half a character in it" if half else "this system's encoding lacks a character of its name"
    if longest > LONGEST_NAME:
        return f"its name has {longest} bytes, and {LONGEST_NAME} are possible"
    return f"its path has {length} bytes, and {LONGEST_PATH} are possible" if length > LONGEST_PATH else ""
