"""How the house engineer treats each slot, as data.

The figures are ours, chosen within what these describe, and tuned on the songs of the corpus's split `valid`:

- P. Pestana & J. Reiss, Intelligent audio production strategies informed by best practices, AES 53rd Conf. 2014:
  lead vocal loudest, low sources in the centre, panning wider the higher the source, gentle compression of the mix.
- B. De Man & J. Reiss, A knowledge-engineered autonomous mixing system, AES 135th Conv. 2013: rules by instrument for
  high-pass filters, equalisers, compressors, pan positions of the drums.
- R. Izhaki, Mixing Audio, Focal Press; M. Senior, Mixing Secrets for the Small Studio, Focal Press: drums panned as the
  audience sees them, overheads and rooms wide, buses for drums and vocals.
"""

from dataclasses import dataclass

from wavemix.dsp.input_levels import InputLevels
from wavemix.engineer.dynamics import Compressor
from wavemix.engineer.equaliser import Band

TRACK_LEVELS = InputLevels(loudness_lufs=-25.0, peak_dbfs=-14.0)
"""What the tracks of a group are brought to before the engineer, or the network in its place, hears them."""

STEM_LEVELS = InputLevels(sum_loudness_lufs=-20.0)
"""What the stems are brought to before the mix."""


@dataclass(frozen=True)
class Channel:
    """The treatment of a slot.

    Attributes:
        gain_db: From the slot to its stem.
        pan: From -1, left, to 1, right; sine-cosine law.
        width_db: Level of what makes it wide, relative to it; -inf for none.
        high_pass_hz: Corner of its high-pass; 0 for none.
        bands: Its equaliser.
        compressor: None for none.
    """

    gain_db: float
    pan: float = 0.0
    width_db: float = float("-inf")
    high_pass_hz: float = 0.0
    bands: tuple[Band, ...] = ()
    compressor: Compressor | None = None


_SLOW = Compressor(-28, 2.0, 0.015, 0.150)  # thresholds are for a track at -25 LUFS
_FAST = Compressor(-28, 3.0, 0.005, 0.100)
_PUNCH = Compressor(-22, 2.0, 0.003, 0.080)
_ROOM = Compressor(-26, 1.7, 0.005, 0.100)
_KIT = Compressor(-26, 1.7, 0.015, 0.150)
_BASS = Compressor(-26, 2.0, 0.015, 0.150)


def _peak(hz: float, gain_db: float, q: float = 0.7) -> Band:
    return Band("peak", hz, gain_db, q)


def _high(hz: float, gain_db: float) -> Band:
    return Band("high shelf", hz, gain_db)


CHANNELS: dict[str, tuple[Channel, ...]] = {
    # Gain, pan, width, high-pass, equaliser, compressor.
    "drums": (
        Channel(-4, high_pass_hz=30, bands=(_peak(350, -3), _peak(4_000, 3)), compressor=_PUNCH),  # kick
        Channel(-5, 0.05, -33, 80, (_peak(500, -2), _high(6_000, 2)), _PUNCH),  # snare
        Channel(-15, 0.3, -37, 200, (_high(8_000, 1.5),)),  # hi-hat
        Channel(-10, -0.3, -23, 60, (_peak(400, -3), _peak(4_500, 2)), _PUNCH),  # toms
        Channel(-14, -0.4, -21, 200, (_high(9_000, 1.5),)),  # cymbals
        Channel(-8, -0.8, -25, 150, (_peak(400, -2), _high(10_000, 2))),  # overhead, left
        Channel(-8, 0.8, -25, 150, (_peak(400, -2), _high(10_000, 2))),  # overhead, right
        Channel(-14, 0, -15, 60, (_peak(400, -2),), _ROOM),  # room
        Channel(-12, 0.4, -21, 120, (_high(7_000, 1.5),)),  # percussion
        Channel(-1, 0, -20, 30, (_peak(400, -2), _high(8_000, 2)), _KIT),  # kit
    ),
    "bass": (
        Channel(-4, high_pass_hz=35, bands=(_peak(250, -2), _peak(900, 2)), compressor=_BASS),  # bass
        Channel(-6, high_pass_hz=60, bands=(_peak(250, -2), _peak(1_200, 2)), compressor=_BASS),  # amp
        Channel(-4, high_pass_hz=30, bands=(_peak(250, -2),), compressor=_BASS),  # synth
        Channel(-7, high_pass_hz=25),  # sub
    ),
    "vocals": (
        Channel(-2, 0, -22, 90, (_peak(250, -2), _peak(3_500, 2), _high(10_000, 2)), _FAST),  # lead
        Channel(-10, 0.21, -20, 120, (_peak(300, -2), _high(9_000, 2)), _FAST),  # double
        Channel(-10, -0.35, -20, 150, (_peak(300, -2), _high(9_000, 2)), _FAST),  # backing
        Channel(-10, 0.35, -20, 150, (_peak(300, -2), _high(9_000, 2)), _FAST),  # backing
    ),
    "other": (
        Channel(-7, -0.24, -18, 50, (_peak(300, -1.5), _peak(2_500, 1.5)), _SLOW),  # electric guitar
        Channel(-8, 0.24, -18, 60, (_peak(200, -2), _high(8_000, 1.5)), _SLOW),  # acoustic guitar
        Channel(-7, 0.14, -26, 0, (_peak(300, -1.5), _high(7_000, 1))),  # keys
        Channel(-8, -0.14, -17, 0, (_peak(350, -1.5),)),  # synth
        Channel(-9, 0.17, -16, 40, (_high(8_000, 1.5),)),  # strings
        Channel(-7, -0.1, -27, 70, (_peak(3_000, 1),), _SLOW),  # winds
        Channel(-13, 0.32, -16),  # effects
        Channel(-9, 0, -17, 0, (_peak(300, -1.5),)),  # misc
    ),
}
"""The channel of each slot of a group, in the order of its slots."""

BUSES: dict[str, Compressor] = {
    "drums": Compressor(-22, 1.5, 0.010, 0.120),
    "vocals": Compressor(-24, 1.5, 0.010, 0.120),
}
"""Compressors of the groups that have a bus of their own."""

MIX_BANDS: tuple[Band, ...] = ()
"""Equaliser of the mix."""

MIX_BUS = Compressor(-22, 1.6, 0.020, 0.200)
"""Compressor of the mix, which is at -20 LUFS: it takes a decibel or two."""

MIX_PEAKS = Compressor(-14, 5.0, 0.0015, 0.060, 4.0)
"""After it: what brings the crest factor to that of finished mixes."""
