"""All that is done to a song's tracks before they are mixed: what a person said of them, and what is measured."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wavemix.audio.files import AudioInfo
from wavemix.session.care import Alignment
from wavemix.session.session import Session, Track
from wavemix.session.sources import by_file
from wavemix.takes.alignment import Found, find_alignments
from wavemix.takes.applying import Treatment, treated
from wavemix.takes.cleaning import find_places

Open = Callable[[], AudioInfo]


@dataclass(frozen=True)
class Care:
    """What is measured and done of tracks of which `session.yaml` says nothing.

    Attributes:
        align: Whether tracks that heard the same source are brought to one time and polarity.
        clean: Whether what lies between their phrases is lowered: breaths, bumps, bleed and hum.
    """

    align: bool = False
    clean: bool = False

    @property
    def passes(self) -> int:
        """How often the tracks of a song are gone through."""
        return self.align + self.clean

    def __bool__(self) -> bool:
        return self.align or self.clean


@dataclass(frozen=True)
class CaredFor:
    """A song whose tracks are taken care of.

    Attributes:
        session: The song, each track with what is done to it.
        opened: For each track what opens its file, or gives the array that stands for one, as it is to be mixed.
        alignments: What was measured of tracks that are moved, by their place in the song.
    """

    session: Session
    opened: Sequence[Open]
    alignments: Mapping[int, Found] = field(default_factory=dict)


def take_care(
    session: Session, opened: Sequence[Open], care: Care, advance: Callable[[int], None] = lambda tracks: None
) -> CaredFor:
    """Measure what is to be done to the tracks of a song, and have it done as they are read.

    Nothing is read, and the very same files are given back, where nothing is asked for and the session asks for none.

    Args:
        session: The song.
        opened: For each track what opens its file, or gives the array that stands for one.
        care: What to measure.
        advance: Called with the number of tracks that were read.

    Raises:
        WavemixError: If a track cannot be read.
    """
    tracks = list(session.tracks)
    alignments: dict[int, Found] = {}
    if care.align:
        asked = [i for i, track in enumerate(tracks) if not track.mute]
        found = find_alignments([(tracks[i], opened[i]()) for i in asked], advance)
        alignments = {asked[i]: lies for i, lies in found.items() if tracks[asked[i]].alignment is None}
        for i, lies in alignments.items():
            tracks[i] = replace(tracks[i], alignment=lies.alignment)
    if care.clean:
        for i, track in enumerate(tracks):
            if not track.mute and track.places is None and (places := find_places(track, opened[i]())):
                tracks[i] = replace(track, places=places)
            advance(1)
    return CaredFor(replace(session, tracks=tuple(tracks)), _treated(tracks, opened), alignments)


def _treated(tracks: Sequence[Track], opened: Sequence[Open]) -> list[Open]:
    """What opens the files; those of tracks to which something is done, changed."""
    treatments = [_treatment(track) for track in tracks]
    reworked = list(opened)
    for members in by_file(tracks):
        if any(treatments[i] for i in members):
            channels: list[Treatment | None] = [None] * max(tracks[i].channel or 1 for i in members)
            for i in members:
                channels[(tracks[i].channel or 1) - 1] = treatments[i]
            whole = tracks[members[0]].channel is None
            shared = treated(opened[members[0]], channels if not whole else [treatments[members[0]]])
            for i in members:
                reworked[i] = shared
    return reworked


def _treatment(track: Track) -> Treatment:
    alignment = track.alignment or Alignment()
    return Treatment(-alignment.lag_samples, alignment.polarity, track.places or ())
