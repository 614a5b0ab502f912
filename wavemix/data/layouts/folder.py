"""The plain layout itself, as a source: songs in a folder, directly or in a sub-folder a split."""

from pathlib import Path

from wavemix.data.layouts.source import Found, LeftOut, SourceSong, SourceTrack
from wavemix.data.plain import SONG, PlainSong, open_song, read_facts, song_folders
from wavemix.documents.values import text_of
from wavemix.errors import WavemixError

OURS = {"title", "artist", "licence", "source", "split", "alignment"}
"""Keys of `song.yaml` that preparation writes itself."""


def find(source: Path) -> Found:
    """Find the songs of a folder in the plain layout.

    Args:
        source: The folder that holds the songs.

    Raises:
        WavemixError: If there is no such folder, or no song in it.
    """
    found = Found()
    for folder in song_folders(source):
        try:
            found.songs.append(_song(open_song(folder)))
        except WavemixError as error:
            found.left_out.append(LeftOut(folder.name, str(error), broken=True))
    if not found.songs and not found.left_out:
        raise WavemixError(f"{source}: holds no song; a song is a folder with a song.yaml.")
    return found


def _song(song: PlainSong) -> SourceSong:
    facts = read_facts(song.folder)
    return SourceSong(
        song.name,
        song.title,
        song.artist,
        song.licence,
        text_of(facts.get("source") or "", f"{song.folder / SONG}: `source`"),
        song.split,
        # The place below the group's folder stays: it may tell the role.
        tuple(
            SourceTrack(
                song.path(track), track.group, track.file.relative_to(*track.file.parts[:2]).with_suffix("").as_posix()
            )
            for track in song.tracks
        ),
        {group: (path,) for group, path in song.stems.items()},
        song.mix,
        song.derived,
        {key: value for key, value in facts.items() if key not in OURS},
    )
