"""The course of a mix over the time of a song: its loudness, its place between the speakers, its spectrum."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from wavemix.dsp.loudness import metered
from wavemix.metrics.stft import power_spectra

SHORT_TERM_SECONDS = 3.0
SHORT_TERM_HOP_SECONDS = 0.1
"""EBU Tech 3341's short-term loudness."""

PAN_SECONDS = 1.0
PAN_HOP_SECONDS = 0.25

SPECTRUM_SECONDS = 0.1
SPECTRUM_HOPS = 2
"""Spectra that are averaged for each step of the spectrum's course."""

FFT_SAMPLES = 8192
LOWEST_HZ, HIGHEST_HZ = 30.0, 18_000.0
BANDS_AN_OCTAVE = 10

FLOOR_DBFS = -100.0
"""What is quieter counts as this: silence has a level, and no place between the speakers."""

Audio = NDArray[np.floating[Any]]
"""Samples as `(2, samples)`."""


@dataclass(frozen=True)
class Course:
    """A stereo mix over time.

    Attributes:
        loudness_seconds: Middle of each window of 3 s; none where the mix is shorter.
        short_term_lufs: Loudness there, ungated (EBU Tech 3341); -inf for silence.
        pan_seconds: Middle of each window of 1 s, every 0.25 s.
        imbalance: (E_R - E_L) / (E_R + E_L) there, -1 (left) to 1 (right); NaN for silence.
        width_db: Energy of L - R over that of L + R there, in dB: 0 for a single side or two unlike ones; -inf for
            mono, inf without a mid, NaN for silence.
        spectrum_seconds: Beginning of each step of 0.1 s.
        bands_hz: Middle of each band.
        spectrum_dbfs: `(bands, steps)`, mean power of left and right in each band, in dB, not below -100; a sine at
            full scale in both reads about -3.
    """

    loudness_seconds: NDArray[np.float64]
    short_term_lufs: NDArray[np.float64]
    pan_seconds: NDArray[np.float64]
    imbalance: NDArray[np.float64]
    width_db: NDArray[np.float64]
    spectrum_seconds: NDArray[np.float64]
    bands_hz: NDArray[np.float64]
    spectrum_dbfs: NDArray[np.float64]

    @property
    def long_term_dbfs(self) -> NDArray[np.float64]:
        """Mean power of each band over the whole mix, `(bands,)`, in dB."""
        return _db(np.power(10.0, self.spectrum_dbfs / 10.0).mean(axis=1))


def follow(mix: Audio, rate: int) -> Course:
    """The course of a mix.

    Args:
        mix: Full scale ±1, `(2, samples)`.
        rate: In Hz, at least 8000.

    Raises:
        ValueError: If the mix is not stereo, or empty, or its samples or rate none that can be measured.

    >>> tone = 0.5 * np.sin(2 * np.pi * 1000 / 44_100 * np.arange(4 * 44_100))
    >>> course = follow(np.stack([tone, np.zeros_like(tone)]), 44_100)
    >>> float(course.imbalance[0]), round(float(course.width_db[0])), round(float(course.short_term_lufs[0]), 1)
    (-1.0, 0, -9.0)
    >>> round(float(course.bands_hz[course.long_term_dbfs.argmax()]))
    994
    """
    if len(mix) != 2 or not mix.shape[1]:
        raise ValueError(f"need (2, samples) of one sample at least, not {mix.shape}")
    lufs = metered(mix, rate).short_term_lufs()
    pan_seconds, imbalance, width_db = _pan(mix, rate)
    edges_hz = _edges_hz(rate)
    spectrum = _spectrum(mix, rate, edges_hz)
    return Course(
        loudness_seconds=_times(SHORT_TERM_SECONDS / 2, SHORT_TERM_HOP_SECONDS, lufs),
        short_term_lufs=lufs,
        pan_seconds=pan_seconds,
        imbalance=imbalance,
        width_db=width_db,
        spectrum_seconds=_times(0.0, SPECTRUM_SECONDS, spectrum[0]),
        bands_hz=np.sqrt(edges_hz[:-1] * edges_hz[1:]),
        spectrum_dbfs=_db(spectrum),
    )


def _pan(mix: Audio, rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Middle of each window in seconds, imbalance, and width in dB; of a short mix but one window."""
    hop, samples = round(PAN_HOP_SECONDS * rate), mix.shape[1]
    hops = round(PAN_SECONDS / PAN_HOP_SECONDS)
    steps = max(hops, samples // hop)
    left, right = np.asarray(mix, np.float64)
    energies = [_sums(signal, hop, steps) for signal in (left, right, left - right, left + right)]
    windows = [np.lib.stride_tricks.sliding_window_view(energy, hops).sum(axis=1) for energy in energies]
    floor = 2.0 * hop * hops * 10.0 ** (FLOOR_DBFS / 10.0)
    left_energy, right_energy, side, mid = (
        np.where(windows[0] + windows[1] > floor, energy, np.nan) for energy in windows
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        imbalance: NDArray[np.float64] = (right_energy - left_energy) / (right_energy + left_energy)
        width_db: NDArray[np.float64] = 10.0 * np.log10(side / mid)
    return _times(PAN_SECONDS / 2, PAN_HOP_SECONDS, imbalance), imbalance, width_db


def _times(first: float, hop: float, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds of values that follow each other."""
    return first + hop * np.arange(len(values), dtype=np.float64)


def _sums(signal: NDArray[np.float64], hop: int, steps: int) -> NDArray[np.float64]:
    """Energy of each hop; an incomplete last one counts only where there is no other."""
    energy = np.square(signal)[: hop * steps]
    sums: NDArray[np.float64] = np.pad(energy, (0, hop * steps - len(energy))).reshape(steps, hop).sum(axis=1)
    return sums


def _spectrum(mix: Audio, rate: int, edges_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Power between each two edges in each step, `(bands, steps)`."""
    window = torch.hann_window(FFT_SAMPLES)
    hop = round(SPECTRUM_SECONDS * rate / SPECTRUM_HOPS)
    audio = torch.from_numpy(np.ascontiguousarray(mix, np.float32))
    weights = torch.from_numpy(_weights(rate, edges_hz)).float()
    powers = torch.cat([power.mean(dim=0) @ weights.T for power in power_spectra(audio, window, hop)]).numpy()
    scale = 2.0 / (FFT_SAMPLES * float(window.square().sum()))  # Parseval, of the bins up to half the rate
    steps = max(1, len(powers) // SPECTRUM_HOPS)
    spectra = np.array_split(powers[: steps * SPECTRUM_HOPS].astype(np.float64) * scale, steps)
    return np.stack([spectrum.mean(axis=0) for spectrum in spectra], axis=1)


def _edges_hz(rate: int) -> NDArray[np.float64]:
    """The edges of bands of a tenth of an octave each, up to 18 kHz or half the rate."""
    octaves = np.log2(min(HIGHEST_HZ, rate / 2) / LOWEST_HZ)
    edges: NDArray[np.float64] = LOWEST_HZ * 2.0 ** (np.arange(int(octaves * BANDS_AN_OCTAVE) + 1) / BANDS_AN_OCTAVE)
    return edges


def _weights(rate: int, edges_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of each bin lies in each band, `(bands, bins)`; a bass's band is narrower than a bin."""
    width_hz = rate / FFT_SAMPLES
    bins_hz = np.fft.rfftfreq(FFT_SAMPLES, 1.0 / rate)
    lowest = np.maximum(edges_hz[:-1, np.newaxis], bins_hz - width_hz / 2)
    highest = np.minimum(edges_hz[1:, np.newaxis], bins_hz + width_hz / 2)
    weights: NDArray[np.float64] = np.clip(highest - lowest, 0.0, None) / width_hz
    return weights


def _db(power: NDArray[np.float64]) -> NDArray[np.float64]:
    level: NDArray[np.float64] = 10.0 * np.log10(np.maximum(power, 10.0 ** (FLOOR_DBFS / 10.0)))
    return level
