"""Chroma self-similarity of a mix over time, and how alike two of them are.

The paper gives no parameters for its chroma. These come nearest to its magnitudes; what they yield ranks mixes of
one song, and is not to be compared with numbers measured otherwise.
"""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

HOP_SAMPLES = 2048
PITCH_CLASSES = 12
TUNING = 0.0
"""How far A4 is from 440 Hz, in bins, for all mixes: librosa's own estimate differs between nearly equal ones, and
put an RMSE of 9 between two whose chroma at one tuning is the same."""

FULL_SCALE = 255.0
VIF_NOISE_VARIANCE = 2.0
LEAST_FRAMES = 41
"""What VIF's four scales need: 1.9 s at 44.1 kHz."""

_FLAT = 1e-6  # a chroma vector that deviates less is silence, whatever its rounding errors correlate with


@dataclass(frozen=True)
class Similarity:
    """How alike two self-similarity matrices are.

    Attributes:
        rmse: Root mean squared difference; 0 is best, matrices go from 0 to 255.
        ssim: Structural similarity (Wang et al. 2004); 1 is best.
        vif: Visual information fidelity in the pixel domain (Sheikh & Bovik 2006): the reference's information
            that the other keeps. 1 for the reference itself, and above where the other has more contrast.
    """

    rmse: float
    ssim: float
    vif: float


def self_similarity(audio: NDArray[np.floating[Any]], rate: int) -> NDArray[np.float64]:
    """Correlation of every frame's chroma with every other's.

    CENS chroma (Müller & Ewert 2011) of the mono fold, standardised over the 12 pitch classes of a frame. Products
    of frames lie in [-11, 11], which becomes 0 to 255. A silent frame correlates with nothing, itself included.

    Args:
        audio: `(channels, samples)`, not empty.
        rate: In Hz.

    Returns:
        Symmetric matrix, `(frames, frames)`; frames are 2048 samples apart.
    """
    import librosa

    mono = audio.mean(axis=0, dtype=np.float64).astype(np.float32)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "n_fft=.* is too large for input signal", UserWarning)  # of short excerpts
        chroma = librosa.feature.chroma_cens(
            y=mono, sr=rate, hop_length=HOP_SAMPLES, n_chroma=PITCH_CLASSES, tuning=TUNING
        ).astype(np.float64)
    centred = chroma - chroma.mean(axis=0)
    deviation = chroma.std(axis=0, ddof=1)
    standard = np.divide(centred, deviation, out=np.zeros_like(chroma), where=deviation > _FLAT)
    largest = PITCH_CLASSES - 1
    matrix: NDArray[np.float64] = (standard.T @ standard + largest) / (2 * largest) * FULL_SCALE
    return matrix


def compare_matrices(reference: NDArray[np.float64], other: NDArray[np.float64]) -> Similarity:
    """How alike two self-similarity matrices are.

    Args:
        reference: `(frames, frames)`, 0 to 255. Only VIF is not symmetric.
        other: Another matrix of that shape.

    Returns:
        SSIM and VIF are NaN for fewer than 41 frames. VIF of a reference without structure (silence) is 0, or 1
        against itself.

    Raises:
        ValueError: If the shapes differ.
    """
    if reference.shape != other.shape:
        raise ValueError(f"matrices must have one shape, not {reference.shape} and {other.shape}")
    rmse = float(np.sqrt(np.square(reference - other).mean()))
    if len(reference) < LEAST_FRAMES:
        return Similarity(rmse, math.nan, math.nan)
    return Similarity(rmse, _ssim(reference, other), _vif(reference, other))


def _ssim(reference: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    from skimage.metrics import structural_similarity

    settings = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}  # as in the publication
    return float(structural_similarity(reference, other, data_range=FULL_SCALE, **settings))  # type: ignore[no-untyped-call]


def _vif(reference: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    import torch
    from torchmetrics.functional.image import visual_information_fidelity

    image, original = (torch.from_numpy(matrix)[None, None] for matrix in (other, reference))
    vif = float(visual_information_fidelity(image, original, sigma_n_sq=VIF_NOISE_VARIANCE))
    return vif if math.isfinite(vif) else float(np.array_equal(reference, other))
