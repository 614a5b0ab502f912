"""Tracks, in files or in memory, checked, assigned to slots, and read as the inputs of a stem model at its levels.

Mixing, evaluation and training all read tracks by this: a slot and a level mean the same to each.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from wavemix.audio.files import AudioInfo
from wavemix.audio.reading import Block, Resampler, TrackReader, resampled_length
from wavemix.audio.scanning import Scan, scan_samples
from wavemix.crew import Crew
from wavemix.dsp.input_levels import SILENT, InputLevels, Level, LevelMeter
from wavemix.dsp.levels import db_to_gain
from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS
from wavemix.session.session import Track
from wavemix.session.slots import Assignment, Claim, assign, fill_slots, one_side, routing


@dataclass(frozen=True)
class Source:
    """A track on its way into a model.

    Attributes:
        track: The track.
        scan: What its file holds.
        assignment: Where it goes; None if it is silent or muted and goes nowhere.
        normalisation: Factor that brings it to the level that its model expects; 1 if that is any.
    """

    track: Track
    scan: Scan
    assignment: Assignment | None
    normalisation: float

    @property
    def gain(self) -> float:
        """Factor on the way into its slot: what its model expects, and then what a person wants."""
        return self.normalisation * db_to_gain(self.track.gain_db)

    def end(self, rate: int) -> int:
        """Where it ends in the song, in samples at a rate in Hz."""
        return _end(self.track, self.scan, rate)


def check_sources(
    tracks: Sequence[Track],
    opened: Sequence[Callable[[], AudioInfo]],
    levels: Mapping[str, InputLevels],
    rate: int,
    advance: Callable[[int], None] = lambda tracks: None,
) -> list[Source]:
    """Read every track once, to its end, and assign slots.

    Args:
        tracks: The tracks of one song.
        opened: For each track what opens its file, or gives the array that stands for one.
        levels: For each of their groups what its model expects of its inputs.
        rate: At which the models read, in Hz.
        advance: Called with 1 after every track.

    Returns:
        The tracks, in order.

    Raises:
        WavemixError: If a file cannot be used (see `wavemix.audio`).
    """
    ears = [
        _Ear(rate, _start(track, rate)) if levels[track.group].of_each and not track.mute else None for track in tracks
    ]
    scans: dict[int, Scan] = {}
    with Crew(torch.get_num_threads()) as crew:

        def scan_file(members: Sequence[int]) -> dict[int, Scan]:
            own_ears = {i: ears[i] for i in members}
            return _scan_file(opened[members[0]], {i: tracks[i] for i in members}, own_ears, crew)

        for found in crew.map(scan_file, by_file(tracks)):
            scans |= found
            advance(len(found))
    samples = max(_end(tracks[i], found, rate) for i, found in scans.items())
    assignments: list[Assignment | None] = [None] * len(tracks)
    normalisations = [1.0] * len(tracks)
    in_order = [scans[i] for i in range(len(tracks))]
    for group, members in _live(tracks, in_order).items():
        claims = [Claim(tracks[i].role, len(scans[i].live_channels)) for i in members]
        heard = [ear.level(samples) if (ear := ears[i]) else SILENT for i in members]
        placed = zip(members, assign(GROUPS[group], claims), levels[group].gains(heard), strict=True)
        for i, assignment, gain in placed:
            assignments[i], normalisations[i] = assignment, gain
    return [Source(*row) for row in zip(tracks, in_order, assignments, normalisations, strict=True)]


def check_audible(sources: Sequence[Source], song: object) -> None:
    """Refuse a song of which nothing is left to mix.

    Args:
        sources: Its tracks.
        song: What the error calls it.

    Raises:
        WavemixError: If every track is silent or muted.
    """
    if all(source.assignment is None for source in sources):
        muted = " or muted" if any(source.track.mute for source in sources) else ""
        raise WavemixError(f"{song}: every track is silent{muted}; there is nothing to mix.")


def audible(sources: Iterable[Source], group: str) -> list[Source]:
    """The tracks of a group that go somewhere: neither silent nor muted."""
    return [source for source in sources if source.track.group == group and source.assignment]


def song_samples(sources: Iterable[Source], rate: int) -> int:
    """Length of a song at a rate, in samples: until its last track ends."""
    return max(source.end(rate) for source in sources)


def common_rate(sources: Iterable[Source]) -> int:
    """The rate in Hz that most tracks have; among equals the highest."""
    counts = Counter(source.scan.info.rate for source in sources)
    return max(counts, key=lambda rate: (counts[rate], rate))


class GroupReader:
    """The tracks of one group as the inputs of its model: an endless stream, silent after their end.

    Memory does not grow with the number of tracks: each is read and added to its slots in turn. Tracks that are
    channels of one file are read together.
    """

    def __init__(self, sources: Sequence[Source], rate: int, slots: int) -> None:
        self._slots = slots
        self._open = ExitStack()
        self._files: list[tuple[TrackReader, list[list[int]]]] = []
        self._matrices: list[Block] = []
        heard = [source for source in sources if source.assignment is not None]
        for members in by_file([source.track for source in heard]):
            first = heard[members[0]]
            reader = TrackReader(first.scan.info, rate, _start(first.track, rate))
            self._files.append((self._open.enter_context(reader), [list(heard[i].scan.live_channels) for i in members]))
            self._matrices += [_matrix(heard[i], slots) for i in members]

    def read(self, samples: int) -> NDArray[np.float32]:
        """The next `samples`, `(sides, slots, samples)`: two sides if a track is stereo (`wavemix.waveunet.sides`)."""
        blocks = (block[live] for reader, own in self._files for block in [reader.read(samples)] for live in own)
        return fill_slots(self._matrices, blocks, self._slots, samples)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


class _Ear:
    """Hears one side of a track as its model will read it: at the models' rate, and to the end of the song.

    Args:
        rate: The models' rate in Hz.
        start: Where the track begins in the song, in samples at that rate.
    """

    def __init__(self, rate: int, start: int) -> None:
        self._rate, self._start = rate, start
        self._resample: Resampler | None = None
        self._heard = 0

    def __call__(self, block: Block, rate: int) -> None:
        """The track's next samples, `(channels, samples)`, at a rate in Hz."""
        if self._resample is None:
            self._resample = Resampler(rate, self._rate, len(block))
            self._meter = LevelMeter(self._rate, len(one_side(block)))
            self._nothing = block[:, :0].copy()
            # In longer silence there is nothing to measure, but for where the meter's steps fall.
            before = self._start if self._start < self._rate else self._rate + self._start % self._rate
            self._hear(np.zeros((len(block), before), np.float32))
            self._heard = self._start
        self._hear(self._resample(block))

    def level(self, samples: int) -> Level:
        """How loud all of it is, now that it has ended, in a song of so many samples at the models' rate."""
        if self._resample is None:
            return SILENT
        self._hear(self._resample(self._nothing, last=True))
        after = min(samples - self._heard, self._rate)  # in longer silence there is nothing to measure
        self._hear(np.zeros((len(self._nothing), max(0, after)), np.float32))
        return self._meter.read()

    def _hear(self, block: Block) -> None:
        self._heard += block.shape[1]
        self._meter.update(one_side(block))


def by_file(tracks: Sequence[Track]) -> list[list[int]]:
    """The places of tracks, those together that are channels of one file and begin together."""
    files: dict[object, list[int]] = {}
    for i, track in enumerate(tracks):
        files.setdefault((track.file, track.start_seconds) if track.channel else i, []).append(i)
    return list(files.values())


def _scan_file(
    open_file: Callable[[], AudioInfo], tracks: Mapping[int, Track], ears: "Mapping[int, _Ear | None]", crew: Crew
) -> dict[int, Scan]:
    """Read a file once, for all tracks that are in it; tracks, ears and scans by the tracks' place in the song."""
    info = open_file()
    channels = {i: track.channel - 1 if track.channel else None for i, track in tracks.items()}
    missing = [channel + 1 for channel in channels.values() if channel is not None and channel >= info.channels]
    if missing:
        raise WavemixError(
            f"{info.path}: has {info.channels} channels; there is no channel {missing[0]}. Correct session.yaml."
        )

    def listen(block: Block, rate: int) -> None:
        crew.stay()
        for i, ear in ears.items():
            if ear:
                channel = channels[i]
                ear(block if channel is None else block[[channel]], rate)

    found = scan_samples(info, listen)
    return {i: found if channel is None else found.of_channel(channel) for i, channel in channels.items()}


def _matrix(source: Source, slots: int) -> Block:
    """What takes a track's live channels to its slots, at its gain."""
    assert source.assignment is not None  # else nobody hears it
    matrix = routing(source.assignment, len(source.scan.live_channels), slots)
    return matrix * np.float32(source.gain)


def _start(track: Track, rate: int) -> int:
    return round(track.start_seconds * rate)


def _end(track: Track, found: Scan, rate: int) -> int:
    return _start(track, rate) + resampled_length(found.info.frames, found.info.rate, rate)


def _live(tracks: Sequence[Track], scans: Sequence[Scan]) -> dict[str, list[int]]:
    """The tracks of each group, where it has any, that are neither silent nor muted, by their place in the song."""
    live: dict[str, list[int]] = {}
    for i, (track, found) in enumerate(zip(tracks, scans, strict=True)):
        if not (found.silent or track.mute):
            live.setdefault(track.group, []).append(i)
    return live
