"""One song through the system, from arrays to arrays: the same road as files take, in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wavemix.audio.arrays import ArrayInfo, checked_array
from wavemix.audio.files import HIGHEST_RATE, LOWEST_RATE, READABLE, AudioInfo
from wavemix.audio.labels import Label
from wavemix.audio.reading import Block
from wavemix.audio.sides import join_sides
from wavemix.errors import WavemixError
from wavemix.explanation.explanation import Explanation
from wavemix.pipeline.delivery import Gain
from wavemix.pipeline.finish import Measures, deliver, finish
from wavemix.pipeline.mixing import Mixing, Wishes
from wavemix.pipeline.report import OutputReport, Report, describe_output
from wavemix.session.arranging import arrange
from wavemix.session.found import Found
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.session.hearing import Ear
from wavemix.session.session import Ignored, Session, Track
from wavemix.system.progress import Progress
from wavemix.system.stages import MemoryStage
from wavemix.zoo.mixer import Mixer


class ArrayMixdown(NamedTuple):
    """A mix and its stems as arrays.

    Attributes:
        mix: `(2, samples)`, float32.
        stems: For each group likewise; empty if no stems were asked for.
        sample_rate: Sample rate of all, in Hz.
        report: What was done to every track, and the levels of what came out; see `Report`.
        explanation: The mix as faders and pans, if it was asked for.
    """

    mix: NDArray[np.float32]
    stems: dict[str, NDArray[np.float32]]
    sample_rate: int
    report: Report
    explanation: Explanation | None = None


def mix_in_memory(
    models: Mapping[str, Mixer],
    tracks: Mapping[str, ArrayLike],
    rate: int,
    roles: Mapping[str, str],
    gains_db: Mapping[str, float],
    wishes: Wishes,
    song: str,
    ear: Ear | None = None,
) -> ArrayMixdown:
    """Mix arrays: see `AutoMix.mix_arrays`.

    Raises:
        WavemixError: If a track cannot be used or placed, or a model gives no numbers.
    """
    if int(rate) != rate or not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise WavemixError(f"{song}: a sample rate of {rate} Hz cannot be read; give {LOWEST_RATE} to {HIGHEST_RATE}.")
    session, opened = _session(tracks, int(rate), roles, gains_db, song, ear)
    mixing = Mixing(models, session, opened, wishes, song)
    arrays: dict[str, NDArray[np.float32]] = {}

    def write(name: str, gain: Gain, measured: Measures, progress: Progress) -> OutputReport:
        blocks: list[Block] = []
        levels = deliver(signals[name], gain, measured, blocks.append, progress)
        arrays[name] = np.concatenate(blocks, axis=1)
        return describe_output(name, levels, gain)

    signals, described = mixing.travel(lambda name: MemoryStage())
    finished = finish(signals, wishes.delivery, write, mixing.watch)
    explanation = mixing.explain(signals, finished.outputs) if wishes.explain else None
    report = mixing.report(described, finished, explanation=explanation)
    stems = {group: arrays[group] for group in GROUPS if group in arrays}
    return ArrayMixdown(arrays[MIX], stems, mixing.out_rate, report, explanation)


def _session(
    tracks: Mapping[str, ArrayLike],
    rate: int,
    roles: Mapping[str, str],
    gains_db: Mapping[str, float],
    song: str,
    ear: Ear | None,
) -> tuple[Session, list[Callable[[], AudioInfo]]]:
    """The tracks of a song, each by the role that was given for it, else as a folder's are; and what opens each."""
    if not tracks:
        raise WavemixError(f"{song}: has no tracks; give one at least.")
    if strange := [name for name in (*roles, *gains_db) if name not in tracks]:
        raise WavemixError(f"{song}: has no track `{strange[0]}`; it has {', '.join(tracks)}.")
    arrays = {name: checked_array(name, samples, rate) for name, samples in tracks.items()}
    files = {_as_file(name): name for name in tracks}
    found = [Found(file, file, arrays[name], Label(True)) for file, name in files.items() if name not in roles]
    arranged = arrange(song, song, found, anyway=True, to_use="give it a role to use it", ear=ear)
    placed = {name: _given(name, wanted) for name, wanted in roles.items()}
    for track in arranged.tracks:
        name = files[track.file]
        placed[name] = replace(track, file=PurePath(name), right=PurePath(files[track.right]) if track.right else None)
    if not placed:
        raise WavemixError(f"{song}: has no tracks, by their names; give a role to those that are.")
    in_order = [_louder(placed[name], gains_db.get(name, 0.0)) for name in tracks if name in placed]
    opened = [partial(_open, [arrays[str(file)] for file in (track.file, track.right) if file]) for track in in_order]
    ignored = tuple(Ignored(PurePath(files[item.file]), item.reason) for item in arranged.ignored)
    return Session(song, Path(), tuple(in_order), ignored, arranged.warnings), list(opened)


def _open(arrays: Sequence[ArrayInfo]) -> AudioInfo:
    return join_sides(*arrays) if len(arrays) == STEREO else arrays[0]


def _as_file(name: str) -> PurePath:
    """The path that places a track of that name: what follows a dot in it is no ending of a file."""
    file = PurePath(name)
    return file if file.suffix.lower() in READABLE else PurePath(f"{name}.wav")


def _given(name: str, wanted: str) -> Track:
    """A track where its caller wants it."""
    group, _, role = wanted.partition("/")
    if group not in GROUPS:
        raise WavemixError(f"{name}: there is no group `{group}`; choose from {', '.join(GROUPS)}.")
    role = role or GROUPS[group].default_role
    if role not in GROUPS[group].roles:
        raise WavemixError(f"{name}: {group} has no role `{role}`; choose from {', '.join(GROUPS[group].roles)}.")
    return Track(PurePath(name), group, role, "as it was given")


def _louder(track: Track, gain_db: float) -> Track:
    try:
        return replace(track, gain_db=gain_db)
    except ValueError as error:
        raise WavemixError(f"{track.label}: {error}.") from error
