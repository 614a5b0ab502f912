"""What listeners compare: one passage of a song in all its mixes, equally loud and of one length."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from wavemix.audio.files import probe
from wavemix.audio.reading import resampled_length
from wavemix.data.plain import Samples, files_by_name, sound_files
from wavemix.data.song_audio import read_stereo
from wavemix.dsp.levels import gain_to_loudness
from wavemix.dsp.loudness import metered
from wavemix.errors import WavemixError
from wavemix.metrics.excerpt import EXCERPT_SECONDS, Window, choose_window, cut, normalise

MOST_MIXES = 8
"""A listener who compares more of them at once no longer does."""

HIGHEST_RATE = 48_000
"""Hz. Higher rates would only make the page larger."""

FADE_SECONDS = 0.02
"""At both ends of a passage, so that its loop does not click."""


@dataclass(frozen=True)
class MixedSong:
    """A song, its folder, and the files of its mixes by name."""

    name: str
    folder: Path
    mixes: Mapping[str, Path]


@dataclass(frozen=True)
class Passage:
    """One passage of a song.

    Attributes:
        song: The song's name.
        mixes: The passage in each mix, `(2, samples)`, all of one length.
        window: Where it lies in the song.
        loudness_lufs: Integrated loudness of all of them.
    """

    song: str
    mixes: Mapping[str, Samples]
    window: Window
    loudness_lufs: float

    def lowered_to(self, loudness_lufs: float) -> "Passage":
        """The passage at a lower loudness."""
        gain = np.float32(gain_to_loudness(self.loudness_lufs, loudness_lufs))
        return replace(self, mixes={name: mix * gain for name, mix in self.mixes.items()}, loudness_lufs=loudness_lufs)


def find_mixed_songs(folders: Sequence[Path]) -> list[MixedSong]:
    """The songs whose mixes lie in folders: a folder of sound files is a song, else each such folder in it is one.

    Raises:
        WavemixError: If there is no song, two have one name, or not all of them have the same mixes, two to eight.
    """
    songs: dict[str, MixedSong] = {}
    for place in (place for folder in folders for place in _song_folders(folder)):
        name = place.resolve().name
        if name in songs:
            raise WavemixError(f"{place}: there is another song called {name}; rename one of the folders.")
        songs[name] = MixedSong(name, place, files_by_name(sound_files(place, "*")))
    _check_mixes(list(songs.values()))
    return list(songs.values())


def common_rate(songs: Sequence[MixedSong]) -> int:
    """The rate in Hz for all of them: the highest of any file, up to 48 kHz.

    Raises:
        WavemixError: If a file cannot be read.
    """
    return min(HIGHEST_RATE, max(probe(path).rate for song in songs for path in song.mixes.values()))


def read_passage(
    song: MixedSong, rate: int, start_seconds: float | None = None, seconds: float = EXCERPT_SECONDS
) -> Passage:
    """Cut the same passage out of all mixes of a song, and bring them to one loudness by gain alone.

    Args:
        song: The song. Its mixes must start together.
        rate: Hz of the result.
        start_seconds: Where the passage begins; where it is not given, the loudest passage is taken.
        seconds: How long it is; less where the shortest mix ends before.

    Raises:
        WavemixError: If a file cannot be read, ends before the passage, or is silent in it.
    """
    infos = {name: probe(path) for name, path in song.mixes.items()}
    samples = min(resampled_length(info.frames, info.rate, rate) for info in infos.values())
    mixes = {name: read_stereo(info, rate, samples) for name, info in infos.items()}
    if start_seconds is None:
        window = choose_window(list(mixes.values()), rate, seconds)
    elif start_seconds < samples / rate:
        window = Window(start_seconds, min(seconds, samples / rate - start_seconds), len(mixes))
    else:
        shortest = min(infos.values(), key=lambda info: info.seconds)
        raise WavemixError(f"{shortest.path}: lasts {shortest.seconds:.1f} s; choose a smaller --start.")
    pieces = {name: _faded(cut(mix, rate, window), rate) for name, mix in mixes.items()}
    for name, piece in pieces.items():
        if not np.isfinite(metered(piece, rate).integrated_lufs()):
            place = f"between {window.start_seconds:.1f} s and {window.start_seconds + window.seconds:.1f} s"
            raise WavemixError(f"{song.mixes[name]}: is silent {place}; choose another --start, or remove it.")
    normalised, loudness_lufs = normalise(pieces, rate)
    return Passage(song.name, normalised, window, loudness_lufs)


def _song_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise WavemixError(f"{folder}: no such folder; give one that holds the mixes of a song.")
    found = [place for place in (folder, *sorted(folder.iterdir())) if sound_files(place, "*")]
    if not found:
        raise WavemixError(f"{folder}: holds no sound files; give a folder that holds the mixes of a song.")
    return found[:1] if found[0] == folder else found


def _check_mixes(songs: Sequence[MixedSong]) -> None:
    names = {name for song in songs for name in song.mixes}
    for song in songs:
        if not 2 <= len(song.mixes) <= MOST_MIXES:
            raise WavemixError(f"{song.folder}: the number of mixes is {len(song.mixes)}; give from 2 to {MOST_MIXES}.")
        for name in sorted(names - song.mixes.keys()):
            raise WavemixError(
                f"{song.folder}: has no mix called `{name}` as other songs do; add it, or remove theirs."
            )


def _faded(audio: Samples, rate: int) -> Samples:
    """A passage with raised-cosine ends."""
    fade = min(round(FADE_SECONDS * rate), audio.shape[1] // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / fade)).astype(np.float32)
    gains = np.ones(audio.shape[1], np.float32)
    gains[:fade] = ramp
    gains[audio.shape[1] - fade :] = ramp[::-1]
    return audio * gains
