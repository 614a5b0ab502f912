"""The excerpts of a song's mixes, at one place and equally loud."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wavemix.audio.writing import AudioWriter
from wavemix.data.plain import PlainSong, Samples
from wavemix.errors import WavemixError
from wavemix.evaluation.mixes import NAMES, match_all, mixes_of
from wavemix.evaluation.songs import read_aligned
from wavemix.metrics.excerpt import Window, choose_window, cut, normalise
from wavemix.pipeline import AutoMix
from wavemix.staging import check_places, identity, staged_folder


@dataclass(frozen=True)
class Excerpts:
    """The excerpts of a song's mixes.

    Attributes:
        window: Where they lie.
        audio: Each mix's, `(2, samples)`, all equally loud.
        lufs: How loud they are.
        raw: The raw tracks in the window, folded to mono, `(samples,)` each, by their files' names.
    """

    window: Window
    audio: Mapping[str, Samples]
    lufs: float
    raw: Mapping[str, Samples]


def cut_excerpts(song: PlainSong, raw: Sequence[Samples], mixes: Mapping[str, Samples], rate: int) -> Excerpts:
    """The excerpts of mixes, at the place that the song's raw tracks say.

    Args:
        song: The song.
        raw: Its raw tracks, `(channels, samples)` each.
        mixes: Its mixes, `(2, samples)` each, matched.
        rate: In Hz.
    """
    window = choose_window(raw, rate)
    audio, lufs = normalise({name: cut(mix, rate, window) for name, mix in mixes.items()}, rate)
    tracks = {
        track.file.relative_to(track.file.parts[0]).as_posix(): cut(block, rate, window).mean(axis=0)
        for track, block in zip(song.tracks, raw, strict=True)
    }
    return Excerpts(window, audio, lufs, tracks)


def make_excerpts(song: PlainSong, system: AutoMix, files: Mapping[str, Path]) -> Excerpts:
    """Mix a song in every way and cut the excerpts.

    Args:
        song: The song.
        system: The models.
        files: Further mixes, a file for each name.

    Raises:
        WavemixError: As `mixes_of`.
    """
    song, audio = read_aligned(song, system.sample_rate)
    matched, _ = match_all(mixes_of(song, audio, system, files), system.sample_rate)
    return cut_excerpts(song, audio.raw, matched, system.sample_rate)


def check_excerpts(songs: Iterable[tuple[PlainSong, Mapping[str, Path]]], folder: Path, overwrite: bool) -> None:
    """Refuse excerpts that would replace a file.

    Args:
        songs: The songs, and the files of their further mixes.
        folder: Where the excerpts are to go.
        overwrite: Whether files may be replaced; what the excerpts are cut from never is.

    Raises:
        WavemixError: If there is such a file, or one cannot have its place.
    """
    for song, files in songs:
        names = [f"{song.name}/{name}.wav" for name in (*NAMES, *files)]
        check_places(folder, names)
        inputs = set(map(identity, (*song.files, *files.values())))
        for place in (place for name in names if os.path.lexists(place := folder / name)):
            if identity(place) in inputs:
                raise WavemixError(
                    f"{place}: is what an excerpt is to be cut from and would be lost; choose another output folder."
                )
            if not overwrite:
                raise WavemixError(
                    f"{place}: is there already; choose another output folder, or say --overwrite to replace it."
                )


def write_excerpts(songs: Mapping[str, Excerpts], rate: int, folder: Path) -> None:
    """Write every excerpt as `SONG/MIX.wav`, 24 bits.

    Raises:
        WavemixError: If the folder cannot be written.
    """
    with staged_folder(folder) as stage:
        for song, excerpts in songs.items():
            (stage / song).mkdir()
            for name, audio in excerpts.audio.items():
                channels, samples = audio.shape
                with AudioWriter(stage / song / f"{name}.wav", rate, channels, samples) as writer:
                    writer.write(audio)
