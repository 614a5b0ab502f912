"""Which files lie in a folder and below it, none of them overlooked."""

import os
from collections.abc import Iterator
from pathlib import Path

from wavemix.errors import WavemixError


def files_below(folder: Path) -> Iterator[Path]:
    """Every file, and every link to a folder, which is not followed.

    Raises:
        WavemixError: If a folder cannot be read, unless it is hidden: no tracks are looked for there.
    """

    def refuse(error: OSError) -> None:
        unread = Path(error.filename)
        if not any(part.startswith(".") for part in unread.relative_to(folder).parts):
            raise WavemixError(
                f"{unread}: cannot be read ({error.strerror}) and may hold tracks; make it readable or move it away."
            ) from error

    for parent, folders, files in os.walk(folder, onerror=refuse):
        yield from (path for name in folders if (path := Path(parent, name)).is_symlink())
        yield from (Path(parent, name) for name in files)


def natural_order(path: Path) -> list[tuple[int, int, str]]:
    """Sorting key by which `2` comes before `10`."""
    key: list[tuple[int, int, str]] = []
    for part in path.parts:
        digits = ""
        for character in part.casefold() + "\0":
            if character.isdecimal():
                digits += character
                continue
            if digits:
                key.append((0, int(digits), ""))
                digits = ""
            key.append((1, 0, character))
    return key
