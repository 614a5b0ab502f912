"""What a model reads of a song and what it is to give: the arrays that it trains on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from wavemix.audio.arrays import array_info
from wavemix.data.plain import PlainSong, PlainTrack, Samples
from wavemix.data.song_audio import read_song
from wavemix.dsp.input_levels import AS_THEY_COME, InputLevels
from wavemix.dsp.levels import gain_to_loudness
from wavemix.dsp.loudness import in_seconds, metered
from wavemix.engineer.engineer import blend_sides, mix_of, stem_of, treat
from wavemix.engineer.practice import STEM_LEVELS, TRACK_LEVELS
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.session.session import Track
from wavemix.session.sources import GroupReader, Source, check_sources


class Students(Protocol):
    """Gives the stems of a song. Its `repr` says which, for the cache."""

    def __call__(self, tracks: Sequence[PlainTrack], blocks: Sequence[Samples], rate: int) -> dict[str, Samples]:
        """Stems by group; see `engineer_stems`."""


@dataclass(frozen=True)
class Inputs:
    """How songs become the inputs and the target of a model.

    Attributes:
        model: `drums`, `bass`, `vocals`, `other` or `mix`.
        rate: Sample rate in Hz.
        levels: To which the tracks (for the mix model, the stems) are brought.
        taught: Whether the house engineer gives the targets, and not the song's own mix.
        students: What gives the mix model's stems where it is taught; None for the engineer.
    """

    model: str
    rate: int
    levels: InputLevels = AS_THEY_COME
    taught: bool = False
    students: Students | None = None

    def __post_init__(self) -> None:
        if self.model not in (*GROUPS, MIX):
            raise ValueError(f"there is no model {self.model!r}; choose from {', '.join((*GROUPS, MIX))}")

    @property
    def slots(self) -> tuple[str, ...]:
        """Role of each input; empty for the mix model, whose inputs are the stems' channels in turn."""
        return () if self.model == MIX else GROUPS[self.model].slots

    @property
    def count(self) -> int:
        """Number of inputs."""
        return len(self.slots) or STEREO * len(GROUPS)

    def obstacle(self, song: PlainSong) -> str:
        """Why the model cannot learn from a song; empty if it can."""
        groups = {track.group for track in song.tracks}
        if self.taught:
            missing = self.model not in groups if self.model != MIX else not groups
            return f"has no {'raw' if self.model == MIX else self.model} tracks" if missing else ""
        if self.model == MIX:
            if song.derived or (song.mix and song.stems):
                return ""
            return "has no mix" if song.stems else "has no stems"
        if self.model not in groups:
            return f"has no {self.model} tracks"
        if not song.derived and self.model not in song.stems:
            return f"has no {self.model} stem"
        return f"left out: {song.left_out[self.model]}" if self.model in song.left_out else ""

    def read(self, song: PlainSong) -> Samples:
        """The inputs of each side and, below them, the target of a song, `(sides * count + 2, samples)`.

        There is one side, which stands for both, where every track is mono, and for the mix model. Where a stem model
        is taught, the slots as the engineer treats them lie between: `(2 * sides * count + 2, samples)`.

        Raises:
            WavemixError: As `read_song`.
        """
        if self.taught:
            return self._lesson(song)
        audio = read_song(self._needed(song), self.rate)
        if self.model == MIX:
            assert audio.mix is not None  # else there was an obstacle
            placed = self.place_stems(audio.stems)
            return np.concatenate([*placed, self._levelled(audio.mix, placed)])
        tracks = [track for track in song.tracks if track.group == self.model]
        placed = self.place_tracks(tracks, audio.raw)
        return np.concatenate([*placed, self._levelled(audio.stems[self.model], placed)])

    def place_tracks(self, tracks: Sequence[PlainTrack], blocks: Sequence[Samples]) -> Samples:
        """The tracks of the model's group in their slots, `(sides, slots, samples)`, as the pipeline places them.

        Args:
            tracks: The tracks, one or more.
            blocks: The samples of each, `(channels, samples)`, all of one length.
        """
        sources = sources_of(tracks, blocks, {self.model: self.levels}, self.rate)
        with GroupReader(sources, self.rate, self.count) as reader:
            return reader.read(blocks[0].shape[1])

    def place_stems(self, stems: Mapping[str, Samples]) -> Samples:
        """The inputs of the mix model, `(1, 8, samples)`: all groups' stems in order, silence for those that lack.

        Args:
            stems: Stems by group, one or more, `(2, samples)` each.
        """
        silence = np.zeros_like(next(iter(stems.values())))
        placed = [stems.get(group, silence) for group in GROUPS]
        gains = self.levels.stem_gains([partial(in_seconds, stem, self.rate) for stem in placed], self.rate)
        return np.concatenate([stem * np.float32(gain) for stem, gain in zip(placed, gains, strict=True)])[None]

    def _levelled(self, target: Samples, placed: Samples) -> Samples:
        """A song's own target, as loud as the engineer's where inputs are brought to the engineer's levels.

        The song's level says nothing of such inputs; what its mixer did within the group is kept.
        """
        if self.levels != (STEM_LEVELS if self.model == MIX else TRACK_LEVELS):
            return target
        engineered = mix_of(placed[0], self.rate) if self.model == MIX else stem_of(self.model, placed, self.rate)
        wanted_lufs = metered(engineered, self.rate).integrated_lufs()
        if not np.isfinite(wanted_lufs):
            return target
        return target * np.float32(gain_to_loudness(metered(target, self.rate).integrated_lufs(), wanted_lufs))

    def _lesson(self, song: PlainSong) -> Samples:
        """What `read` gives where the engineer gives the target."""
        audio = read_song(replace(song, stems={}, mix=None), self.rate)
        if self.model == MIX:
            stems = (self.students or engineer_stems)(song.tracks, audio.raw, self.rate)
            [placed] = self.place_stems(stems)
            return np.concatenate([placed, mix_of(placed, self.rate)])
        placed = self.place_tracks(*members_of(self.model, song.tracks, audio.raw))
        treated = np.stack([treat(self.model, side, self.rate) for side in placed])
        return np.concatenate([*placed, *treated, blend_sides(self.model, treated, self.rate)])

    def _needed(self, song: PlainSong) -> PlainSong:
        """The song without the files that the model has no use for."""
        if self.model == MIX:
            return song if song.derived else replace(song, tracks=())
        tracks = tuple(track for track in song.tracks if track.group == self.model)
        stems = {group: path for group, path in song.stems.items() if group == self.model}
        return replace(song, tracks=tracks, stems=stems, mix=None)


def sources_of(
    tracks: Sequence[PlainTrack], blocks: Sequence[Samples], levels: Mapping[str, InputLevels], rate: int
) -> list[Source]:
    """Raw tracks in memory, placed as a session's are.

    Args:
        tracks: The tracks of one song.
        blocks: The samples of each, `(channels, samples)`.
        levels: For each of their groups what its model expects of its inputs.
        rate: Sample rate of the samples and of the models, in Hz.
    """
    opened = [partial(array_info, str(track.file), block, rate) for track, block in zip(tracks, blocks, strict=True)]
    placed = [Track(track.file, track.group, track.role, reason="") for track in tracks]
    return check_sources(placed, opened, levels, rate)


def engineer_stems(tracks: Sequence[PlainTrack], blocks: Sequence[Samples], rate: int) -> dict[str, Samples]:
    """The house engineer's stems of raw tracks, `(2, samples)` each, of the groups that have tracks.

    Args:
        tracks: One or more.
        blocks: The samples of each, `(channels, samples)`, all of one length.
        rate: In Hz.
    """
    return {
        group: stem_of(group, Inputs(group, rate, TRACK_LEVELS).place_tracks(*members), rate)
        for group in GROUPS
        if (members := members_of(group, tracks, blocks))[0]
    }


def engineer_mix(stems: Mapping[str, Samples], rate: int) -> Samples:
    """The house engineer's mix of stems, one or more, `(2, samples)` each, brought to its levels first."""
    return mix_of(Inputs(MIX, rate, STEM_LEVELS).place_stems(stems)[0], rate)


def members_of(
    group: str, tracks: Sequence[PlainTrack], blocks: Sequence[Samples]
) -> tuple[list[PlainTrack], list[Samples]]:
    """The tracks of a group, and their samples."""
    members = [index for index, track in enumerate(tracks) if track.group == group]
    return [tracks[index] for index in members], [blocks[index] for index in members]
