"""Faders of least squares, from inner products alone.

For one side, with the tracks' samples as the rows of X and the stem's as t, the gains g that minimise the squared
error of g X depend on X Xᵀ and X tᵀ only, and these add up block by block. A fader cannot turn polarity over, so the
gains are not negative (Lawson and Hanson 1974, non-negative least squares). Directions in which the tracks have
hardly any power, such as the difference of two copies, stay where they were.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import nnls

Matrix = NDArray[np.float64]

FADER_TIE = 1e-10
"""Share of the loudest track's power by which faders are held where they were."""

EQUALISER_TIE = 1e-4
"""That share for the bands of an equaliser: what a track lacks in a band cannot be equalised there, only invented."""


def best_faders(power: Matrix, reached: Matrix, before: Matrix, tie: float = FADER_TIE) -> Matrix:
    """The gains of least squared error, none negative, `(tracks,)`.

    Args:
        power: Inner products of the tracks, `(tracks, tracks)`.
        reached: Those of the tracks with what they are to give, `(tracks,)`.
        before: The gains that they are held at where their power does not decide, `(tracks,)`.
        tie: How firmly, as a share of the loudest track's power.

    >>> best_faders(np.diag([4.0, 1.0, 0.0]), np.array([2.0, -1.0, 0.0]), np.ones(3)).round(3).tolist()
    [0.5, 0.0, 1.0]
    """
    held = tie * float(power.diagonal().max(initial=0.0))
    if held <= 0:
        return before.copy()
    upper = cholesky(power + held * np.eye(len(power)))
    wanted = solve_triangular(upper, reached + held * before, trans="T")
    gains: Matrix = nnls(upper, wanted)[0]
    return gains


def error_power(power: Matrix, reached: Matrix, target: float, gains: Matrix) -> float:
    """The power that gains miss of a target of that power; see `best_faders`.

    >>> error_power(np.eye(2), np.array([1.0, 0.0]), 3.0, np.array([1.0, 0.0]))
    2.0
    """
    return max(0.0, float(target - 2 * gains @ reached + gains @ power @ gains))
