"""What the folders of a song say: that they are songs themselves, or hold what was made of the tracks."""

from collections.abc import Sequence
from pathlib import PurePath

from wavemix.errors import WavemixError
from wavemix.session.asides import DERIVED, RAW, SONGS
from wavemix.session.remarks import remark, says_nothing, words_of
from wavemix.session.roles import group_of_folder, names_instrument

MOST_NAMED = 5
"""Songs that a message lists."""


def check_one_song(song: str, files: Sequence[PurePath], names: Sequence[PurePath]) -> None:
    """Ask about a folder whose sub-folders hold tracks of the same names: they are songs.

    Args:
        song: The folder, for the message.
        files: The tracks, relative to it.
        names: The paths by which they are placed.

    Raises:
        WavemixError: If it holds songs.
    """
    if any(len(file.parts) < 2 for file in files):
        return
    tracks: dict[str, set[str]] = {}
    for file, name in zip(files, names, strict=True):
        if any(map(str.isalpha, name.stem)) and not _is_kind_of_track(file.parts[0]):
            tracks.setdefault(file.parts[0], set()).add(name.stem.casefold())
    songs = [
        folder for folder, own in tracks.items() if any(own & tracks[other] for other in tracks if other != folder)
    ]
    if len(songs) > 1:
        named = ", ".join(songs[:MOST_NAMED]) + (
            f" and {len(songs) - MOST_NAMED} more" if len(songs) > MOST_NAMED else ""
        )
        raise WavemixError(
            f"{song}: seems to hold {len(songs)} songs ({named}); give one of them to `wavemix mix`, or the folder to "
            "`wavemix batch`; if it is one song, say `wavemix session SONG --anyway`."
        )


def made_of_tracks(files: Sequence[PurePath]) -> dict[PurePath, str]:
    """The files that were made of the other ones, and the folder that says so: stems, bounces, fades, frozen tracks.

    Stems are the tracks where there are more of them than of other files: many call their tracks so.
    """
    derived = {file: folder for file in files if (folder := _derived(file))}
    others = len(files) - len(derived)
    if not others:
        return {}
    stems = [file for file, folder in derived.items() if "stem" in folder.casefold()]
    if len(stems) > others:
        derived = {file: folder for file, folder in derived.items() if file not in stems}
    return derived


def _derived(file: PurePath) -> str:
    """The folder by which a file was made of others; empty if none says so, or one further in says that it is raw."""
    for folder in reversed(file.parent.parts):
        if remark(folder, RAW).said:
            return ""
        said = remark(folder, DERIVED)
        if said.said and not names_instrument(said.rest):
            return folder
    return ""


def _is_kind_of_track(folder: str) -> bool:
    """Whether a folder is named for what its tracks are, and not for a song."""
    if group_of_folder(folder) is not None or remark(folder, RAW).said:
        return True
    rest = remark(folder, SONGS).rest
    return any(word.isalpha() for word in words_of(rest)) and says_nothing(rest)
