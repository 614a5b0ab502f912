"""Loudness (ITU-R BS.1770-5, Annex 1; EBU Tech 3341) and its range (EBU Tech 3342) of a stream."""

import math
from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.levels import as_block
from wavemix.dsp.recursive import RecursiveFilter

# BS.1770-5 Annex 1, Tables 1 and 2, at 48 kHz: the head's high shelf, then the RLB high pass.
_TABLE_RATE = 48_000
_TABLE_SECTIONS = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585),
    (1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621),
)
_MIN_RATE = 8_000  # lower rates would push the shelf, at 1.7 kHz, against the Nyquist frequency

# BS.1770-5 Annex 1, Table 3; with five channels in the order L, R, C, Ls, Rs.
_CHANNEL_WEIGHTS = {1: (1.0,), 2: (1.0, 1.0), 5: (1.0, 1.0, 1.0, 1.41, 1.41)}

_STEPS_PER_SECOND = 10  # both standards' windows advance by 100 ms
_GATING_BLOCK_STEPS = 4  # 400 ms with 75 % overlap (BS.1770-5 Annex 1)
_SHORT_TERM_STEPS = 30  # 3 s (EBU Tech 3342)
_ABSOLUTE_GATE_LUFS = -70.0
_INTEGRATED_GATE_LU = -10.0
_RANGE_GATE_LU = -20.0


Sample = TypeVar("Sample", bound=np.floating[Any])


class LoudnessMeter:
    """Measures a signal that arrives block by block, however it is cut into blocks.

    Between blocks it keeps one power for each 100 ms of signal, so that an hour costs about a megabyte.
    Where 100 ms is not a whole number of samples it is rounded to one (by less than 0.1 %).

    Args:
        sample_rate: In Hz, at least 8000.
        channels: 1 (mono), 2 (stereo) or 5 (in the order L, R, C, Ls, Rs).

    Raises:
        ValueError: If the sample rate or the number of channels is none of these.

    A sine of 997 Hz at full scale in one of two channels anchors the scale (BS.1770-5 Annex 1):

    >>> sine = np.sin(2 * np.pi * 997 / 48_000 * np.arange(48_000))
    >>> meter = LoudnessMeter(48_000, channels=2)
    >>> meter.update(np.stack([sine, np.zeros_like(sine)]))
    >>> round(meter.integrated_lufs(), 2)
    -3.01
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        if channels not in _CHANNEL_WEIGHTS:
            raise ValueError(f"loudness is defined here for 1, 2 or 5 channels, not {channels}")
        self.sample_rate = sample_rate
        self.channels = channels
        self._weights = np.array(_CHANNEL_WEIGHTS[channels])
        self._step_samples = round(sample_rate / _STEPS_PER_SECOND)
        self._filter = RecursiveFilter(k_weighting(sample_rate), channels)
        self._pending = np.zeros(0)  # powers of the samples of the step that is not yet complete
        self._step_powers: list[float] = []

    def update(self, block: NDArray[np.floating[Any]]) -> None:
        """Takes the signal's next samples.

        Args:
            block: Floating-point samples, full scale ±1, of shape `(channels, samples)`. The work takes some
                30 bytes for each sample, so a long signal should come in blocks of seconds.

        Raises:
            ValueError: If the block is not floating-point, has another shape or a sample that is not finite.
        """
        weighted = self._filter(as_block(block, self.channels))
        powers = np.concatenate([self._pending, self._weights @ np.square(weighted)])
        steps = powers.size // self._step_samples
        complete, pending = np.split(powers, [steps * self._step_samples])
        self._step_powers.extend(complete.reshape(steps, self._step_samples).mean(axis=1).tolist())
        self._pending = pending.copy()  # a view would keep all of `powers`

    def integrated_lufs(self) -> float:
        """Loudness of everything so far, in LUFS.

        It is -inf where no 400 ms block is complete and above the absolute gate. An incomplete last block
        does not count (BS.1770-5 Annex 1).
        """
        audible = _gate(self._window_powers(_GATING_BLOCK_STEPS), _INTEGRATED_GATE_LU)
        return float(_power_to_lufs(audible.mean())) if audible.size else -math.inf

    def loudness_range_lu(self) -> float:
        """Loudness range of everything so far, in LU, from windows of 3 s that advance by 100 ms.

        It is NaN where no window is complete and above the absolute gate: 0 would claim a steady loudness.
        It is unstable for excerpts below 60 s.
        """
        audible = _gate(self._window_powers(_SHORT_TERM_STEPS), _RANGE_GATE_LU)
        if not audible.size:
            return math.nan
        # Percentiles by nearest rank, as in the listing of Tech 3342; they commute with the logarithm.
        low, high = np.percentile(audible, (10, 95), method="nearest")
        return float(_power_to_lufs(high) - _power_to_lufs(low))

    def momentary_lufs(self) -> NDArray[np.float64]:
        """Loudness of each complete 400 ms, every 100 ms, ungated; -inf where silent (EBU Tech 3341)."""
        return _power_to_lufs(self._window_powers(_GATING_BLOCK_STEPS))

    def short_term_lufs(self) -> NDArray[np.float64]:
        """Loudness of each complete 3 s, every 100 ms, ungated; -inf where silent (EBU Tech 3341)."""
        return _power_to_lufs(self._window_powers(_SHORT_TERM_STEPS))

    def _window_powers(self, steps: int) -> NDArray[np.float64]:
        """Mean power of each complete window of that many steps."""
        if len(self._step_powers) < steps:
            return np.zeros(0)
        windows = np.lib.stride_tricks.sliding_window_view(np.array(self._step_powers), steps)
        powers: NDArray[np.float64] = windows.mean(axis=1)
        return powers


def metered(audio: NDArray[np.floating[Any]], sample_rate: int) -> LoudnessMeter:
    """A meter that has heard a whole signal, second by second.

    Args:
        audio: Floating-point samples, full scale ±1, `(channels, samples)`.
        sample_rate: In Hz.

    Raises:
        ValueError: As `LoudnessMeter` and its `update`.
    """
    meter = LoudnessMeter(sample_rate, len(audio))
    for block in in_seconds(audio, sample_rate):
        meter.update(block)
    return meter


def in_seconds(audio: NDArray[Sample], sample_rate: int) -> Iterator[NDArray[Sample]]:
    """A whole signal, `(channels, samples)`, as the blocks of a second that a meter likes."""
    for start in range(0, audio.shape[1], sample_rate):
        yield audio[:, start : start + sample_rate]


def k_weighting(sample_rate: int) -> NDArray[np.float64]:
    """K-weighting filter as second-order sections, of shape `(2, 6)` as SciPy reads them.

    The standard tabulates its filter at 48 kHz only. For another rate each section goes back through the
    bilinear transform to the analogue filter and forward again, keeping the frequency of its poles. From
    32 kHz on it agrees with the table to 0.03 dB below 6 kHz; at 8 kHz it reads the 997 Hz anchor 0.2 LU low.

    Raises:
        ValueError: If the sample rate is below 8000 Hz.

    >>> k_weighting(48_000)[1].round(5).tolist()
    [1.0, -2.0, 1.0, 1.0, -1.99005, 0.99007]
    """
    if sample_rate < _MIN_RATE:
        raise ValueError(f"loudness needs a sample rate of at least {_MIN_RATE} Hz, not {sample_rate}")
    # Substituting z^-1 = (1 - s) / (1 + s) in c0 + c1 z^-1 + c2 z^-2 and clearing the denominator gives the
    # coefficients of 1, s, s^2 as the product with this matrix; which is its own inverse, but for a factor.
    bilinear = np.array([[1.0, 1.0, 1.0], [2.0, 0.0, -2.0], [1.0, -1.0, 1.0]])
    sections = []
    for section in np.array(_TABLE_SECTIONS):
        analogue = section.reshape(2, 3) @ bilinear.T  # rows: numerator and denominator; columns: 1, s, s^2
        table_tangent = math.sqrt(analogue[1, 0] / analogue[1, 2])  # tan(pi f / 48 kHz) of the poles
        pole_hz = _TABLE_RATE / math.pi * math.atan(table_tangent)
        stretch = table_tangent / math.tan(math.pi * pole_hz / sample_rate)
        digital = (analogue * stretch ** np.arange(3)) @ bilinear.T
        sections.append(digital.reshape(6) / digital[1, 0])
    return np.array(sections)


def _gate(powers: NDArray[np.float64], relative_gate_lu: float) -> NDArray[np.float64]:
    """The windows above -70 LUFS, and of these the ones above a gate relative to their mean power."""
    audible = powers[powers > math.pow(10.0, (_ABSOLUTE_GATE_LUFS + 0.691) / 10.0)]
    if not audible.size:
        return audible
    return audible[audible > float(audible.mean()) * math.pow(10.0, relative_gate_lu / 10.0)]


def _power_to_lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):  # silence is at -inf
        lufs: NDArray[np.float64] = -0.691 + 10.0 * np.log10(power)  # BS.1770-5 Annex 1, Equation 2
    return lufs
