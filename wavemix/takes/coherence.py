"""How streams cohere, frequency by frequency, and at which lag.

Coherence counts what two tracks share at every frequency alike, however loud it is; its transform is the smoothed
coherence weighting of the generalised cross-correlation (Knapp and Carter, "The generalized correlation method for
estimation of time delay", 1976). What a track shares with another *beyond what the remaining tracks explain* is their
partial coherence (Bendat and Piersol, "Random Data", chapter 7), read off the inverse of the matrix of all coherences:
of a microphone that overhears other drums, it leaves what only it has heard.
"""

import numpy as np
import scipy.fft
import scipy.signal
from numpy.typing import NDArray

Rows = NDArray[np.float64]
"""`(rows, samples)`."""

Spectra = NDArray[np.complex128]

LOADING = 0.005
"""What is added to each track's coherence with itself, so that tracks that hold the same do not explain each other."""


def coherences(products: Rows) -> Spectra:
    """Coherence of every two streams: `(..., rows, rows, frequencies)`; a silent one coheres with none.

    The spectra are smoothed by the window of Parzen over all lags that there are; as its own transform is nowhere below
    0, matrices stay positive.

    Args:
        products: As `LagProducts.products`, `(..., rows, rows, lags)`.
    """
    reach = products.shape[-1] // 2
    windowed = np.fft.ifftshift(products * scipy.signal.windows.parzen(2 * reach + 1), axes=-1)
    spectra = scipy.fft.rfft(np.insert(windowed, reach + 1, 0.0, axis=-1))
    power = np.maximum(np.einsum("...iif->...if", spectra).real, 0.0)
    scale = np.sqrt(power[..., :, np.newaxis, :] * power[..., np.newaxis, :, :])
    coherent: Spectra = np.divide(spectra, scale, out=np.zeros_like(spectra), where=scale > 0)
    return coherent


def partial(coherent: Spectra) -> Spectra:
    """Coherence of every two streams in what the others do not explain, `(..., rows, rows, frequencies)`."""
    values, vectors = np.linalg.eigh(np.moveaxis(coherent, -1, 0))
    scaled = vectors / (np.maximum(values, 0.0) + LOADING)[..., np.newaxis, :]
    inverse = scaled @ vectors.conj().swapaxes(-1, -2)
    own = np.sqrt(np.einsum("...ii->...i", inverse).real)
    alone: Spectra = np.moveaxis(-inverse / (own[..., :, np.newaxis] * own[..., np.newaxis, :]), 0, -1)
    return alone


def lag_curve(coherence: Spectra, weights: Rows, reach: int) -> Rows:
    """What coheres at which lag: `(..., 2 * reach + 1)`, lag 0 in the middle; 1 where all does at one lag.

    A peak right of the middle says that the second stream is late.

    Args:
        coherence: Coherence of two streams, `(..., frequencies)`.
        weights: How much each frequency counts, `(frequencies,)`.
        reach: The largest lag.
    """
    size = 2 * (coherence.shape[-1] - 1)
    curve = scipy.fft.irfft(coherence * weights, size) * (size / (2 * weights.sum()))
    both: Rows = np.concatenate([curve[..., -reach:], curve[..., : reach + 1]], axis=-1)
    return both
