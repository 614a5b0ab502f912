"""A console as a Reaper project (`.rpp`), a text of nested blocks.

What Reaper reads was looked up in the Cockos wiki (`State Chunk Definitions`). A fader is a factor. Every strip has the
pan mode `balance` (`PANMODE 3`) with a pan law of 0 dB (`PANLAW 1`, and 1 as the third number of `VOLPAN`), which is
`wavemix.explanation.balance_law`, for mono and stereo tracks alike. A bus is a folder: `ISBUS 1 1` opens it, and
`ISBUS 2 -1` marks its last track.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

from wavemix.daw.console import Clip, Console, Strip

TOP_GAIN = 10.0 ** (12 / 20)
"""Where Reaper's faders end: +12 dB."""

SOURCES = {".flac": "FLAC"}
"""What Reaper calls a source by its file's ending; all others are `WAVE`."""


def reaper_project(console: Console, folder: Path) -> bytes:
    """The text of a project that is to lie in a folder."""
    return "\n".join([*_project(console.within(TOP_GAIN), folder), ""]).encode()


def _project(console: Console, folder: Path) -> Iterator[str]:
    yield '<REAPER_PROJECT 0.1 "7.0/wavemix" 0'
    yield from ("  PANLAW 1", "  PANMODE 3", "  TEMPO 120 4 4")
    yield f"  SAMPLERATE {console.rate} 1 0"
    yield f"  TITLE {_quoted(console.song)}"
    yield f"  MASTER_VOLUME {_number(console.master)} 0 1 -1 1"
    yield "  MASTER_PANMODE 3"
    for place, strip in enumerate(console.strips):
        where = f"{console.song}/{place}"
        yield from _track(strip, "1 1" if strip.strips else "0 0", where, folder)
        for child, inner in enumerate(strip.strips, start=1):
            yield from _track(inner, "2 -1" if child == len(strip.strips) else "0 0", f"{where}/{child}", folder)
    yield ">"


def _track(strip: Strip, bus: str, where: str, folder: Path) -> Iterator[str]:
    identity = f"{{{str(uuid.uuid5(uuid.NAMESPACE_URL, where)).upper()}}}"
    yield f"  <TRACK {identity}"
    yield f"    NAME {_quoted(strip.name)}"
    yield f"    VOLPAN {_number(strip.gain)} {_number(strip.pan)} 1 -1 1"
    yield f"    MUTESOLO {int(strip.mute)} 0 0"
    yield f"    ISBUS {bus}"
    yield from ("    NCHAN 2", f"    TRACKID {identity}", "    MAINSEND 1 0")
    if strip.clip is not None:
        yield from (f"    {line}" for line in _item(strip.clip, strip.name, folder))
    yield "  >"


def _item(clip: Clip, name: str, folder: Path) -> Iterator[str]:
    yield "<ITEM"
    yield f"  POSITION {_number(clip.start_seconds)}"
    yield f"  LENGTH {_number(clip.media.seconds)}"
    yield from ("  LOOP 0", "  FADEIN 1 0 0 1 0 0 0", "  FADEOUT 1 0 0 1 0 0 0", "  MUTE 0 0")
    yield f"  NAME {_quoted(name)}"
    yield from ("  VOLPAN 1 0 1 -1", "  SOFFS 0", "  PLAYRATE 1 1 0 -1 0 0.0025", "  CHANMODE 0")
    yield f"  <SOURCE {SOURCES.get(clip.media.file.suffix.lower(), 'WAVE')}"
    yield f"    FILE {_quoted(clip.media.path_from(folder))}"
    yield from ("  >", ">")


def _number(value: float) -> str:
    """A number without an exponent, to within 1e-12."""
    return f"{value:.12f}".rstrip("0").rstrip(".")


def _quoted(text: str) -> str:
    r"""A text in the first kind of quotes that it has not; of one with all three the last become the second.

    >>> _quoted("Kick"), _quoted('12" snare')
    ('"Kick"', '\'12" snare\'')
    """
    for mark in "\"'`":
        if mark not in text:
            return f"{mark}{text}{mark}"
    return "`" + text.replace("`", "'") + "`"
