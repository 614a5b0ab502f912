"""The house engineer: from slots to a stem, and from stems to a mix, by the rules of `wavemix.engineer.practice`.

Slots are `(slots, samples)`, stems and mixes `(2, samples)`, float32. A group that has stereo tracks is `(2, slots,
samples)`, and each side gives the output that is its own, as with the networks (`wavemix.waveunet.sides`).
"""

import math

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.input_levels import REACH_LU
from wavemix.dsp.levels import db_to_gain
from wavemix.engineer.dynamics import compress
from wavemix.engineer.equaliser import TAPS_BACK, equalise
from wavemix.engineer.practice import BUSES, CHANNELS, MIX_BANDS, MIX_BUS, MIX_PEAKS, STEM_LEVELS, TRACK_LEVELS
from wavemix.engineer.space import PULSES, response, widen

Samples = NDArray[np.float32]


def treat(group: str, slots: Samples, rate: int) -> Samples:
    """Each slot by itself, up to its place in the picture: `(slots, samples)` to the same.

    A stem is `blend` of them, so whoever takes some slots of one song and some of another need not treat them again.
    """
    treated: Samples = np.zeros_like(slots)
    for slot, channel in enumerate(CHANNELS[group]):
        if not slots[slot].any():
            continue
        block = equalise(slots[slot : slot + 1], rate, channel.bands, channel.high_pass_hz)
        if channel.compressor:
            block = compress(block, rate, channel.compressor)
        treated[slot] = block[0] * np.float32(db_to_gain(channel.gain_db))
    return treated


def blend(group: str, treated: Samples, rate: int) -> Samples:
    """The stem of treated slots: `(slots, samples)` to `(2, samples)`."""
    pans, sends = _matrices(group)
    stem: Samples = _sum(pans, treated) + widen(_sum(sends, treated), rate)
    return compress(stem, rate, BUSES[group]) if group in BUSES else stem


def blend_sides(group: str, treated: Samples, rate: int) -> Samples:
    """The stem of treated slots, side by side: `(sides, slots, samples)` to `(2, samples)`."""
    stems = [blend(group, side, rate) for side in treated]
    if len(stems) == 1:
        return stems[0]
    own: Samples = np.stack([stem[side] for side, stem in enumerate(stems)])
    return own


def stem_of(group: str, slots: Samples, rate: int) -> Samples:
    """A group's stem, `(2, samples)`.

    Args:
        group: `drums`, `bass`, `vocals` or `other`.
        slots: What the network of the group reads, levels included: `(slots, samples)`, or `(sides, slots, samples)`.
        rate: In Hz.

    Raises:
        ValueError: If there is no such group, or it has another number of slots.
    """
    if group not in CHANNELS or slots.shape[-2] != len(CHANNELS[group]):
        raise ValueError(f"there is no group {group!r} of {slots.shape[-2]} slots")
    sides = slots[None] if slots.ndim == 2 else slots
    return blend_sides(group, np.stack([treat(group, side, rate) for side in sides]), rate)


def mix_of(stems: Samples, rate: int) -> Samples:
    """The mix, `(2, samples)`, of what the mix network reads, levels included: `(8, samples)`, stem after stem."""
    summed: Samples = stems.reshape(-1, 2, stems.shape[-1]).sum(axis=0)
    shaped = equalise(summed, rate, MIX_BANDS)
    return compress(compress(shaped, rate, MIX_BUS), rate, MIX_PEAKS)


def reach(task: str, rate: int) -> int:
    """How far from a sample, in samples, lies what `blend`, or for `mix` `mix_of`, makes it of."""
    if task in CHANNELS:
        compressors = [BUSES[task]] if task in BUSES else []
        linear = len(response(rate)) // 2
    else:
        compressors, linear = [MIX_BUS, MIX_PEAKS], TAPS_BACK if MIX_BANDS else 0
    return linear + sum(compressor.reach(rate) for compressor in compressors)


def rules(task: str) -> str:
    """All that the engineer goes by for a task, as text: by other rules its targets are others."""
    if task in CHANNELS:
        return repr((TRACK_LEVELS, REACH_LU, CHANNELS[task], BUSES.get(task), PULSES))
    return repr((STEM_LEVELS, MIX_BANDS, MIX_BUS, MIX_PEAKS, *(rules(group) for group in CHANNELS)))


def _sum(gains: Samples, treated: Samples) -> Samples:
    """Slots with gains, `(outputs, slots)`, added one by one: a matrix product rounds by how many threads it has."""
    out: Samples = np.zeros((len(gains), treated.shape[1]), np.float32)
    for slot in np.flatnonzero(treated.any(axis=1)):
        out += gains[:, slot, None] * treated[slot]
    return out


def _matrices(group: str) -> tuple[Samples, Samples]:
    """Gains of each slot to left and right, `(2, slots)`, and to the side signal, `(1, slots)`."""
    angles = [(channel.pan + 1) * math.pi / 4 for channel in CHANNELS[group]]
    pans = [[math.cos(angle) for angle in angles], [math.sin(angle) for angle in angles]]
    return np.array(pans, np.float32), np.array([[db_to_gain(c.width_db) for c in CHANNELS[group]]], np.float32)
