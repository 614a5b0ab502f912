"""One song through the system, from arrays to arrays: the same road as files take, in memory."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wavemix.audio.arrays import checked_array
from wavemix.audio.files import READABLE
from wavemix.audio.reading import Block
from wavemix.errors import WavemixError
from wavemix.pipeline.delivery import HIGHEST_RATE_HZ, Gain
from wavemix.pipeline.finish import Measures, deliver, finish
from wavemix.pipeline.mixing import Mixing, Wishes
from wavemix.pipeline.report import OutputReport, Report, describe_output
from wavemix.session.context import place_together
from wavemix.session.groups import GROUPS, MIX
from wavemix.session.roles import Placement
from wavemix.session.session import Session, Track
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
    """

    mix: NDArray[np.float32]
    stems: dict[str, NDArray[np.float32]]
    sample_rate: int
    report: Report


def mix_in_memory(
    models: Mapping[str, Mixer],
    tracks: Mapping[str, ArrayLike],
    rate: int,
    roles: Mapping[str, str],
    gains_db: Mapping[str, float],
    wishes: Wishes,
    song: str,
) -> ArrayMixdown:
    """Mix arrays: see `AutoMix.mix_arrays`.

    Raises:
        WavemixError: If a track cannot be used or placed, or a model gives no numbers.
    """
    if not 0 < rate <= HIGHEST_RATE_HZ:
        raise WavemixError(f"{song}: a sample rate of {rate} Hz cannot be read; give 1 to {HIGHEST_RATE_HZ}.")
    session = Session(song, Path(), _place(tracks, roles, gains_db, song))
    opened = [partial(checked_array, name, samples, rate) for name, samples in tracks.items()]
    mixing = Mixing(models, session, opened, wishes, song)
    arrays: dict[str, NDArray[np.float32]] = {}

    def write(name: str, gain: Gain, measured: Measures, progress: Progress) -> OutputReport:
        blocks: list[Block] = []
        levels = deliver(signals[name], gain, measured, blocks.append, progress)
        arrays[name] = np.concatenate(blocks, axis=1)
        return describe_output(name, levels, gain)

    signals, described = mixing.travel(lambda name: MemoryStage())
    report = mixing.report(described, finish(signals, wishes.delivery, write, mixing.watch))
    stems = {group: arrays[group] for group in GROUPS if group in arrays}
    return ArrayMixdown(arrays[MIX], stems, mixing.out_rate, report)


def _place(
    tracks: Mapping[str, ArrayLike], roles: Mapping[str, str], gains_db: Mapping[str, float], song: str
) -> tuple[Track, ...]:
    """The tracks of a song, each by the role that was given for it, else by its name."""
    if not tracks:
        raise WavemixError(f"{song}: has no tracks; give one at least.")
    if strange := [name for name in (*roles, *gains_db) if name not in tracks]:
        raise WavemixError(f"{song}: has no track `{strange[0]}`; it has {', '.join(tracks)}.")
    placed = zip(tracks, place_together([_as_file(name) for name in tracks]), strict=True)
    return tuple(_track(name, roles.get(name), by, gains_db.get(name, 0.0)) for name, by in placed)


def _as_file(name: str) -> PurePath:
    """The path that places a track of that name: what follows a dot in it is no ending of a file."""
    file = PurePath(name)
    return file if file.suffix.lower() in READABLE else PurePath(f"{name}.wav")


def _track(name: str, wanted: str | None, by_name: Placement, gain_db: float) -> Track:
    group, role, reason, recognised = by_name.group, by_name.role, by_name.reason, by_name.recognised
    if wanted is not None:
        group, _, role = wanted.partition("/")
        if group not in GROUPS:
            raise WavemixError(f"{name}: there is no group `{group}`; choose from {', '.join(GROUPS)}.")
        role, reason, recognised = role or GROUPS[group].default_role, "as it was given", True
        if role not in GROUPS[group].roles:
            raise WavemixError(f"{name}: {group} has no role `{role}`; choose from {', '.join(GROUPS[group].roles)}.")
    try:
        return Track(PurePath(name), group, role, reason, recognised, gain_db)
    except ValueError as error:
        raise WavemixError(f"{name}: {error}.") from error
