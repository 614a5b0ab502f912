"""The course of a song's mixes as one figure: loudness, place and spectrum over time, ours beside its rivals.

In the report it is an SVG like the other figures, and beside it a PNG of its own.
"""

import io
import warnings
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from wavemix.evaluation.figures import STYLE, WIDTH_INCHES, as_svg, colours, drawn
from wavemix.evaluation.mixes import EQUAL_LOUDNESS, ORACLE_GAINS
from wavemix.evaluation.results import REFERENCE, MixResult, SongResult

LEFT_OUT = (EQUAL_LOUDNESS, ORACLE_GAINS)
"""Mixes that are not drawn: they differ from the plain sum by constant gains."""

RANGE_DB = 70.0
"""What a spectrum shows below its loudest; differences below it are none."""

DIFFERENCE_DB = 18.0
"""Differences of more are drawn as this."""

LEAST_WIDTH_DB = -40.0
"""Narrower is drawn as this: it is mono to the ear."""

LOUDNESS_RANGE_LU = 30.0
"""Silence between two parts shall not squeeze the loud ones."""

FREQUENCIES_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)
FEW_FREQUENCIES_HZ = (50, 200, 1000, 5000)
"""Marks across the figure, and up one of its panels."""

DOTS_PER_INCH = 110

LINE_HEIGHT, PICTURE_HEIGHT, LAST_HEIGHT = 1.25, 1.35, 2.2
"""Inches of a panel with lines, of one with a spectrum, of the long-term spectrum."""


def draw_course(song: SongResult, colour: Mapping[str, str]) -> str:
    """The figure as an SVG element for the page."""
    with mpl.rc_context(STYLE):
        return as_svg(_figure(song, colour), f"course {song.name}")


def course_png(song: SongResult) -> bytes:
    """The figure as a PNG, on white. The same results give the same bytes."""
    data = io.BytesIO()
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # of a name in another script
        figure = _figure(song, colours([mix.name for mix in song.mixes]))
        figure.suptitle(
            f"{song.name}{': mixes as loud as the reference' if song.reference else ''}",
            fontweight="bold",
            fontsize="large",
        )
        figure.savefig(data, format="png", dpi=DOTS_PER_INCH, facecolor="white", metadata={"Software": None})
    return data.getvalue()


def _figure(song: SongResult, colour: Mapping[str, str]) -> Figure:
    mixes = [mix for mix in song.mixes if mix.name not in LEFT_OUT]
    rivals = [mix for mix in mixes if mix.name != REFERENCE] if song.reference else []
    heights = [LINE_HEIGHT] * 3 + [PICTURE_HEIGHT] * (len(mixes) + len(rivals)) + [LAST_HEIGHT]
    figure = Figure(figsize=(WIDTH_INCHES, sum(heights) + 0.6), layout="constrained")
    panels = figure.subplots(len(heights), 1, height_ratios=heights)
    over_time, long_term = panels[:-1], panels[-1]
    _draw_lines(over_time[:3], mixes, colour)
    spectra, differences = over_time[3 : 3 + len(mixes)], over_time[3 + len(mixes) :]
    _draw_spectra(figure, spectra, mixes)
    if song.reference:
        _draw_differences(figure, differences, rivals, song.reference)
    for axes in over_time:
        axes.set_xlim(0, song.seconds)
        axes.tick_params(labelbottom=axes is over_time[-1])
    over_time[-1].set_xlabel("seconds of the song")
    _draw_long_term(long_term, mixes, colour)
    names = [mix.name for mix in mixes]  # by themselves they would lack those that begin with _
    over_time[0].legend(
        over_time[0].get_lines(), names, loc="lower right", bbox_to_anchor=(1, 1), ncols=len(mixes), borderaxespad=0.1
    )
    return figure


def _draw_lines(panels: Sequence[Axes], mixes: Sequence[MixResult], colour: Mapping[str, str]) -> None:
    """Short-term loudness, imbalance and width: a line a mix."""
    loudness, imbalance, width = panels
    loudest = -np.inf
    for mix in mixes:
        course, ink = mix.course, drawn(colour[mix.name])
        audible = np.where(np.isfinite(course.short_term_lufs), course.short_term_lufs, np.nan)
        loudest = max(loudest, float(course.short_term_lufs.max(initial=-np.inf)))
        loudness.plot(course.loudness_seconds, audible, color=ink, linewidth=1.1)
        imbalance.plot(course.pan_seconds, course.imbalance, color=ink, linewidth=1.1)
        width.plot(
            course.pan_seconds, np.clip(course.width_db, LEAST_WIDTH_DB, -LEAST_WIDTH_DB), color=ink, linewidth=1.1
        )
    if np.isfinite(loudest):
        low, high = loudness.get_ylim()
        loudness.set_ylim(max(low, loudest - LOUDNESS_RANGE_LU), high)
    reach = max(0.1, *(abs(limit) for limit in imbalance.get_ylim()))
    imbalance.set_ylim(-reach, reach)
    for axes, title, unit in (
        (loudness, "Short-term loudness, 3 s", "LUFS"),
        (imbalance, "Balance, 1 s: (right - left) / (right + left)", "left   right"),
        (width, f"Width, 1 s: side over mid; {LEAST_WIDTH_DB:.0f} dB and less is mono", "dB"),
    ):
        _title(axes, title)
        axes.set_ylabel(unit)
        axes.grid(True)


def _draw_spectra(figure: Figure, panels: Sequence[Axes], mixes: Sequence[MixResult]) -> None:
    """A spectrum a mix over time, on one scale."""
    top_dbfs = max(float(mix.course.spectrum_dbfs.max()) for mix in mixes)
    for axes, mix in zip(panels, mixes, strict=True):
        image = _draw_picture(axes, mix, mix.course.spectrum_dbfs - top_dbfs, "magma", -RANGE_DB, 0.0)
        _title(axes, f"Spectrum of {mix.name}" if mix.name != REFERENCE else "Spectrum of the reference")
    figure.colorbar(image, ax=list(panels), label="dB below the loudest", aspect=30, pad=0.01)


def _draw_differences(figure: Figure, panels: Sequence[Axes], mixes: Sequence[MixResult], reference: MixResult) -> None:
    """How much more each mix has of each band than the reference, over time; what neither has audibly is equal."""
    floor_dbfs = max(float(mix.course.spectrum_dbfs.max()) for mix in (*mixes, reference)) - RANGE_DB
    wanted = np.maximum(reference.course.spectrum_dbfs, floor_dbfs)
    for axes, mix in zip(panels, mixes, strict=True):
        difference_db = np.maximum(mix.course.spectrum_dbfs, floor_dbfs) - wanted
        image = _draw_picture(axes, mix, difference_db, "RdBu_r", -DIFFERENCE_DB, DIFFERENCE_DB)
        _title(axes, f"{mix.name} less the reference: red has too much, blue too little")
    figure.colorbar(image, ax=list(panels), label="dB", aspect=20, pad=0.01, extend="both")


def _draw_picture(
    axes: Axes, mix: MixResult, values: NDArray[np.float64], palette: str, low: float, high: float
) -> QuadMesh:
    """Bands over time, on a logarithmic axis."""
    course = mix.course
    image = axes.pcolormesh(
        course.spectrum_seconds, course.bands_hz, values, cmap=palette, vmin=low, vmax=high, shading="nearest"
    )
    image.set_rasterized(True)
    axes.set_yscale("log")
    _frequencies(axes, "y")
    axes.set_ylabel("Hz")
    return image


def _draw_long_term(axes: Axes, mixes: Sequence[MixResult], colour: Mapping[str, str]) -> None:
    """Mean spectrum of each whole mix."""
    levels = [mix.course.long_term_dbfs for mix in mixes]
    for mix, level in zip(mixes, levels, strict=True):
        axes.plot(mix.course.bands_hz, level, color=drawn(colour[mix.name]), linewidth=1.4)
    top, bottom = max(float(level.max()) for level in levels), min(float(level.min()) for level in levels)
    axes.set_ylim(max(bottom, top - RANGE_DB) - 3, top + 3)
    axes.set_xscale("log")
    axes.set_xlim(mixes[0].course.bands_hz[0], mixes[0].course.bands_hz[-1])
    _frequencies(axes, "x")
    axes.set_xlabel("Hz")
    axes.set_ylabel("dBFS")
    axes.grid(True)
    _title(axes, "Long-term spectrum, tenths of an octave")


def _frequencies(axes: Axes, which: str) -> None:
    """Round frequencies on a logarithmic axis."""
    axis, marks_hz = (axes.yaxis, FEW_FREQUENCIES_HZ) if which == "y" else (axes.xaxis, FREQUENCIES_HZ)
    low, high = axes.get_ylim() if which == "y" else axes.get_xlim()
    axis.set_major_locator(FixedLocator([mark for mark in marks_hz if low <= mark <= high]))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda hz, _: f"{hz / 1000:g}k" if hz >= 1000 else f"{hz:g}"))


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize="small", pad=3)
