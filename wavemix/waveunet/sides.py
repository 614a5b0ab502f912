"""Stereo tracks through a network of mono inputs: once a side, each side for its own output.

`sides` in shapes is 1 where all tracks are mono, and the network gives both outputs at once, or 2, left and right.
"""

from collections.abc import Callable

from torch import Tensor


def own_sides(mixed: Tensor) -> Tensor:
    """The output that each side gave for itself, of all that they gave.

    Shape:
        `(..., sides, 2, samples)` to `(..., 2, samples)`.

    >>> import torch
    >>> own_sides(torch.tensor([[[1.0], [2.0]], [[3.0], [4.0]]])).tolist()
    [[1.0], [4.0]]
    """
    if mixed.shape[-3] == 1:
        return mixed.squeeze(-3)
    return mixed.diagonal(dim1=-3, dim2=-2).movedim(-1, -2)


def mix_sides(compute: Callable[[Tensor], Tensor], tracks: Tensor) -> Tensor:
    """What a network makes of tracks that may be stereo.

    Args:
        compute: The network, `(batch, inputs, samples)` to `(batch, 2, mixed_samples)`.
        tracks: What it reads, side by side.

    Shape:
        tracks: `(batch, sides, inputs, samples)`; the result is `(batch, 2, mixed_samples)`.
    """
    mixed = compute(tracks.flatten(0, 1))
    return own_sides(mixed.reshape(*tracks.shape[:2], *mixed.shape[1:]))
