"""The mixes of a song that are held against each other, all made of the very same raw samples."""

import glob
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from wavemix.audio.files import probe
from wavemix.audio.reading import resampled_length
from wavemix.data.inputs import engineer_mix, engineer_stems, sources_of
from wavemix.data.plain import PlainSong, Samples, sound_files
from wavemix.data.song_audio import SongAudio, read_stereo
from wavemix.dsp.gains import FIT_SAMPLES, best_gains
from wavemix.dsp.levels import gain_to_loudness
from wavemix.dsp.loudness import metered
from wavemix.errors import WavemixError
from wavemix.evaluation.results import REFERENCE
from wavemix.metrics.matching import MAX_LAG_SECONDS, Match, match
from wavemix.pipeline import AutoMix
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.session.sources import check_audible
from wavemix.system import arrays

OURS = "wavemix"
HOUSE_ENGINEER, PLAIN_SUM, EQUAL_LOUDNESS, ORACLE_GAINS = BASELINES = (
    "house engineer",
    "plain sum",
    "equal loudness",
    "oracle gains",
)
NAMES = (REFERENCE, OURS, *BASELINES)
"""Names of mixes that no file's may have."""


@dataclass(frozen=True)
class Mix:
    """A mix of a song.

    Attributes:
        audio: `(2, samples)`, as long as the song.
        note: What was done to a file; empty where nothing had to be.
    """

    audio: Samples
    note: str = ""


def mixes_of(song: PlainSong, audio: SongAudio, system: AutoMix, files: Mapping[str, Path]) -> dict[str, Mix]:
    """All mixes of a song by name: the reference if it has one, ours, the baselines, and those of files.

    Args:
        song: The song.
        audio: Its samples, at the system's rate.
        system: The models.
        files: A file for each further name.

    Raises:
        WavemixError: If the song has no raw tracks or only silent ones, or a file cannot be read.
    """
    if not song.tracks:
        raise WavemixError(f"{song.folder}: has no raw tracks, so there is nothing to mix; leave it out.")
    mixes = {REFERENCE: audio.mix} if audio.mix is not None else {}
    mixes[OURS] = mix_stems(system, stems_of(song, audio, system))
    mixes[HOUSE_ENGINEER] = engineer_mix(house_stems(song, audio, system.sample_rate), system.sample_rate)
    mixes |= baselines(audio.raw, system.sample_rate, audio.mix)
    samples = audio.raw[0].shape[1]
    return {name: Mix(mix) for name, mix in mixes.items()} | {
        name: read_mix(path, system.sample_rate, samples) for name, path in files.items()
    }


def stems_of(song: PlainSong, audio: SongAudio, system: AutoMix) -> dict[str, Samples]:
    """What the stem models make of a song's raw tracks, `(2, samples)` each; none of groups without a sound.

    Raises:
        WavemixError: If every track is silent.
    """
    models = {group: system.model(group) for group in GROUPS}
    levels = {group: model.config.input_levels for group, model in models.items()}
    sources = sources_of(song.tracks, audio.raw, levels, system.sample_rate)
    check_audible(sources, song.folder)
    return arrays.stems_of(models, sources)


def mix_stems(system: AutoMix, stems: Mapping[str, Samples]) -> Samples:
    """What the mix model makes of stems, one or more, `(2, samples)` each."""
    return arrays.mix_of(system.model(MIX), stems)


def house_stems(song: PlainSong, audio: SongAudio, rate: int) -> dict[str, Samples]:
    """What the house engineer makes of a song's raw tracks, `(2, samples)` each; none of groups without a sound.

    Raises:
        WavemixError: If every track is silent.
    """
    audible = _audible_groups(song, audio)
    stems = engineer_stems(song.tracks, audio.raw, rate)
    return {group: stems[group] for group in audible}


def baselines(tracks: Sequence[Samples], rate: int, reference: Samples | None) -> dict[str, Samples]:
    """What needs no more than gains, and a mix must beat, each `(2, samples)`.

    The plain sum has all faders at unity: a mono track reaches both sides, a stereo track's channels their own.
    For equal loudness every track is first brought to the mean of all tracks' loudness in LUFS. The oracle's
    gains, from each channel of each track to each side, are those of least squared error against the reference:
    no static gains and pans come nearer.

    Args:
        tracks: One or more, `(channels, samples)`, all of one length.
        rate: In Hz.
        reference: `(2, samples)`; without it there is no oracle.
    """
    tracks = [_mono_or_stereo(track) for track in tracks]
    plain = [np.broadcast_to(np.eye(len(track), dtype=np.float32), (STEREO, len(track))) for track in tracks]
    loudness = [metered(matrix @ track, rate).integrated_lufs() for matrix, track in zip(plain, tracks, strict=True)]
    audible = [value for value in loudness if np.isfinite(value)]
    wanted = float(np.mean(audible)) if audible else None
    equal = [
        matrix * np.float32(gain_to_loudness(value, wanted)) for matrix, value in zip(plain, loudness, strict=True)
    ]
    mixes = {PLAIN_SUM: _sum(plain, tracks), EQUAL_LOUDNESS: _sum(equal, tracks)}
    if reference is not None:
        mixes[ORACLE_GAINS] = _sum(_oracle(tracks, np.concatenate(plain, axis=1), reference), tracks)
    return mixes


def read_mix(path: Path, rate: int, samples: int) -> Mix:
    """A mix from a file, brought to a song's rate and length.

    Raises:
        WavemixError: If it cannot be read, or is neither mono nor stereo.
    """
    info = probe(path)
    notes = [f"resampled from {info.rate} Hz"] if info.rate != rate else []
    excess_seconds = (resampled_length(info.frames, info.rate, rate) - samples) / rate
    if excess_seconds:
        done = "cut" if excess_seconds > 0 else "padded"
        notes.append(f"{done} by {abs(excess_seconds):.2f} s to the song's length")
    if info.channels == 1:
        notes.append("mono")
    return Mix(read_stereo(info, rate, samples), ", ".join(notes))


def match_all(mixes: Mapping[str, Mix], rate: int) -> tuple[dict[str, Samples], dict[str, Match]]:
    """Bring every mix to the reference's lag, polarity and loudness; without a reference they stay as they are.

    Only files are moved: ours and the baselines are made of tracks that are aligned already, and a search would move
    each of them as its balance has it.

    Returns:
        The samples of all, and what was done to all but the reference.
    """
    if REFERENCE not in mixes:
        return {name: mix.audio for name, mix in mixes.items()}, {}
    reference = mixes[REFERENCE].audio
    matched, matches = {REFERENCE: reference}, {}
    for name in (name for name in mixes if name != REFERENCE):
        reach_seconds = 0.0 if name in NAMES else MAX_LAG_SECONDS
        matched[name], matches[name] = match(mixes[name].audio, reference, rate, reach_seconds)
    return matched, matches


def find_mix(place: Path, song: PlainSong, several: bool) -> Path:
    """The file of a song's mix, once it is known to be one.

    Args:
        place: The file itself or, for several songs, a folder with `SONG.*` or `SONG/mix.*` for each.
        song: The song.
        several: Whether there are others too.

    Raises:
        WavemixError: If there is none.
    """
    if place.is_dir():
        name = glob.escape(song.name)
        found = [*sound_files(place, f"{name}.*"), *sound_files(place, f"{name}/{MIX}.*")]
        if not found:
            raise WavemixError(f"{place}: has no mix of {song.name}; put it there as {song.name}.wav.")
        return probe(found[0]).path
    if several:
        raise WavemixError(f"{place}: is no folder; for several songs name one that has a mix of each.")
    return probe(place).path


def _audible_groups(song: PlainSong, audio: SongAudio) -> list[str]:
    """Groups with a track that is not silent; one at least.

    Raises:
        WavemixError: If there is none.
    """
    audible = {track.group for track, block in zip(song.tracks, audio.raw, strict=True) if block.any()}
    if not audible:
        raise WavemixError(f"{song.folder}: every track is silent; there is nothing to mix.")
    return [group for group in GROUPS if group in audible]


def _mono_or_stereo(track: Samples) -> Samples:
    """A track of more channels folded to mono."""
    return track if len(track) <= STEREO else track.mean(axis=0, keepdims=True)


def _oracle(tracks: Sequence[Samples], plain: Samples, reference: Samples) -> list[Samples]:
    """The best gains of each track, `(2, channels)`, given those of the plain sum for all of them together."""
    channels = plain.shape[1]
    products = torch.zeros(channels + STEREO, channels, dtype=torch.float64)
    for start in range(0, reference.shape[1], FIT_SAMPLES):
        pieces = [audio[:, start : start + FIT_SAMPLES] for audio in (*tracks, reference)]
        rows = torch.from_numpy(np.concatenate(pieces)).double()
        products += rows @ rows[:channels].T
    gains = best_gains(products, torch.from_numpy(plain)).float().numpy()
    return np.split(gains, np.cumsum([len(track) for track in tracks])[:-1], axis=1)


def _sum(gains: Sequence[Samples], tracks: Sequence[Samples]) -> Samples:
    mix = np.zeros((STEREO, tracks[0].shape[1]), np.float32)
    for matrix, track in zip(gains, tracks, strict=True):
        mix += matrix @ track
    return mix
