"""How engineers treat each kind of track, as data. `wavemix.rendering.engineer` applies it.

The figures are ours, chosen within what these describe:

- P. Pestana & J. Reiss, Intelligent audio production strategies informed by best practices, AES 53rd Conf. 2014:
  lead vocal loudest, low sources in the centre, panning wider the higher the source, gentle compression of the mix.
- B. De Man & J. Reiss, A knowledge-engineered autonomous mixing system, AES 135th Conv. 2013: rules by instrument for
  high-pass filters, equalisers, compressors, pan positions of the drums.
- R. Izhaki, Mixing Audio, Focal Press; M. Senior, Mixing Secrets for the Small Studio, Focal Press: drums panned as the
  audience sees them, overheads and rooms wide, buses for drums and vocals, reverb and echo by sends.
"""

from dataclasses import dataclass

from wavemix.rendering.effects import Band, Compressor

_SLOW = Compressor(-26, 2.5, 0.020, 0.150)  # thresholds are for a track at 20 LU below full scale
_FAST = Compressor(-24, 4.0, 0.004, 0.080)
_PUNCH = Compressor(-22, 4.0, 0.012, 0.090)


@dataclass(frozen=True)
class Practice:
    """The treatment of a role.

    Attributes:
        level_lu: Loudness of the track within the mix, relative to the mix.
        pan: How far it may stand from the centre, 0 to 1.
        high_pass_hz: Corner of its high-pass; 0 for none.
        bands: Its equaliser.
        compressor: Of the track at -20 LUFS.
        reverb_db: Level of its send to the reverb, relative to the track; -inf for none.
        echo_db: Likewise to the echo.
    """

    level_lu: float
    pan: float
    high_pass_hz: float = 0.0
    bands: tuple[Band, ...] = ()
    compressor: Compressor | None = None
    reverb_db: float = float("-inf")
    echo_db: float = float("-inf")


PRACTICES: dict[tuple[str, str], Practice] = {
    ("drums", "kick"): Practice(
        -10, 0, 30, (Band("peak", 65, 3), Band("peak", 350, -5, 1.4), Band("peak", 4_000, 4)), _PUNCH
    ),
    ("drums", "snare"): Practice(
        -11, 0.1, 80, (Band("peak", 200, 2.5), Band("peak", 500, -3), Band("high shelf", 6_000, 3)), _PUNCH, -16
    ),
    ("drums", "hihat"): Practice(-24, 0.4, 300, (Band("high shelf", 8_000, 2),)),
    ("drums", "toms"): Practice(
        -16, 0.6, 60, (Band("peak", 110, 3), Band("peak", 400, -5), Band("peak", 4_500, 3)), _PUNCH, -16
    ),
    ("drums", "cymbals"): Practice(-22, 0.5, 300, (Band("high shelf", 9_000, 2),)),
    ("drums", "overhead"): Practice(-14, 0.9, 150, (Band("peak", 400, -2.5), Band("high shelf", 10_000, 2.5)), _SLOW),
    ("drums", "room"): Practice(-20, 1.0, 60, (Band("peak", 400, -2),), _FAST),
    ("drums", "percussion"): Practice(-19, 0.6, 120, (Band("high shelf", 7_000, 2),), None, -16),
    ("drums", "kit"): Practice(-7, 0, 30, (Band("peak", 400, -3), Band("high shelf", 8_000, 2)), _SLOW, -20),
    ("bass", "bass"): Practice(
        -9, 0, 35, (Band("low shelf", 90, 2), Band("peak", 250, -2.5), Band("peak", 900, 2)), _FAST
    ),
    ("bass", "amp"): Practice(-11, 0, 60, (Band("peak", 250, -2), Band("peak", 1_200, 2)), _FAST),
    ("bass", "synth"): Practice(-9, 0, 30, (Band("peak", 250, -2),), _SLOW),
    ("bass", "sub"): Practice(-12, 0, 25),
    ("vocals", "lead"): Practice(
        -6, 0, 90, (Band("peak", 250, -2.5), Band("peak", 3_500, 2.5), Band("high shelf", 10_000, 3)), _FAST, -15, -22
    ),
    ("vocals", "double"): Practice(-14, 0.5, 120, (Band("peak", 300, -3), Band("high shelf", 9_000, 3)), _FAST, -14),
    ("vocals", "backing"): Practice(-14, 0.8, 150, (Band("peak", 300, -3), Band("high shelf", 9_000, 3)), _FAST, -12),
    ("other", "electric-guitar"): Practice(-13, 0.7, 90, (Band("peak", 300, -2), Band("peak", 2_500, 2)), _SLOW, -18),
    ("other", "acoustic-guitar"): Practice(
        -14, 0.6, 100, (Band("peak", 200, -3), Band("high shelf", 8_000, 2)), _SLOW, -17
    ),
    ("other", "keys"): Practice(-13, 0.5, 70, (Band("peak", 300, -2), Band("high shelf", 7_000, 1.5)), None, -17),
    ("other", "synth"): Practice(-14, 0.6, 90, (Band("peak", 350, -2),), None, -17, -22),
    ("other", "strings"): Practice(-15, 0.6, 100, (Band("peak", 400, -1.5), Band("high shelf", 8_000, 2)), None, -12),
    ("other", "winds"): Practice(-13, 0.4, 110, (Band("peak", 500, -1.5), Band("peak", 3_000, 1.5)), _SLOW, -13),
    ("other", "effects"): Practice(-19, 0.8, 120, (), None, -12),
    ("other", "misc"): Practice(-15, 0.6, 100, (Band("peak", 300, -2),), None, -15),
}
"""By group and role."""

BUSES: dict[str, Compressor] = {
    "drums": Compressor(-20, 2.5, 0.020, 0.120),
    "vocals": Compressor(-20, 2.0, 0.010, 0.120),
}
"""Compressors of the groups that have a bus of their own, for a stem at -20 LUFS."""

MIX_BUS = Compressor(-22, 1.7, 0.030, 0.200)
"""Of the mix at -20 LUFS: a decibel or two."""

COMPRESSORS_AT_LUFS = -20.0
"""Loudness for which the thresholds above are meant; at other levels they move along."""

SIDES: dict[str, float] = {"L": -1.0, "R": 1.0}
"""Where the last word of a name puts one of a pair of microphones."""
