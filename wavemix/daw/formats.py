"""The programs that sessions can be written for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from wavemix.daw.console import Console
from wavemix.daw.dawproject import dawproject
from wavemix.daw.reaper import reaper_project


@dataclass(frozen=True)
class Format:
    """A kind of session.

    Attributes:
        suffix: Ending of its files.
        write: What a console becomes in a file that is to lie in a folder.
    """

    suffix: str
    write: Callable[[Console, Path], bytes]


FORMATS = {"reaper": Format(".rpp", reaper_project), "dawproject": Format(".dawproject", dawproject)}
"""The formats by name."""


def check_formats(names: Iterable[str]) -> None:
    """Refuse names of formats that there are not.

    Raises:
        ValueError: If there is such a name.
    """
    for name in names:
        if name not in FORMATS:
            raise ValueError(f"there is no DAW {name!r} to write a session for; choose from {', '.join(FORMATS)}")
