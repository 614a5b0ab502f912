"""Recursive filters of a stream, by matrix products.

A filter of n past values is x' = A x + b u, y = c x + d u, one sample at a time. A frame of samples taken together is
the same with larger matrices: its outputs are its inputs times the filter's impulse response, as a triangular
matrix, plus the answer to the state at its start; and the state at its end is a sum over its inputs, plus the state at
its start times a power of A. All frames' inputs go through one product. Only the states follow from one another, and
they are added up in strides that double: after the stride k each frame has heard the 2k frames before it.

SciPy's `sosfilt` does the same in somewhat less time, but importing `scipy.signal` takes longer than mixing a second.
"""

import numpy as np
from numpy.typing import NDArray

_FRAME = 64  # samples; large enough that the states are a small part, small enough that the triangle is

Matrix = NDArray[np.float64]


class RecursiveFilter:
    """Filters a signal that arrives block by block, silent before its start.

    Args:
        sections: Second-order sections, `(sections, 6)`: b0, b1, b2, a0 = 1, a1, a2 of each, as SciPy has them.
        channels: Filtered alike.

    A pole at 1/2 halves what it is given:

    >>> halving = RecursiveFilter(np.array([[1.0, 0.0, 0.0, 1.0, -0.5, 0.0]]), channels=1)
    >>> halving(np.array([[8.0, 0.0]])).tolist(), halving(np.array([[0.0]])).tolist()
    ([[8.0, 4.0]], [[2.0]])
    """

    def __init__(self, sections: Matrix, channels: int) -> None:
        a, b, c, d = _state_space(sections)
        self._powers = [np.eye(len(b))]  # of A, transposed, as states are rows here
        for _ in range(_FRAME):
            self._powers.append(self._powers[-1] @ a.T)
        self._from_state = np.stack([power @ c for power in self._powers[:-1]], axis=1)  # (state, frame)
        self._to_state = np.stack([b @ power for power in reversed(self._powers[:-1])])  # (frame, state)
        response = np.concatenate([[d], b @ self._from_state[:, :-1]])
        delay = np.arange(_FRAME) - np.arange(_FRAME)[:, np.newaxis]  # of an output after an input
        self._from_inputs = np.where(delay < 0, 0.0, response[delay])
        self._state = np.zeros((channels, len(b)))

    def __call__(self, samples: Matrix) -> Matrix:
        """The filtered samples, `(channels, samples)`."""
        channels, count = samples.shape
        frames, rest = divmod(count, _FRAME)
        padded = np.zeros((channels, (frames + 1) * _FRAME))
        padded[:, :count] = samples
        inputs = padded.reshape(channels, frames + 1, _FRAME)
        states = self._states(inputs[:, :frames] @ self._to_state)
        filtered = inputs @ self._from_inputs
        filtered += states @ self._from_state
        last = inputs[:, frames, :rest] @ self._to_state[_FRAME - rest :]
        self._state = last + states[:, frames] @ self._powers[rest]
        return filtered.reshape(channels, -1)[:, :count]

    def _states(self, added: Matrix) -> Matrix:
        """The state at the start of each frame and after the last, from what each frame adds to it."""
        states = np.concatenate([self._state[:, np.newaxis], added], axis=1)
        stride, power = 1, self._powers[_FRAME]
        while stride < states.shape[1]:
            states[:, stride:] += states[:, :-stride] @ power
            stride, power = 2 * stride, power @ power
        return states


def _state_space(sections: Matrix) -> tuple[Matrix, Matrix, Matrix, float]:
    """A, b, c and d of sections in a row, each in transposed direct form II."""
    a, b, c, d = np.zeros((0, 0)), np.zeros(0), np.zeros(0), 1.0
    for b0, b1, b2, _, a1, a2 in sections:
        own = np.array([[-a1, 1.0], [-a2, 0.0]])
        takes = np.array([b1 - a1 * b0, b2 - a2 * b0])
        # The section's input is c x + d u of those before it.
        a = np.block([[a, np.zeros((len(b), 2))], [np.outer(takes, c), own]])
        b = np.concatenate([b, takes * d])
        c = np.concatenate([b0 * c, [1.0, 0.0]])
        d = b0 * d
    return a, b, c, d
