"""A mixing console: strips through buses to a master, as every DAW has it, whatever its files look like."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wavemix.daw.media import STRANGE, Media, track_names
from wavemix.documents.names import written
from wavemix.dsp.levels import db_to_gain
from wavemix.explanation.balance_law import fader_and_pan
from wavemix.explanation.explanation import BusStrip, Explanation, TrackStrip
from wavemix.session.groups import MIX, STEREO
from wavemix.session.sources import Source


@dataclass(frozen=True)
class Clip:
    """A sound file on a track.

    Attributes:
        media: The file.
        start_seconds: Where it begins in the song.
    """

    media: Media
    start_seconds: float = 0.0


@dataclass(frozen=True)
class Strip:
    """A track or a bus.

    Attributes:
        name: Its name.
        gain: Its fader, as a factor.
        pan: From -1, left, to 1, right, by `wavemix.explanation.balance_law`.
        mute: Whether it is muted.
        clip: What it plays; None for a bus, and for a track of silence.
        strips: The strips that go through it; empty for a track.
    """

    name: str
    gain: float
    pan: float = 0.0
    mute: bool = False
    clip: Clip | None = None
    strips: tuple["Strip", ...] = ()


@dataclass(frozen=True)
class Console:
    """All strips of a song.

    Attributes:
        song: The song's name.
        rate: Sample rate of the session, in Hz.
        strips: Buses and tracks that go to the master.
        master: The master's fader, as a factor.
    """

    song: str
    rate: int
    strips: tuple[Strip, ...]
    master: float

    def within(self, top: float) -> "Console":
        """This console with no fader above `top`: what is too much on tracks goes to their bus, then to the master.

        >>> loud = Console("song", 48_000, (Strip("Bass", 1.0, strips=(Strip("DI", 3.0),)),), 0.5)
        >>> lowered = loud.within(2.0)
        >>> lowered.strips[0].strips[0].gain, lowered.strips[0].gain, lowered.master
        (2.0, 1.5, 0.5)
        """
        buses = tuple(_bus_within(strip, top) for strip in self.strips)
        too_much = _too_much(buses, top)
        return replace(self, strips=_scaled(buses, 1 / too_much), master=self.master * too_much)


def console_of(
    explanation: Explanation,
    sources: Sequence[Source],
    media: Sequence[Sequence[Media]],
    renderings: Mapping[str, Media],
    rate: int,
) -> Console:
    """The console of an explained mix: a bus a group with its tracks, then our stems and mix, muted, to compare.

    A stem to compare has the level that it has in the mix, and our mix plays as it was written.

    Args:
        explanation: The faders and pans.
        sources: The tracks, in the explanation's order.
        media: What plays each.
        renderings: Our mix, and our stems if they were written, by name.
        rate: Sample rate of the session, in Hz.
    """
    names = track_names(sources)
    rows = list(zip(explanation.tracks, sources, media, names, strict=True))
    strips: list[Strip] = []
    for bus in explanation.buses:
        tracks = [strip for row in rows if row[0].group == bus.group for strip in _track(*row)]
        if tracks:
            strips.append(Strip(bus.group.capitalize(), *fader_and_pan(bus.left, bus.right), strips=tuple(tracks)))
    heard = {strip.group for strip in explanation.tracks if strip.heard}
    for bus in explanation.buses:
        if bus.group in renderings and bus.group in heard:
            strips.append(_comparison(bus, explanation, renderings[bus.group]))
    master = db_to_gain(explanation.master_db)
    strips.append(Strip("wavemix mix", 1 / master, mute=True, clip=Clip(renderings[MIX])))
    return Console(plain_name(explanation.song), rate, tuple(strips), master)


def plain_name(name: str) -> str:
    r"""A name on one line, as files of any program can hold it.

    >>> plain_name("Kick\x07 & Bass")
    'Kick_ & Bass'
    """
    return "".join(
        "_" if unicodedata.category(character) in STRANGE or character in "\ufffe\uffff" else character
        for character in written(name)
    )


def _track(strip: TrackStrip, source: Source, media: Sequence[Media], name: str) -> list[Strip]:
    """A track's strip; of one whose sides are two files a strip each, panned to its side."""
    clips = [Clip(one, source.track.start_seconds) for one in media]
    mute = source.track.mute
    if len(clips) == STEREO:
        sides = ((strip.left, -1.0), (strip.right, 1.0))
        return [
            Strip(plain_name(clip.media.file.stem), gain, pan, mute, clip)
            for clip, (gain, pan) in zip(clips, sides, strict=True)
        ]
    fader, pan = fader_and_pan(strip.left, strip.right)
    return [Strip(plain_name(name), fader, pan, mute, clips[0] if clips else None)]


def _comparison(bus: BusStrip, explanation: Explanation, stem: Media) -> Strip:
    fader, pan = fader_and_pan(bus.left, bus.right)
    return Strip(f"wavemix {bus.group}", fader / db_to_gain(explanation.stems_db), pan, True, Clip(stem))


def _bus_within(strip: Strip, top: float) -> Strip:
    too_much = _too_much(strip.strips, top)
    return replace(strip, gain=strip.gain * too_much, strips=_scaled(strip.strips, 1 / too_much))


def _too_much(strips: Sequence[Strip], top: float) -> float:
    """The factor by which the highest of these faders is too high; 1 if none is."""
    return max(1.0, *(strip.gain / top for strip in strips)) if strips else 1.0


def _scaled(strips: Sequence[Strip], factor: float) -> tuple[Strip, ...]:
    return tuple(replace(strip, gain=strip.gain * factor) for strip in strips)
