"""An equaliser that delays nothing: it has the magnitudes of the usual filters, and no phase.

The usual filters turn the phase of what they do not even attenuate; a network would have to learn that turning, sample
by sample. Without it what a static gain does is nearly right, and the rest is small.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from wavemix.dsp.levels import db_to_gain

Shape = Literal["low shelf", "peak", "high shelf"]

TAPS_BACK = 2048
"""How far, in samples, an equaliser hears back, and as far ahead: 46 ms at 44.1 kHz."""


@dataclass(frozen=True)
class Band:
    """A band of an equaliser.

    Attributes:
        shape: What it does.
        hz: Its centre or corner.
        gain_db: Gain of a peak at its centre, of a shelf far from its corner.
        q: Quality of a peak; shelves have a slope of one half (1/sqrt(2)).
    """

    shape: Shape
    hz: float
    gain_db: float
    q: float = 1.0


def equalise(
    block: NDArray[np.float32], rate: int, bands: tuple[Band, ...], high_pass_hz: float = 0.0
) -> NDArray[np.float32]:
    """Bands in series, after a high-pass of 12 dB an octave; bands above 0.45 times the rate are left out.

    Args:
        block: `(channels, samples)`.
        rate: In Hz.
        bands: The equaliser's bands.
        high_pass_hz: Corner of the high-pass; 0 for none.
    """
    taps = _taps(rate, bands, high_pass_hz)
    if taps is None:
        return block
    out: NDArray[np.float32] = scipy.signal.oaconvolve(block, taps[None], mode="full", axes=1).astype(np.float32)
    return out[:, TAPS_BACK:][:, : block.shape[1]]


def _taps(rate: int, bands: tuple[Band, ...], high_pass_hz: float) -> NDArray[np.float32] | None:
    """The impulse response, `TAPS_BACK` samples to either side; None where there is nothing to do."""
    sections = [_biquad(band, rate) for band in bands if band.gain_db and band.hz < 0.45 * rate]
    if high_pass_hz:
        sections.append(scipy.signal.butter(2, high_pass_hz, "highpass", fs=rate, output="sos")[0].tolist())
    if not sections:
        return None
    size = 16 * TAPS_BACK
    _, response = scipy.signal.sosfreqz(np.array(sections), worN=np.arange(size // 2 + 1) * 2 * np.pi / size)
    impulse = np.fft.irfft(np.abs(response))
    centred = np.concatenate([impulse[-TAPS_BACK:], impulse[: TAPS_BACK + 1]]) * np.hanning(2 * TAPS_BACK + 3)[1:-1]
    taps: NDArray[np.float32] = centred.astype(np.float32)
    return taps


def _biquad(band: Band, rate: int) -> list[float]:
    """Coefficients b0, b1, b2, a0 = 1, a1, a2.

    Source: R. Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients.
    """
    amplitude = db_to_gain(band.gain_db / 2)
    angle = 2 * math.pi * band.hz / rate
    cosine, q = math.cos(angle), band.q if band.shape == "peak" else math.sqrt(0.5)
    alpha = math.sin(angle) / (2 * q)
    if band.shape == "peak":
        b = (1 + alpha * amplitude, -2 * cosine, 1 - alpha * amplitude)
        a = (1 + alpha / amplitude, -2 * cosine, 1 - alpha / amplitude)
    else:
        # The high shelf is the low shelf with the spectrum turned over: cos and the odd coefficients change sign.
        sign = 1 if band.shape == "low shelf" else -1
        more, less, root = amplitude + 1, amplitude - 1, 2 * math.sqrt(amplitude) * alpha
        turned = sign * cosine
        b = (
            amplitude * (more - less * turned + root),
            sign * 2 * amplitude * (less - more * turned),
            amplitude * (more - less * turned - root),
        )
        a = (more + less * turned + root, sign * -2 * (less + more * turned), more + less * turned - root)
    return [*(value / a[0] for value in b), 1.0, a[1] / a[0], a[2] / a[0]]
