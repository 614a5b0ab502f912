"""A virtual engineer: from raw tracks to four stems and a mix, by the rules of `wavemix.rendering.practice`.

The order is the field's: high-pass, equaliser, compressor, fader and pan on each track; buses for drums and vocals;
sends to a reverb and an echo, which return to the group's stem; a gentle compressor on the mix. Levels and pans are the
composition's own (MIDI controllers 7 and 10) where a human set them, else the role's. The mix is what the mix bus makes
of the stems' sum. Every sample is computed from the raw tracks as they are written, and nothing delays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.ndimage
from numpy.typing import NDArray

from wavemix.data.groups import GROUPS
from wavemix.dsp.levels import db_to_gain, gain_to_db, gain_to_loudness
from wavemix.dsp.loudness import metered
from wavemix.rendering import effects
from wavemix.rendering.effects import Band, Compressor, Samples
from wavemix.rendering.practice import BUSES, COMPRESSORS_AT_LUFS, MIX_BUS, PRACTICES, SIDES

Curve = tuple[tuple[float, float], ...]
"""A controller's course: from each time, in seconds, the value 0 to 127 until the next."""

MIX_LUFS = (-23.0, -15.0)
"""Between these a mix's loudness lies."""

LEVEL_SPREAD_LU = 2.0
"""Standard deviation of an engineer's taste in levels."""

HUMAN_LEVELS_DB = 10.0
"""How far a composition's level may take a track from its role's."""

PEAK = 0.9
"""No sample of a stem or of the mix passes it."""

_CENTRE = 64.0
_STEPS_PER_SECOND = 100
_DEFAULT_VOLUME: Curve = ((0.0, 100.0),)  # of General MIDI


@dataclass(frozen=True)
class RawTrack:
    """A track on the desk.

    Attributes:
        name: Of its file, without suffix.
        group: `drums`, `bass`, `vocals` or `other`.
        role: One of the group's.
        samples: `(1, samples)`.
        volume: Its controller 7.
        pan: Its controller 10.
        muted: Whether it has nothing of its own to be heard.
    """

    name: str
    group: str
    role: str
    samples: Samples
    volume: Curve = ()
    pan: Curve = ()
    muted: bool = False


@dataclass(frozen=True)
class Channel:
    """The settings of a track's channel.

    Attributes:
        gain_db: From the raw track to its stem, with everything after the channel's compressor but the buses; -inf
            where it is muted.
        pan: From -1, left, to 1, right; sine-cosine law.
        ridden: Whether the fader follows the composition's controller 7.
        high_pass_hz: 0 for none.
        bands: The equaliser.
        compressor: None for none.
        reverb_db: Send to the reverb, relative to the track; -inf for none.
        echo_db: Likewise to the echo.
    """

    gain_db: float
    pan: float
    ridden: bool
    high_pass_hz: float
    bands: tuple[Band, ...]
    compressor: Compressor | None
    reverb_db: float
    echo_db: float


@dataclass(frozen=True)
class Desk:
    """All settings of a mix.

    Attributes:
        channels: By track, in order.
        reverb: Name of the impulse response.
        echo_seconds: From one echo to the next.
        buses: Compressors of the groups that have one.
        mix_bus: Compressor of the mix.
        mix_gain_db: After it.
    """

    channels: tuple[Channel, ...]
    reverb: str
    echo_seconds: float
    buses: Mapping[str, Compressor]
    mix_bus: Compressor
    mix_gain_db: float


@dataclass(frozen=True)
class MixedDown:
    """What the engineer made.

    Attributes:
        stems: By group, `(2, samples)`, of the groups that have tracks.
        mix: `(2, samples)`.
        desk: How.
    """

    stems: Mapping[str, Samples]
    mix: Samples
    desk: Desk


def mix_down(
    tracks: Sequence[RawTrack], rate: int, reverbs: Mapping[str, Samples], rng: np.random.Generator
) -> MixedDown:
    """Mix a session.

    Args:
        tracks: One or more, all of one length.
        rate: In Hz.
        reverbs: Impulse responses by name, `(2, samples)`, of unit energy; one or more.
        rng: The engineer's taste and mood.
    """
    mix_lufs = float(rng.uniform(*MIX_LUFS))
    reverb = sorted(reverbs)[int(rng.integers(len(reverbs)))]
    echo_seconds = round(float(rng.uniform(0.2, 0.45)), 3)
    levels, pans = _levels_lu(tracks, rate, rng), _pans(tracks, rate, rng)
    sums = {group: np.zeros((2, tracks[0].samples.shape[1]), np.float32) for group in _groups(tracks)}
    sends: dict[str, list[Samples]] = {group: [np.zeros_like(sums[group]) for _ in range(2)] for group in sums}
    channels = []
    for track, level_lu, position in zip(tracks, levels, pans, strict=True):
        channel, treated = _treat(track, rate, rng)
        measured_lufs = metered(treated, rate).integrated_lufs()
        gain = 0.0 if track.muted else gain_to_loudness(measured_lufs, mix_lufs + level_lu)
        placed = effects.pan(treated * np.float32(gain) * _ride(track, rate), position)
        sums[track.group] += placed
        for send, level_db in zip(sends[track.group], (channel.reverb_db, channel.echo_db), strict=True):
            send += placed * np.float32(db_to_gain(level_db))
        channels.append(replace(channel, gain_db=gain_to_db(gain), pan=position))
    buses, stems = {}, {}
    for group, summed in sums.items():
        if group in BUSES:
            buses[group] = _at_loudness(BUSES[group], summed, rate)
            summed = _made_up(effects.compress(summed, rate, buses[group]), summed, rate)
        to_reverb, to_echo = sends[group]
        wet = effects.reverberate(to_reverb, reverbs[reverb])
        stems[group] = summed + wet + effects.echo(to_echo, rate, echo_seconds, 0.5)
    return _master(stems, channels, reverb, echo_seconds, buses, mix_lufs, rate)


def _master(
    stems: Mapping[str, Samples],
    channels: Sequence[Channel],
    reverb: str,
    echo_seconds: float,
    buses: Mapping[str, Compressor],
    mix_lufs: float,
    rate: int,
) -> MixedDown:
    """Bring the stems to the mix's loudness, all by one gain, and compress their sum."""
    summed = np.sum(list(stems.values()), axis=0)
    gain = gain_to_loudness(metered(summed, rate).integrated_lufs(), mix_lufs)
    mix_bus = _at_loudness(MIX_BUS, summed * np.float32(gain), rate)
    compressed = effects.compress(summed * np.float32(gain), rate, mix_bus)
    mix = _made_up(compressed, summed * np.float32(gain), rate)
    peak = max(float(np.abs(mix).max()), *(gain * float(np.abs(stem).max()) for stem in stems.values()))
    trim = min(1.0, PEAK / peak) if peak else 1.0
    # The thresholds move with the level, so that the trim could as well have come first.
    lower_db = gain_to_db(trim)
    desk = Desk(
        tuple(replace(channel, gain_db=round(channel.gain_db + gain_to_db(gain * trim), 2)) for channel in channels),
        reverb,
        echo_seconds,
        {group: _moved(bus, gain_to_db(gain * trim)) for group, bus in buses.items()},
        _moved(mix_bus, lower_db),
        round(gain_to_db(_ratio(mix, compressed)), 2),
    )
    return MixedDown(
        {group: stem * np.float32(gain * trim) for group, stem in stems.items()}, mix * np.float32(trim), desk
    )


def _treat(track: RawTrack, rate: int, rng: np.random.Generator) -> tuple[Channel, Samples]:
    """A channel's settings up to its compressor, and what comes out of that."""
    practice = PRACTICES[track.group, track.role]
    taste = rng.uniform(0.4, 1.3)
    bands = tuple(replace(band, gain_db=round(band.gain_db * taste, 2)) for band in practice.bands)
    high_pass_hz = round(practice.high_pass_hz * float(rng.uniform(0.8, 1.25)), 1)
    block = effects.high_pass(track.samples, rate, high_pass_hz) if high_pass_hz else track.samples
    block = effects.equalise(block, rate, bands)
    compressor = None
    if practice.compressor:
        compressor = _at_loudness(practice.compressor, block, rate)
        block = effects.compress(block, rate, compressor)
    wetter_db = float(rng.uniform(-4, 3))
    sends = [round(level + wetter_db, 1) for level in (practice.reverb_db, practice.echo_db)]
    return Channel(0.0, 0.0, _is_ridden(track), high_pass_hz, bands, compressor, *sends), block


def _levels_lu(tracks: Sequence[RawTrack], rate: int, rng: np.random.Generator) -> list[float]:
    """Loudness of each track relative to the mix: its role's, its composition's, and some taste."""
    volumes = [float(np.median(_volume_db(track, rate))) for track in tracks]
    human = len({track.volume for track in tracks}) > 1
    middle = float(np.mean(volumes))
    offsets = np.clip(np.array(volumes) - middle, -HUMAN_LEVELS_DB, HUMAN_LEVELS_DB) if human else np.zeros(len(tracks))
    practices = [PRACTICES[track.group, track.role].level_lu for track in tracks]
    tastes = rng.normal(0, LEVEL_SPREAD_LU, len(tracks))
    return [float(sum(parts)) for parts in zip(practices, offsets, tastes, strict=True)]


def _pans(tracks: Sequence[RawTrack], rate: int, rng: np.random.Generator) -> list[float]:
    """Where each track stands: pairs at their sides, else as the composition has it, else where its role may stand."""
    human = any(value != _CENTRE for track in tracks if track.group != "drums" for _, value in track.pan)
    side = 1.0 if rng.random() < 0.5 else -1.0
    toms = [track.name for track in tracks if track.role == "toms"]
    pans = []
    for track in tracks:
        reach = PRACTICES[track.group, track.role].pan
        if track.name.rsplit(" ", 1)[-1] in SIDES:
            position = SIDES[track.name.rsplit(" ", 1)[-1]] * reach
        elif track.role == "toms":
            # As the audience sees them: the high tom to the right.
            position = reach * (1 - 2 * toms.index(track.name) / max(1, len(toms) - 1)) if len(toms) > 1 else 0.0
        elif human and track.group != "drums" and track.pan:
            position = float(np.clip((np.median(_course(track, track.pan, rate)) - _CENTRE) / 63, -1, 1))
        else:
            position = side * reach * float(rng.uniform(0.4, 1)) if reach else 0.0
            side = -side if reach else side
        pans.append(round(position, 3))
    return pans


def _ride(track: RawTrack, rate: int) -> Samples:
    """Gains, `(1, samples)`, of a fader that follows the composition's volume around its mean."""
    if not _is_ridden(track):
        return np.ones((1, 1), np.float32)
    volume_db = _volume_db(track, rate)
    offsets_db = np.clip(volume_db - np.median(volume_db), -HUMAN_LEVELS_DB, HUMAN_LEVELS_DB)
    smooth_db = scipy.ndimage.uniform_filter1d(offsets_db, 7, mode="nearest")
    seconds = np.arange(track.samples.shape[1]) / rate
    steps = np.arange(len(smooth_db)) / _STEPS_PER_SECOND
    gains: Samples = np.interp(seconds, steps, np.power(10, smooth_db / 20)).astype(np.float32)[None]
    return gains


def _is_ridden(track: RawTrack) -> bool:
    return len({value for _, value in track.volume}) > 1


def _volume_db(track: RawTrack, rate: int) -> NDArray[np.float64]:
    """What controller 7 does over time: 40 log10(value / 127) dB (General MIDI Level 2); at least that of a 1."""
    values = _course(track, track.volume or _DEFAULT_VOLUME, rate)
    return 40 * np.log10(np.maximum(values, 1) / 127)


def _course(track: RawTrack, curve: Curve, rate: int) -> NDArray[np.float64]:
    """A controller's value every 10 ms of a track."""
    times, values = np.array(curve).T
    steps = np.arange(max(1, track.samples.shape[1] * _STEPS_PER_SECOND // rate)) / _STEPS_PER_SECOND
    course: NDArray[np.float64] = values[np.maximum(0, np.searchsorted(times, steps, side="right") - 1)]
    return course


def _at_loudness(compressor: Compressor, block: Samples, rate: int) -> Compressor:
    """A compressor whose threshold suits the loudness of a block; silence leaves it."""
    lufs = metered(block, rate).integrated_lufs()
    return _moved(compressor, lufs - COMPRESSORS_AT_LUFS) if np.isfinite(lufs) else compressor


def _moved(compressor: Compressor, level_db: float) -> Compressor:
    return replace(compressor, threshold_db=round(compressor.threshold_db + level_db, 2))


def _made_up(after: Samples, before: Samples, rate: int) -> Samples:
    """What a compressor gave, as loud as what it got."""
    wanted = metered(before, rate).integrated_lufs()
    return after * np.float32(
        gain_to_loudness(metered(after, rate).integrated_lufs(), wanted if np.isfinite(wanted) else None)
    )


def _ratio(numerator: Samples, denominator: Samples) -> float:
    power = float(np.vdot(denominator, denominator))
    return float(np.vdot(numerator, denominator)) / power if power else 1.0


def _groups(tracks: Sequence[RawTrack]) -> list[str]:
    """The groups that have tracks, in order."""
    present = {track.group for track in tracks}
    return [group for group in GROUPS if group in present]
