"""What `--align` and `--clean` would do to a session, said before anything is mixed."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from wavemix.audio.arrays import array_info
from wavemix.audio.files import AudioInfo
from wavemix.audio.reading import decode
from wavemix.audio.sides import probe_track
from wavemix.session.care import Place
from wavemix.session.session import Session
from wavemix.takes.alignment import find_alignments, has_families
from wavemix.takes.between import OTHER
from wavemix.takes.cleaning import find_places, kind_of

HEARD_SECONDS = 60.0


def propose_alignment(session: Session) -> Iterator[str]:
    """What `align` would do, a line a track; nothing is read where roles leave nothing to find.

    Raises:
        WavemixError: If a track cannot be read.
    """
    tracks = [track for track in session.tracks if not track.mute and track.alignment is None]
    if not has_families(tracks):
        return
    opened = [(track, probe_track(session.paths(track))) for track in tracks]
    for i, lies in sorted(find_alignments(opened).items()):
        lag, turned = lies.alignment.lag_samples, lies.alignment.polarity < 0
        late = f"{abs(lag):g} samples {'after' if lag > 0 else 'before'}" if lag else "with"
        yield f"{tracks[i].label}: lies {late} {lies.against}{', upside down' if turned else ''}"


def propose_cleaning(session: Session) -> Iterator[str]:
    """What `clean` would do to voices and toms, a line a track, by the minute in their middle.

    Raises:
        WavemixError: If a track cannot be read.
    """
    for track in session.tracks:
        if not track.mute and track.places is None and kind_of(track) not in (None, OTHER):
            info = probe_track(session.paths(track))
            if places := find_places(track, _middle(info)):
                share = "" if info.seconds <= HEARD_SECONDS else " of the minute in its middle"
                yield f"{track.label}: {counted(places)}{share} can be lowered"


def counted(places: Sequence[Place]) -> str:
    """How many places there are of each kind: `breath in 3 places, hum in 1 place`."""
    counts = Counter(place.kind for place in places)
    return ", ".join(f"{kind} in {count} place{'s' * (count > 1)}" for kind, count in counts.items())


def _middle(info: AudioInfo) -> AudioInfo:
    """The minute in the middle of a file, or all of it if it is shorter."""
    wanted = round(HEARD_SECONDS * info.rate)
    if info.frames <= wanted:
        return info
    blocks, held = [], 0
    for block in decode(info, (info.frames - wanted) // 2):
        blocks.append(block)
        held += block.shape[1]
        if held >= wanted:
            break
    return array_info(str(info.path), np.concatenate(blocks, axis=1)[:, :wanted], info.rate)
