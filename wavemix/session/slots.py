"""Which slot of a model each track goes to: premix when too many, pad when too few.

The same code serves training and inference, so that a slot means the same in both. The rules of `assign`, in
order; within a rule tracks are served by role, then as listed:

1. The first track of each role takes its role's home slot.
2. Where a role has several home slots (overheads), its further tracks take those, and so does the right channel of
   a stereo track: such slots are for a pair of microphones.
3. Further tracks take free slots, from the last backwards: the last slots are the least specific.
4. Tracks for which no slot is left are added to the first track of their role: a plain sum, no gain (the
   paper's premix).
5. A track of more than two channels counts as that many mono tracks if there are slots left for all of them;
   else it is folded to mono, their mean.

Slots that nobody took stay silent (the paper's padding).

A slot is mono, and a stereo track keeps its sides all the same: the model reads a group that has one twice, for the
left output with the left channels in the slots, for the right output with the right ones (`wavemix.waveunet.sides`).
A mono track is in both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wavemix.session.groups import STEREO, Group


@dataclass(frozen=True)
class Claim:
    """What a track asks of its group.

    Attributes:
        role: One of the group's roles.
        channels: Number of channels that carry a signal of their own, at least 1.
    """

    role: str
    channels: int


@dataclass(frozen=True)
class Assignment:
    """Where a track goes.

    Attributes:
        slots: Slot index; of each channel if they have one each.
        folded: Whether the mean of more than two channels goes to the one slot.
        premixed: Whether the track is added to a slot that another track holds.
    """

    slots: tuple[int, ...]
    folded: bool = False
    premixed: bool = False


def assign(group: Group, claims: Sequence[Claim]) -> list[Assignment]:
    """Assign the tracks of one group, in song order; see the module for the rules.

    Returns:
        One assignment a track, in the order of `claims`.

    Raises:
        ValueError: If a role is not one of the group's, or a track has no channel.

    Examples:
        >>> from wavemix.session.groups import BASS
        >>> assign(BASS, [Claim("bass", 1), Claim("amp", 1), Claim("bass", 2)])
        [Assignment(slots=(0,), folded=False, premixed=False), \
Assignment(slots=(1,), folded=False, premixed=False), \
Assignment(slots=(3,), folded=False, premixed=False)]
    """
    for claim in claims:
        if claim.role not in group.slots or claim.channels < 1:
            raise ValueError(f"{claim} cannot be placed in {group.name}")
    order = sorted(range(len(claims)), key=lambda track: group.slots.index(claims[track].role))
    free = list(range(len(group.slots)))
    held: dict[int, list[int]] = {}
    first: dict[str, int] = {}

    for track in order:
        role = claims[track].role
        if role not in first:
            first[role] = track
            held[track] = _take(free, [group.slots.index(role)])
    for track in order:
        home = [slot for slot in free if group.slots[slot] == claims[track].role]
        missing = claims[track].channels - len(held.get(track, []))
        if 0 < missing <= len(home):
            held[track] = held.get(track, []) + _take(free, home[:missing])
    for track in order:
        if track not in held and free:
            held[track] = _take(free, free[-1:])
    for track in order:
        missing = claims[track].channels - len(held.get(track, []))
        if claims[track].channels > STEREO and track in held and 0 < missing <= len(free):
            held[track] += _take(free, free[-missing:])
    return [_assignment(track, claims, held, first) for track in range(len(claims))]


def routing(assignment: Assignment, channels: int, slots: int) -> NDArray[np.float32]:
    """The assignment as matrices, `(sides, slots, channels)`: a track's block times each is what the slots receive.

    One side, which stands for both, unless the track is stereo: then one for the left output and one for the right.
    """
    matrix = np.zeros((STEREO if channels == STEREO else 1, slots, channels), np.float32)
    if channels == STEREO:
        matrix[0, assignment.slots[0], 0] = matrix[1, assignment.slots[-1], 1] = 1
    elif assignment.folded:
        matrix[0, assignment.slots[0]] = 1 / channels
    else:
        matrix[0, assignment.slots, range(channels)] = 1
    return matrix


def fill_slots(
    matrices: Sequence[NDArray[np.float32]], blocks: Iterable[NDArray[np.float32]], slots: int, samples: int
) -> NDArray[np.float32]:
    """Tracks in their slots, `(sides, slots, samples)`: two sides where one of them is stereo.

    Args:
        matrices: The matrix of each track, as `routing` gives it, maybe with a gain.
        blocks: The samples of each track, `(channels, samples)`; taken one after the other.
        slots: Number of slots.
        samples: Length of the blocks.
    """
    inputs = np.zeros((max(map(len, matrices), default=1), slots, samples), np.float32)
    for matrix, block in zip(matrices, blocks, strict=True):
        for slot in np.flatnonzero(matrix.any(axis=(0, 2))):
            inputs[:, slot] += matrix[:, slot] @ block
    return inputs


def one_side(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """A track's block, `(channels, samples)`, as a meter of loudness is to hear it: as loud as one side of it.

    ITU-R BS.1770-5 adds the powers of the channels: the sides of a stereo track by half each.
    """
    if len(block) == STEREO:
        return block * np.float32(0.5**0.5)
    mono: NDArray[np.float32] = block.mean(axis=0, keepdims=True)
    return mono


def _take(free: list[int], slots: list[int]) -> list[int]:
    """Remove slots from the free ones and return them."""
    taken = list(slots)
    for slot in taken:
        free.remove(slot)
    return taken


def _assignment(track: int, claims: Sequence[Claim], held: dict[int, list[int]], first: dict[str, int]) -> Assignment:
    channels = claims[track].channels
    slots = held.get(track) or held[first[claims[track].role]][:1]
    folded = channels > STEREO and len(slots) < channels
    return Assignment(tuple(slots[:1] if folded else slots), folded, premixed=track not in held)
