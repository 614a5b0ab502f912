"""How near a mix comes to a reference that it was matched with (see `wavemix.metrics.matching`)."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from wavemix.dsp.levels import gain_to_db
from wavemix.metrics.stft import MultiResolutionSTFT, mid_side, mid_side_distance, power_spectra

BARK_BANDS = 24
BARK_LOWEST_HZ, BARK_HIGHEST_HZ = 20.0, 20_000.0
BARK_FFT_SAMPLES = 32_768
BARK_FLOOR = 1e-6
"""-120 dBFS: a quieter band counts as this, so that a silent one has a logarithm."""

Audio = NDArray[np.floating[Any]]
"""Samples as `(channels, samples)`."""


@dataclass(frozen=True)
class AgainstReference:
    """How near a stereo mix comes to a reference.

    Attributes:
        si_sdr_db: See `si_sdr_db`.
        stft_left_right: Multi-resolution STFT distance of left and right; 0 is best.
        stft_mid_side: Mean of the distances of mid and of side. Large, where the reference has no side.
        width: See `width`.
        width_error: Absolute difference to the reference's width.
        imbalance: See `imbalance`.
        imbalance_error: Absolute difference to the reference's imbalance.
        bark_mse: Mean squared difference of the two `bark_spectrum`s: 0.0133 is 1 dB everywhere.
    """

    si_sdr_db: float
    stft_left_right: float
    stft_mid_side: float
    width: float
    width_error: float
    imbalance: float
    imbalance_error: float
    bark_mse: float


@torch.no_grad()
def against(mix: Audio, reference: Audio, rate: int) -> AgainstReference:
    """All measures of a mix against a reference.

    Args:
        mix: Matched with the reference, `(2, samples)`.
        reference: `(2, samples)`.
        rate: Sample rate of both, in Hz.

    Raises:
        ValueError: If the two are not stereo and of one length.
    """
    if mix.shape != reference.shape or len(mix) != 2:
        raise ValueError(f"need two (2, samples) of one length, not {mix.shape} and {reference.shape}")
    distance = MultiResolutionSTFT()
    pair = _tensor(mix)[None], _tensor(reference)[None]
    difference = bark_spectrum(mix, rate) - bark_spectrum(reference, rate)
    return AgainstReference(
        si_sdr_db=si_sdr_db(mix, reference),
        stft_left_right=float(distance(*pair)),
        stft_mid_side=float(mid_side_distance(distance, *pair)),
        width=width(mix),
        width_error=_error(width(mix), width(reference)),
        imbalance=imbalance(mix),
        imbalance_error=_error(imbalance(mix), imbalance(reference)),
        bark_mse=float(np.square(difference).mean()),
    )


def si_sdr_db(mix: Audio, reference: Audio) -> float:
    """Scale-invariant signal-to-distortion ratio (Le Roux et al. 2019, Equation 2).

    One scale serves both channels, so that a wrong panning is a distortion. It is -inf where either is silent,
    and inf where the mix is the reference but for its scale.

    >>> reference = np.array([[1.0, 1.0], [1.0, -1.0]])
    >>> round(si_sdr_db(3.0 * reference + [[0.3, -0.3], [0.0, 0.0]], reference))
    23
    """
    mixed, wanted = mix.astype(np.float64).ravel(), reference.astype(np.float64).ravel()
    energy, product = float(wanted @ wanted), float(mixed @ wanted)
    if energy == 0.0 or product == 0.0:
        return -math.inf
    wanted *= product / energy
    mixed -= wanted
    distortion = float(np.linalg.norm(mixed))
    return gain_to_db(float(np.linalg.norm(wanted)) / distortion) if distortion else math.inf


def width(stereo: Audio) -> float:
    """Energy of the side over that of the mid: 0 for mono and for silence, 1 for a single side, inf without a mid.

    >>> width(np.array([[1.0, 1.0], [0.0, 0.0]]))
    1.0
    """
    side, mid = _energy(stereo[0] - stereo[1]), _energy(stereo[0] + stereo[1])
    return side / mid if mid else math.inf if side else 0.0


def imbalance(stereo: Audio) -> float:
    """Energy of the right less that of the left, over both: -1 (left) to 1 (right); 0 for silence.

    >>> imbalance(np.array([[1.0, 1.0], [0.0, 0.0]]))
    -1.0
    """
    left, right = _energy(stereo[0]), _energy(stereo[1])
    return (right - left) / (right + left) if right + left else 0.0


def bark_spectrum(stereo: Audio, rate: int) -> NDArray[np.float64]:
    """Natural logarithm of the mean magnitude in 24 bands of mid and of side, `(2, bands)`.

    Hann windows of 32768 samples, a quarter of it apart; a magnitude is the amplitude of the sine that has it.
    """
    window = torch.hann_window(BARK_FFT_SAMPLES)
    total, frames = torch.zeros(2, BARK_FFT_SAMPLES // 2 + 1, dtype=torch.float64), 0
    for power in power_spectra(mid_side(_tensor(stereo)), window, BARK_FFT_SAMPLES // 4):
        total += power.sqrt().sum(dim=1)
        frames += power.shape[1]
    amplitudes = total.numpy() / frames / (float(window.sum()) / 2.0)
    spectrum: NDArray[np.float64] = np.log(np.maximum(amplitudes @ bark_bands(rate).T, BARK_FLOOR))
    return spectrum


def bark_bands(rate: int) -> NDArray[np.float64]:
    """Weights of the bins in each band, `(bands, bins)`; those of a band sum to 1.

    Triangles, half overlapping and equally wide in Bark, from 20 Hz to 20 kHz (or to half the sample rate).

    >>> bark_bands(44_100).shape
    (24, 16385)
    """
    highest_hz = min(BARK_HIGHEST_HZ, rate / 2.0)
    low, high = _bark(np.array([BARK_LOWEST_HZ, highest_hz]))
    edges = np.linspace(low, high, BARK_BANDS + 2)
    bins = _bark(np.fft.rfftfreq(BARK_FFT_SAMPLES, 1.0 / rate))
    distances = np.abs(bins - edges[1:-1, np.newaxis]) / (edges[1] - edges[0])  # from each band's centre
    weights = np.clip(1.0 - distances, 0.0, None)
    bands: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return bands


def _bark(frequency_hz: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    bark: NDArray[np.float64] = 26.81 * frequency_hz / (1960.0 + frequency_hz) - 0.53  # Traunmüller 1990, Equation 6
    return bark


def _energy(signal: NDArray[np.floating[Any]]) -> float:
    return float(np.square(signal, dtype=np.float64).sum())


def _error(value: float, wanted: float) -> float:
    return 0.0 if value == wanted else abs(value - wanted)  # two infinite widths are equal


def _tensor(audio: Audio) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(audio, np.float32))
