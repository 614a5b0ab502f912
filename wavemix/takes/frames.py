"""What a track sounds like every 10 ms: how loud it is in three bands, and whether it has a pitch."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

Wave = NDArray[np.float64]
Levels = NDArray[np.float64]
"""A value for every frame, `(frames,)`."""

FRAME_SECONDS = 0.01
WINDOW_SECONDS = 0.046
BASS_HZ = (20.0, 150.0)
BODY_HZ = (150.0, 16_000.0)
AIR_HZ = (1_000.0, 10_000.0)
VOICE_HZ = (150.0, 4_000.0)
PITCH_HZ = (75.0, 500.0)
"""A higher pitch has a period of which a multiple lies in there."""

SILENT_DB = -120.0
QUIET_DB = -80.0
"""What is quieter has no pitch that matters."""

_AT_ONCE = 512


@dataclass(frozen=True)
class Frames:
    """Consecutive frames of a track.

    Attributes:
        body: Level from 150 Hz on, dBFS.
        bass: Level below.
        air: Level from 1 to 10 kHz.
        pitch: How periodic it is, 0 to 1; 0 where it is next to silent.
    """

    body: Levels
    bass: Levels
    air: Levels
    pitch: Levels

    def __len__(self) -> int:
        return len(self.body)

    def __getitem__(self, part: slice) -> "Frames":
        return Frames(self.body[part], self.bass[part], self.air[part], self.pitch[part])

    def __add__(self, later: "Frames") -> "Frames":
        own, theirs = vars(self), vars(later)
        return Frames(**{name: np.concatenate([own[name], theirs[name]]) for name in own})


NO_FRAMES = Frames(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))


def frame_samples(rate: int) -> int:
    """Samples of a frame at a rate in Hz."""
    return round(FRAME_SECONDS * rate)


def analyse(blocks: Iterator[Wave], rate: int, pitched: bool = True) -> Iterator[Frames]:
    """The frames of a stream, as many as begin in it; each is measured in a window around its middle.

    Args:
        blocks: The stream, `(samples,)` each.
        rate: In Hz.
        pitched: Whether to ask for pitch, which is most of the work; without, it is 0.
    """
    listener = _Listener(rate, pitched)
    hop, size = frame_samples(rate), listener.size
    waiting = np.zeros((size - hop) // 2)  # the first frame's window begins before it
    given = samples = 0
    for block in blocks:
        samples += len(block)
        waiting = np.concatenate([waiting, block])
        while len(waiting) >= (_AT_ONCE - 1) * hop + size:  # as many each time, however the stream is cut
            yield listener(waiting, _AT_ONCE)
            given, waiting = given + _AT_ONCE, waiting[_AT_ONCE * hop :]
    left = -(-samples // hop) - given
    if left > 0:
        yield listener(np.pad(waiting, (0, max(0, (left - 1) * hop + size - len(waiting)))), left)


class _Listener:
    """Measures windows.

    Attributes:
        size: Samples of a window.
    """

    def __init__(self, rate: int, pitched: bool) -> None:
        self.size = round(WINDOW_SECONDS * rate)
        self._hop, self._pitched = frame_samples(rate), pitched
        longest = int(rate / PITCH_HZ[0]) + 1
        self._fft = scipy.fft.next_fast_len(self.size + longest * pitched, real=True)  # no lag reaches around the end
        self._window = np.hanning(self.size).astype(np.float32)
        hz = scipy.fft.rfftfreq(self._fft, 1 / rate)
        self._bands = np.stack([(hz >= low) & (hz < high) for low, high in (BODY_HZ, BASS_HZ, AIR_HZ)])
        self._bands = self._bands.astype(np.float32)
        self._scale = 2 / (self._fft * np.square(self._window).sum())
        self._voice = ((hz >= VOICE_HZ[0]) & (hz < VOICE_HZ[1])).astype(np.float32)
        own = scipy.fft.irfft(np.abs(scipy.fft.rfft(self._window, self._fft)) ** 2, self._fft)
        self._lags = slice(int(rate / PITCH_HZ[1]), longest)
        self._shrinking = own[self._lags] / own[0]

    def __call__(self, wave: Wave, count: int) -> Frames:
        windows = np.lib.stride_tricks.sliding_window_view(wave.astype(np.float32), self.size)[:: self._hop][:count]
        spectra = scipy.fft.rfft(windows * self._window, self._fft)
        power = np.square(spectra.real) + np.square(spectra.imag)
        body, bass, air = 10 * np.log10(self._scale * (power @ self._bands.T).T + 10 ** (SILENT_DB / 10))
        pitch = np.zeros(len(power))
        audible = (body > QUIET_DB) & self._pitched
        alike = scipy.fft.irfft(power[audible] * self._voice, self._fft)
        pitch[audible] = (alike[:, self._lags] / self._shrinking).max(axis=1) / alike[:, 0]
        return Frames(body, bass, air, np.clip(pitch, 0.0, 1.0))
