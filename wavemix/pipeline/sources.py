"""The tracks of a session, checked and assigned to slots, and read as the inputs of a stem model."""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import torch
from torch import Tensor

from wavemix.audio.reading import Block, TrackReader, resampled_length
from wavemix.audio.scanning import Scan, scan
from wavemix.data.groups import GROUPS
from wavemix.data.session import Session, Track
from wavemix.data.slots import Assignment, Claim, assign, one_side, place, routing
from wavemix.dsp.levels import gain_to_loudness
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.errors import WavemixError
from wavemix.pipeline.progress import Progress


@dataclass(frozen=True)
class Source:
    """A track on its way into a model.

    Attributes:
        track: The track.
        scan: What its file holds.
        assignment: Where it goes; None if it is silent and goes nowhere.
        gain: Factor that brings it to the loudness that its model expects; 1 if that is any.
    """

    track: Track
    scan: Scan
    assignment: Assignment | None
    gain: float


def check_sources(
    session: Session, input_loudness_lufs: Mapping[str, float | None], progress: Progress
) -> list[Source]:
    """Read every track once, to its end, and assign slots; nothing has been written when this fails.

    Args:
        session: The song.
        input_loudness_lufs: For each group the loudness that its model expects of its inputs, if any.
        progress: Told of every track.

    Returns:
        The session's tracks, in order.

    Raises:
        WavemixError: If a file cannot be used (see `wavemix.audio`), or every track is silent.
    """
    progress.stage("check", len(session.tracks))
    scans: list[Scan] = []
    gains: list[float] = []

    def listen(track: Track) -> tuple[Scan, float]:
        return _listen(session.path(track), input_loudness_lufs[track.group])

    with ThreadPoolExecutor(torch.get_num_threads()) as threads:
        for found, gain in threads.map(listen, session.tracks):
            scans.append(found)
            gains.append(gain)
            progress.advance(1)
    if all(found.silent for found in scans):
        raise WavemixError(f"{session.folder}: every track is silent; there is nothing to mix.")
    assignments = _assign(session.tracks, scans)
    return [Source(*row) for row in zip(session.tracks, scans, assignments, gains, strict=True)]


def song_samples(sources: Sequence[Source], rate: int) -> int:
    """Length of the song at a rate, in samples: that of its longest track."""
    return max(resampled_length(source.scan.info.frames, source.scan.info.rate, rate) for source in sources)


def common_rate(sources: Sequence[Source]) -> int:
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

    def read(self, samples: int) -> Tensor:
        """The next `samples`, `(sides, slots, samples)`: two sides if a track is stereo (`wavemix.waveunet.sides`)."""
        blocks = (reader.read(samples)[live] for reader, live in self._tracks)
        return torch.from_numpy(place(self._matrices, blocks, self._slots, samples))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()


def _listen(path: Path, loudness_lufs: float | None) -> tuple[Scan, float]:
    """Scan a file, and find the gain that brings one side of it to a loudness."""
    if loudness_lufs is None:
        return scan(path), 1.0
    meters: list[LoudnessMeter] = []

    def listen(block: Block, rate: int) -> None:
        heard = one_side(block)
        if not meters:
            meters.append(LoudnessMeter(rate, channels=len(heard)))
        meters[0].update(heard)

    found = scan(path, listen)
    return found, gain_to_loudness(meters[0].integrated_lufs(), loudness_lufs)


def _assign(tracks: Sequence[Track], scans: Sequence[Scan]) -> list[Assignment | None]:
    """Slots for every track that is not silent, group by group."""
    assignments: list[Assignment | None] = [None] * len(tracks)
    for group in GROUPS.values():
        live = [i for i, track in enumerate(tracks) if track.group == group.name and not scans[i].silent]
        claims = [Claim(tracks[i].role, len(scans[i].live_channels)) for i in live]
        for i, assignment in zip(live, assign(group, claims), strict=True):
            assignments[i] = assignment
    return assignments
