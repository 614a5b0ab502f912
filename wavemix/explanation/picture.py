"""An explanation as a picture: the faders and pans of a console, group by group."""

import io
import math
import warnings
from collections.abc import Sequence
from importlib.util import find_spec

from wavemix.explanation.balance_law import pan_in_words
from wavemix.explanation.explanation import BusStrip, Explanation, TrackStrip
from wavemix.session.groups import GROUPS

COLOURS = dict(zip(GROUPS, ("#2f7ed8", "#e08a2e", "#37a169", "#c94f86"), strict=True))
"""Colour of each group."""

LOWEST_DB = -40.0
"""Where faders are drawn that are lower, or down."""

LONGEST_NAME = 28
"""Letters of a track's name that fit below its strip."""


def can_draw() -> bool:
    """Whether Matplotlib is here (`pip install ".[figures]"`)."""
    return find_spec("matplotlib") is not None


def draw(explanation: Explanation) -> bytes:
    """The picture as PNG.

    Raises:
        ImportError: If Matplotlib is not here.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    strips = [strip for group in GROUPS for strip in _of_group(explanation, group)]
    names = [_name(strip) for strip in strips]
    colours = [COLOURS[strip.group] for strip in strips]
    places = range(len(strips))
    faders = [max(LOWEST_DB, strip.fader_db) for strip in strips]
    with mpl.rc_context({"text.parse_math": False, "font.size": 9.0}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # names of any language
        figure = Figure(figsize=(max(6.0, 1.5 + 0.36 * len(strips)), 6.5), layout="constrained")
        fader, pan = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        fader.vlines(places, LOWEST_DB, faders, colors=colours, linewidth=5)
        fader.scatter(places, faders, c=colours, marker="s", s=70, zorder=3)
        fader.axhline(0, color="#888888", linewidth=0.8)
        fader.set_ylim(LOWEST_DB, max(12.0, math.ceil(max(faders) / 6) * 6))
        fader.set_ylabel("fader, dB")
        pan.scatter(places, [strip.pan for strip in strips], c=colours, marker="D", s=40)
        pan.axhline(0, color="#888888", linewidth=0.8)
        pan.set_ylim(-1.1, 1.1)
        pan.set_yticks([-1, 0, 1], ["L", "C", "R"])
        pan.set_ylabel("pan")
        pan.set_xticks(list(places), names, rotation=90)
        for axes in (fader, pan):
            axes.spines[["top", "right"]].set_visible(False)
        figure.suptitle(_title(explanation))
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=110, metadata={"Software": None})
    return picture.getvalue()


def _of_group(explanation: Explanation, group: str) -> Sequence[TrackStrip | BusStrip]:
    """The tracks of a group that are heard, and its bus after them; nothing of a group without any."""
    tracks = [strip for strip in explanation.tracks if strip.group == group and strip.heard]
    return [*tracks, *(bus for bus in explanation.buses if bus.group == group)] if tracks else []


def _name(strip: TrackStrip | BusStrip) -> str:
    name = strip.track if isinstance(strip, TrackStrip) else f"{strip.group.upper()} bus"
    short = name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"
    return f"{short}  {pan_in_words(strip.pan)}"


def _title(explanation: Explanation) -> str:
    near = "silence" if explanation.snr_db is None else f"{explanation.snr_db:.1f} dB SNR of the mix"
    return f"{explanation.song}: faders and pans, {near}"
