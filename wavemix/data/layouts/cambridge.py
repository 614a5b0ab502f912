"""Cambridge "Mixing Secrets" multitracks: a folder a song with its raw tracks, named as their engineers named them.

They come without stems. MUSDB18 has the stems of many of the same songs; these are matched by name.
"""

import difflib
import re
from dataclasses import replace
from pathlib import Path

from wavemix.data.layouts import musdb18hq
from wavemix.data.layouts.source import Found, LeftOut, SourceSong, SourceTrack, sub_folders
from wavemix.data.splits import song_key
from wavemix.errors import WavemixError
from wavemix.session.finding import session_from_folder
from wavemix.session.session import Session

LICENCE = "raw tracks: educational use only (cambridge-mt.com)"
SIMILARITY = 0.9
"""From here on two spellings are one title: the lists differ by a letter (`Facination`) or an apostrophe."""

_SUFFIX = re.compile(r"[ _-]*(full|raw|multitracks?|unmastered|24bit|16bit)$", re.IGNORECASE)


def find(source: Path, targets: Path) -> Found:
    """Find the songs that are also in MUSDB18, with MUSDB18's stems and mix.

    Args:
        source: The folder that holds an unpacked folder a song, such as `HollowGround_IllFate_Full`.
        targets: MUSDB18-HQ's folder.

    Raises:
        WavemixError: If one of the folders is missing.
    """
    known = {song_key(song.title): song for song in musdb18hq.find(targets).songs}
    found = Found()
    for folder in sub_folders(source):
        song = _match(folder.name, known)
        if song is None:
            found.left_out.append(LeftOut(folder.name, "no song of MUSDB18 has this name"))
            continue
        try:
            found.songs.append(_with_tracks(song, session_from_folder(folder), folder))
        except WavemixError as error:
            found.left_out.append(LeftOut(folder.name, str(error), broken=True))
    return found


def _match(name: str, known: dict[str, SourceSong]) -> SourceSong | None:
    """The song that a folder's name means."""
    bare = name
    while (shorter := _SUFFIX.sub("", bare)) != bare:
        bare = shorter
    matches = difflib.get_close_matches(song_key(bare), known, n=1, cutoff=SIMILARITY)
    return known[matches[0]] if matches else None


def _with_tracks(song: SourceSong, session: Session, folder: Path) -> SourceSong:
    """A song of MUSDB18 with the raw tracks of a session."""
    tracks = tuple(
        SourceTrack(session.path(track), track.group, f"{number:02}_{track.file.stem}")
        for number, track in enumerate(session.tracks, 1)
    )
    unknown = sum(not track.recognised for track in session.tracks)
    return replace(
        song,
        licence=f"{LICENCE}; stems: {song.licence}",
        source=f"Cambridge multitracks `{folder.name}`; stems and mix: {song.source}",
        tracks=tracks,
        notes=(f"{unknown} tracks not recognised, taken as other",) if unknown else (),
    )
