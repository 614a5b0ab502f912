"""A routing as its user corrects it on the page."""

from dataclasses import dataclass, replace

from wavemix.app.refusals import Refusal
from wavemix.documents.schema import build
from wavemix.session.groups import GROUPS
from wavemix.session.session import Session, Track

WRONG = 400
OUTDATED = 409


@dataclass(frozen=True)
class TrackWishes:
    """What a person says of one track."""

    group: str
    role: str
    gain_db: float = 0.0
    mute: bool = False


@dataclass(frozen=True)
class _Routing:
    tracks: tuple[TrackWishes, ...]


def corrected(session: Session, body: object) -> Session:
    """A session with what the page says of its tracks, in their order.

    Raises:
        WavemixError: If it is about other tracks, or a group, role or gain is none.
    """
    wanted = build(_Routing, body, "the routing").tracks
    if len(wanted) != len(session.tracks):
        raise Refusal(OUTDATED, "the routing is of other tracks than those that are here; load the page again.")
    return replace(session, tracks=tuple(_one(*pair) for pair in zip(session.tracks, wanted, strict=True)))


def _one(track: Track, wish: TrackWishes) -> Track:
    if wish.group not in GROUPS:
        raise Refusal(WRONG, f"{track.label}: has the unknown group `{wish.group}`; choose from {', '.join(GROUPS)}.")
    roles = GROUPS[wish.group].roles
    if wish.role not in roles:
        named = ", ".join(roles)
        raise Refusal(WRONG, f"{track.label}: `{wish.role}` is no role of {wish.group}; choose from {named}.")
    if (wish.group, wish.role) != (track.group, track.role):
        track = replace(track, reason="placed by hand", recognised=True, confidence=None)
    try:
        return replace(track, group=wish.group, role=wish.role, gain_db=wish.gain_db, mute=wish.mute)
    except ValueError as error:
        raise Refusal(WRONG, f"{track.label}: {error}.") from error
