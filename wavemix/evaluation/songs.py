"""Songs to evaluate, and their samples: every track where its stem or mix has it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from wavemix.data.plain import SONG, PlainSong, Samples, find_songs, open_song
from wavemix.data.prepare import aligned
from wavemix.data.song_audio import SongAudio, read_song
from wavemix.dsp.alignment import delayed
from wavemix.errors import WavemixError
from wavemix.metrics.matching import match


def songs_in(folders: Iterable[Path]) -> list[PlainSong]:
    """The songs that folders are, or hold.

    Raises:
        WavemixError: If there is none in one of them, two have one name, or as `open_song`.
    """
    songs: dict[str, PlainSong] = {}
    for folder in folders:
        found = [open_song(folder)] if (folder / SONG).is_file() else find_songs(folder)
        if not found:
            raise WavemixError(f"{folder}: holds no song in the plain layout (no {SONG}); see `wavemix prepare`.")
        for song in found:
            if song.name in songs:
                raise WavemixError(f"{song.folder}: there is also {songs[song.name].folder}; rename one of the songs.")
            songs[song.name] = song
    return list(songs.values())


def read_aligned(song: PlainSong, rate: int) -> tuple[PlainSong, SongAudio]:
    """A song and its samples, its tracks moved to where the stems have them.

    Tracks of a group that preparing left out, or of a song without stems, are moved together, as their sum matches
    the stem or the mix.

    Args:
        song: The song.
        rate: Hz of the samples.

    Raises:
        WavemixError: As `read_song`.
    """
    song = aligned(song, rate)
    audio = read_song(song, rate)
    for group in song.left_out.keys() & audio.stems.keys():
        _move([i for i, track in enumerate(song.tracks) if track.group == group], audio.raw, audio.stems[group], rate)
    if audio.mix is not None and not audio.stems:
        _move(range(len(audio.raw)), audio.raw, audio.mix, rate)
    return song, audio


def _move(members: Sequence[int], tracks: list[Samples], target: Samples, rate: int) -> None:
    """Move some of the tracks together, in place."""
    if not members:
        return
    total = np.sum([tracks[index].mean(axis=0, keepdims=True) for index in members], axis=0)
    _, found = match(total, target.mean(axis=0, keepdims=True), rate)
    for index in members:
        tracks[index] = delayed(tracks[index], -found.lag_samples) * np.float32(found.polarity)
