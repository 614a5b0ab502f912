"""The excerpts of a song's mixes, at one place and equally loud."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wavemix.audio.writing import AudioWriter
from wavemix.data.plain import PlainSong, Samples
from wavemix.evaluation.mixes import match_all, mixes_of
from wavemix.evaluation.songs import read_aligned
from wavemix.metrics.excerpt import Window, choose_window, cut, normalise
from wavemix.pipeline import AutoMix
from wavemix.staging import staged_folder


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
