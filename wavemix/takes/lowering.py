"""Places of a track lowered, sample by sample; outside of them the samples stay the very ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wavemix.dsp.levels import db_to_gain
from wavemix.session.care import Place
from wavemix.takes.hum import frame_length, hum_frames, hum_in, hum_window

Wave = NDArray[np.float32]

FADE_SECONDS = 0.012
"""How long a place takes to its gain and back, within it; half of the place at most."""


class Lowering:
    """Lowers the places of one channel as its samples pass.

    Args:
        places: The places. Where several overlap, the lowest gain holds; hum is taken out before.
        rate: In Hz.
    """

    def __init__(self, places: Sequence[Place], rate: int) -> None:
        self._rate = rate
        self._lowered = [place for place in places if place.kind != "hum"]
        self._hum = hum_frames(places, rate)
        self._held, self._position = np.zeros(0, np.float32), 0

    def __call__(self, wave: Wave, last: bool = False) -> Wave:
        """The next samples, lowered: fewer than came, or more, while hum waits for what follows; at the end all."""
        held = np.concatenate([self._held, wave]) if len(self._held) else wave
        size = frame_length(self._rate)
        while self._hum and self._hum[0][0] + size <= self._position + len(held):
            at, place = self._hum.pop(0)
            low = at - self._position
            held = held.copy()
            held[low : low + size] -= self._part_of_hum(held[low : low + size], place)
        next_frame = self._hum[0][0] if self._hum and not last else self._position + len(held)
        ready = max(0, min(len(held), next_frame - self._position))
        given = self._at_gains(held[:ready], self._position)
        self._held, self._position = held[ready:], self._position + ready
        return given

    def _part_of_hum(self, frame: Wave, place: Place) -> Wave:
        hum = hum_in(frame.astype(np.float64), place.hz, self._rate)
        part: Wave = ((1 - db_to_gain(place.gain_db)) * hum_window(self._rate) * hum).astype(np.float32)
        return part

    def _at_gains(self, wave: Wave, start: int) -> Wave:
        gains: NDArray[np.float64] | None = None
        for place in self._lowered:
            low, high = round(place.start_seconds * self._rate), round(place.end_seconds * self._rate)
            if low < start + len(wave) and high > start:
                at = np.arange(max(low, start), min(high, start + len(wave)))
                fade = max(1.0, min(FADE_SECONDS * self._rate, (high - low) / 2))
                depth = np.clip(np.minimum(at - low + 0.5, high - at - 0.5) / fade, 0.0, 1.0)
                own = 1 - (1 - db_to_gain(place.gain_db)) * (0.5 - 0.5 * np.cos(np.pi * depth))
                gains = np.ones(len(wave)) if gains is None else gains
                part = slice(at[0] - start, at[-1] + 1 - start)
                gains[part] = np.minimum(gains[part], own)
        return wave if gains is None else (wave * gains).astype(np.float32)
