"""The report's figures, as SVG to be set inline: they take the page's ink and its fonts."""

import io
import math
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import librosa
import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, StrMethodFormatter
from numpy.typing import NDArray

from wavemix.evaluation.results import MEASURES, REFERENCE, MixResult, SongResult

WIDTH_INCHES = 10.0
"""Width of every figure: its text is about as large as the page's where the page is as wide as it gets."""

INK = "#123456"
"""Stands for the page's text colour, light or dark, until the SVG is written."""

PALETTE = ("#2f7ed8", "#e08a2e", "#37a169", "#c94f86", "#8a68d0", "#1fa3ad", "#a88a2a", "#d9534f")
"""Colours of the other mixes, which can be told apart on a white page and on a black one."""

STYLE: dict[Any, Any] = {  # Matplotlib has a type of its own for the names, since 3.11
    "svg.fonttype": "none",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlesize": "medium",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "text.parse_math": False,  # names may have dollars
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": INK,
    "grid.alpha": 0.15,
    "font.size": 9.0,
    "legend.frameon": False,
}

MEL_BANDS, MEL_WINDOW, MEL_HOP, MEL_TOP_HZ, MEL_RANGE_DB = 96, 2048, 1024, 16_000, 80.0
"""Bands, window and hop in samples, highest frequency, and range below the loudest track, of the mel spectrograms."""

TRACKS_A_ROW, MATRICES_A_ROW = 4, 5

LONGEST_NAME = 40
"""Letters that fit above a raw track."""

LEVELS = tuple(measure for measure in MEASURES if measure.name.startswith("levels."))


@dataclass(frozen=True)
class Track:
    """A descriptor as it is drawn: its field of `Descriptors`, and whether its axis is logarithmic."""

    field: str
    title: str
    logarithmic: bool = False


DESCRIPTOR_TRACKS = (
    Track("odd_to_even", "Odd to even", logarithmic=True),
    Track("rms_energy", "RMS energy"),
    Track("harmonic_energy", "Harmonic energy", logarithmic=True),
    Track("noisiness", "Noisiness"),
    Track("noisiness_corrected", "Noisiness, corrected"),
)


def colours(names: Sequence[str]) -> dict[str, str]:
    """A CSS colour for each mix: the page's ink for the reference, the palette in turn for the others."""
    others = [name for name in names if name != REFERENCE]
    chosen = {name: PALETTE[i % len(PALETTE)] for i, name in enumerate(others)}
    return {name: chosen.get(name, "currentColor") for name in names}


@mpl.rc_context(STYLE)
def draw_levels(songs: Sequence[SongResult], colour: Mapping[str, str]) -> str:
    """Levels of each song's mixes: a panel a measure, a line a song."""
    height = 1.0 + 0.17 * sum(len(song.mixes) + 1 for song in songs)
    figure = Figure(figsize=(WIDTH_INCHES, height), layout="constrained")
    panels = figure.subplots(1, len(LEVELS), sharey=True)
    for axes, measure in zip(panels, LEVELS, strict=True):
        axes.set_title(measure.title)
        for row, song in enumerate(songs):
            for offset, mix in zip(_offsets(len(song.mixes)), song.mixes, strict=True):
                value = mix.value(measure)
                if value is not None:  # an infinite one is not drawn either
                    axes.plot(value, row + offset, "o", color=drawn(colour[mix.name]), markersize=5)
        axes.grid(True, axis="x")
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.margins(x=0.15)
    panels[0].set_yticks(range(len(songs)), [song.name for song in songs])
    panels[0].set_ylim(len(songs) - 0.5, -0.5)
    _legend(figure, colour)
    return as_svg(figure, "levels")


@mpl.rc_context(STYLE)
def draw_descriptors(song: SongResult, colour: Mapping[str, str]) -> str:
    """Descriptors over the time of the excerpt: a line a descriptor, a column a mix, the reference behind each."""
    behind = song.reference
    mixes = [mix for mix in song.mixes if mix is not behind] or list(song.mixes)
    figure = Figure(figsize=(WIDTH_INCHES, 1.2 * len(DESCRIPTOR_TRACKS)), layout="constrained")
    grid = figure.subplots(len(DESCRIPTOR_TRACKS), len(mixes), sharex=True, sharey="row", squeeze=False)
    for line, track in zip(grid, DESCRIPTOR_TRACKS, strict=True):
        line[0].set_ylabel(textwrap.fill(track.title, 12))
        for axes, mix in zip(line, mixes, strict=True):
            if behind is not None:
                _draw_track(axes, song, behind, track, drawn(colour[behind.name]), 0.45)
            _draw_track(axes, song, mix, track, drawn(colour[mix.name]), 1.0)
    for axes, mix in zip(grid[0], mixes, strict=True):
        axes.set_title(mix.name, color=drawn(colour[mix.name]), fontweight="bold")
    figure.supxlabel("seconds of the song", fontsize="medium")
    return as_svg(figure, f"descriptors {song.name}")


@mpl.rc_context(STYLE)
def draw_raw_tracks(song: SongResult) -> str:
    """Mel spectrograms of the raw tracks in the excerpt's window, all on one scale."""
    levels_db = {name: _mel_db(track, song.rate) for name, track in song.raw_excerpts.items()}
    top_db = max((float(level.max()) for level in levels_db.values()), default=0.0)
    start = song.window.start_seconds
    span = (start, start + song.window.seconds)
    figure, grid = _grid(len(levels_db), TRACKS_A_ROW, panel_height=1.5)
    image = None
    for axes, (name, level) in zip(grid, levels_db.items(), strict=True):
        image = axes.imshow(
            level - top_db,
            extent=(*span, 0, MEL_BANDS),
            origin="lower",
            aspect="auto",
            cmap="magma",
            vmin=-MEL_RANGE_DB,
            vmax=0,
            interpolation="none",
        )
        axes.set_title(_shortened(name), fontsize="small", loc="left")
        axes.set_yticks(*_mel_ticks(song.rate))
    if image is not None:
        figure.colorbar(image, ax=grid, label="dB", aspect=40, pad=0.01)
    return as_svg(figure, f"raw {song.name}")


@mpl.rc_context(STYLE)
def draw_self_similarities(song: SongResult) -> str:
    """Self-similarity matrices of the mixes side by side, black to white as 0 to 255."""
    start = song.window.start_seconds
    span = (start, start + song.window.seconds)
    figure, grid = _grid(len(song.mixes), MATRICES_A_ROW, panel_height=WIDTH_INCHES / MATRICES_A_ROW + 0.5)
    for axes, mix in zip(grid, song.mixes, strict=True):
        axes.imshow(
            mix.self_similarity.round().astype(np.uint8),
            extent=(*span, *span),
            origin="lower",
            cmap="gray",
            vmin=0,
            vmax=255,
            interpolation="none",
        )
        axes.set_title(mix.name, pad=16)
        axes.annotate(_likeness(mix), (0.5, 1), (0, 4), "axes fraction", "offset points", ha="center", fontsize="small")
    return as_svg(figure, f"similarity {song.name}")


def _draw_track(axes: Axes, song: SongResult, mix: MixResult, track: Track, colour: str, opacity: float) -> None:
    seconds = song.window.start_seconds + mix.descriptors.seconds
    values: NDArray[np.float64] = getattr(mix.descriptors, track.field)
    if track.logarithmic:
        values = np.where(values > 0, values, np.nan)
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(numticks=3))
        axes.yaxis.set_minor_locator(LogLocator(subs=(2, 5), numticks=2))  # none where there are many decades
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.yaxis.set_minor_formatter(StrMethodFormatter("{x:g}"))
    else:
        axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.plot(seconds, values, color=colour, alpha=opacity, linewidth=0.9)
    axes.grid(True, axis="y")


def _likeness(mix: MixResult) -> str:
    """How like its self-similarity is to the reference's."""
    found = mix.similarity
    return f"RMSE {found.rmse:.1f} · SSIM {found.ssim:.2f} · VIF {found.vif:.2f}" if found else ""


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _offsets(count: int) -> NDArray[np.float64]:
    """Places of `count` dots within a line of height 1, around its middle."""
    return (np.arange(count) - (count - 1) / 2) * 0.7 / count


def _mel_db(track: NDArray[np.floating[Any]], rate: int) -> NDArray[np.float64]:
    """Mel spectrogram of a mono signal, `(samples,)` to `(MEL_BANDS, frames)`, in dB."""
    power = librosa.feature.melspectrogram(
        y=np.asarray(track, np.float32),
        sr=rate,
        n_fft=MEL_WINDOW,
        hop_length=MEL_HOP,
        n_mels=MEL_BANDS,
        fmax=_mel_top_hz(rate),
    )
    return np.asarray(10 * np.log10(np.maximum(power, 1e-10)), np.float64)


def _mel_top_hz(rate: int) -> float:
    return min(float(MEL_TOP_HZ), rate / 2)


def _mel_ticks(rate: int) -> tuple[NDArray[np.float64], list[str]]:
    """Places and names of round frequencies on an axis of mel bands."""
    marks_hz = [mark for mark in (500, 2000, 8000) if mark < _mel_top_hz(rate)]
    places = np.asarray(librosa.hz_to_mel(marks_hz)) / librosa.hz_to_mel(_mel_top_hz(rate)) * MEL_BANDS
    return places, [f"{mark / 1000:g}k" if mark >= 1000 else str(mark) for mark in marks_hz]


def _grid(panels: int, a_row: int, panel_height: float) -> tuple[Figure, list[Axes]]:
    """A figure of panels in rows, and those of them that are used, with shared axes."""
    rows = max(1, math.ceil(panels / a_row))
    figure = Figure(figsize=(WIDTH_INCHES, panel_height * rows), layout="constrained")
    grid = list(figure.subplots(rows, a_row, sharex=True, sharey=True, squeeze=False).flat)
    for unused in grid[panels:]:
        unused.set_visible(False)
    for lowest in grid[:panels][-a_row:]:
        lowest.xaxis.set_tick_params(labelbottom=True)
    return figure, grid[:panels]


def _legend(figure: Figure, colour: Mapping[str, str]) -> None:
    handles = [Line2D([], [], marker="o", linestyle="", color=drawn(css)) for css in colour.values()]
    figure.legend(handles, list(colour), loc="outside upper center", ncols=len(colour))


def drawn(css: str) -> str:
    """The colour that Matplotlib is given for one of the page's."""
    return INK if css == "currentColor" else css


def as_svg(figure: Figure, salt: str) -> str:
    """An SVG element without a prologue; the same figure and salt give the same text."""
    text = io.StringIO()
    # The salt keeps the ids of one page's figures apart.
    with mpl.rc_context({"svg.hashsalt": salt}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # the page's fonts may have it
        figure.savefig(text, format="svg", metadata={"Date": None})
    svg = text.getvalue()
    return svg[svg.index("<svg") :].replace(INK, "currentColor")
