"""Tracks, in files or in memory, checked, assigned to slots, and read as the inputs of a stem model at its levels.

Mixing, evaluation and training all read tracks by this: a slot and a level mean the same to each.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
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
from wavemix.session.slots import Assignment, Claim, assign, one_side, place, routing


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
    ears = [_Ear(rate) if levels[track.group].of_each and not track.mute else None for track in tracks]
    scans: list[Scan] = []
    with Crew(torch.get_num_threads()) as crew:
        listeners = [partial(_listen, crew, ear) for ear in ears]
        for found in crew.map(lambda open_track, listen: scan_samples(open_track(), listen), opened, listeners):
            scans.append(found)
            advance(1)
    samples = _longest(scans, rate)
    assignments: list[Assignment | None] = [None] * len(tracks)
    normalisations = [1.0] * len(tracks)
    for group, members in _live(tracks, scans).items():
        claims = [Claim(tracks[i].role, len(scans[i].live_channels)) for i in members]
        heard = [ear.level(samples) if (ear := ears[i]) else SILENT for i in members]
        placed = zip(members, assign(GROUPS[group], claims), levels[group].gains(heard), strict=True)
        for i, assignment, gain in placed:
            assignments[i], normalisations[i] = assignment, gain
    return [Source(*row) for row in zip(tracks, scans, assignments, normalisations, strict=True)]


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
    """Length of a song at a rate, in samples: that of its longest track."""
    return _longest((source.scan for source in sources), rate)


def common_rate(sources: Iterable[Source]) -> int:
    """The rate in Hz that most tracks have; among equals the highest."""
    counts = Counter(source.scan.info.rate for source in sources)
    return max(counts, key=lambda rate: (counts[rate], rate))


class GroupReader:
    """The tracks of one group as the inputs of its model: an endless stream, silent after their end.

    Memory does not grow with the number of tracks: each is read and added to its slots in turn.
    """

    def __init__(self, sources: Sequence[Source], rate: int, slots: int) -> None:
        self._slots = slots
        self._open = ExitStack()
        self._tracks: list[tuple[TrackReader, list[int]]] = []
        self._matrices: list[Block] = []
        for source in sources:
            if source.assignment is None:
                continue
            reader = self._open.enter_context(TrackReader(source.scan.info, rate))
            live = list(source.scan.live_channels)
            self._tracks.append((reader, live))
            self._matrices.append(routing(source.assignment, len(live), slots) * np.float32(source.gain))

    def read(self, samples: int) -> NDArray[np.float32]:
        """The next `samples`, `(sides, slots, samples)`: two sides if a track is stereo (`wavemix.waveunet.sides`)."""
        blocks = (reader.read(samples)[live] for reader, live in self._tracks)
        return place(self._matrices, blocks, self._slots, samples)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


class _Ear:
    """Hears one side of a track as its model will read it: at the models' rate, and to the end of the song."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._resample: Resampler | None = None
        self._heard = 0

    def __call__(self, block: Block, rate: int) -> None:
        """The track's next samples, `(channels, samples)`, at a rate in Hz."""
        if self._resample is None:
            self._resample = Resampler(rate, self._rate, len(block))
            self._meter = LevelMeter(self._rate, len(one_side(block)))
            self._nothing = block[:, :0].copy()
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


def _longest(scans: Iterable[Scan], rate: int) -> int:
    return max(resampled_length(found.info.frames, found.info.rate, rate) for found in scans)


def _listen(crew: Crew, ear: _Ear | None, block: Block, rate: int) -> None:
    """What is done with every block of a track that is checked."""
    crew.stay()
    if ear is not None:
        ear(block, rate)


def _live(tracks: Sequence[Track], scans: Sequence[Scan]) -> dict[str, list[int]]:
    """The tracks of each group, where it has any, that are neither silent nor muted, by their place in the song."""
    live: dict[str, list[int]] = {}
    for i, (track, found) in enumerate(zip(tracks, scans, strict=True)):
        if not (found.silent or track.mute):
            live.setdefault(track.group, []).append(i)
    return live
