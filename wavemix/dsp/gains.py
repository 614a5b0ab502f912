"""Static gains of least squared error, from each of some inputs to each of some outputs."""

import torch
from torch import Tensor

FIT_SAMPLES = 1 << 20
"""Samples of a song that are read at a time to fit gains."""

RELATIVE_TOLERANCE = 1e-10
"""Directions with less than this share of the loudest one's power are silence to a fit."""


def best_gains(products: Tensor, plain: Tensor) -> Tensor:
    """The gains, `(outputs, inputs)`, of least squared error; of several such gains those nearest to the plain sum's.

    Args:
        products: Inner products of the inputs and, below them, of the targets with the inputs, in double precision,
            `(inputs + outputs, inputs)`.
        plain: Gains of the plain sum, `(outputs, inputs)`.

    >>> inputs, target = torch.eye(2, 3).double(), torch.tensor([[0.5, 2, 0], [0, 1, 0]]).double()
    >>> best_gains(torch.cat([inputs, target]) @ inputs.T, torch.ones(2, 2)).tolist()
    [[0.5, 2.0], [0.0, 1.0]]
    """
    inputs = plain.shape[1]
    power, reached = products[:inputs], products[inputs:]
    missing = reached - plain.double() @ power
    change: Tensor = missing @ torch.linalg.pinv(power, rtol=RELATIVE_TOLERANCE, hermitian=True)
    return plain + change.float()
