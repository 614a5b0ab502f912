"""What a track's name means beside the names of the session's other tracks.

Some names say nothing by themselves, or two things:

1. `Soprano`, `Alto`, `Tenor` are winds where the session has a saxophone, else voices. `Alto` is a viola where violin
   and cello are there and no voice is. `Basses` are voices beside two other parts of a choir, and so is a `Bass` that
   has no drums to play with.
2. `Lead` is a voice where no other track is a lead voice, and `Backing` where there is no other voice at all.
3. `Vox Guitar`, `Vox Keys`: where voices are named after two instruments or more, these are their players'
   microphones. One such name alone is the guitar.
4. `T1`, `FT` and other short names of a drum kit are so only beside other drums.

A folder that names a group has the last word, as ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from wavemix.session.groups import DRUMS, OTHER, VOCALS
from wavemix.session.lexicon import FILLERS, NAMING, Word, scan
from wavemix.session.roles import Placement, group_of_folder, place
from wavemix.session.spellings import phrases
from wavemix.session.vocabulary import BACKINGS, IN_A_KIT, LEADS, VOICE_PARTS
from wavemix.session.words import words

Told = tuple[str, ...]
"""What a name says, but for numbers and words that tell nothing: its words in their one spelling."""


def place_together(paths: Sequence[PurePath]) -> list[Placement]:
    """Place the tracks of one session.

    Args:
        paths: Paths of the tracks, relative to the song's folder.

    Examples:
        >>> [placement.role for placement in place_together([PurePath("Alto.wav"), PurePath("Tenor.wav")])]
        ['backing', 'backing']
        >>> [placement.role for placement in place_together([PurePath("Alto.wav"), PurePath("Bari Sax.wav")])]
        ['winds', 'winds']
    """
    tracks = [_Track(path, place(path)) for path in paths]
    return [_beside_others(track, tracks) for track in tracks]


@dataclass(frozen=True)
class _Track:
    """A track by its own name."""

    path: PurePath
    placement: Placement

    @cached_property
    def words(self) -> list[Word]:
        return words(self.path.stem)

    @cached_property
    def told(self) -> Told:
        meanings = [word.meaning for word in self.words]
        return tuple(word for word in meanings if len(word) > 1 and not (word.isdigit() or word in FILLERS | _NUMERALS))

    @cached_property
    def voice_of(self) -> Told:
        """The instrument after which a voice is named, as in `Vox Guitar`; empty where none is."""
        finds = [find for find in scan(self.words, NAMING) if not find.is_weak]
        if len(finds) < 2:
            return ()
        first, second = finds[:2]
        begins = all(word.meaning.isdigit() for word in self.words[: first.start])
        is_voice = first.entry.group == VOCALS.name != second.entry.group and first.stop == second.start
        return tuple(word.meaning for word in self.words[second.start : second.stop]) if begins and is_voice else ()

    @property
    def is_alone(self) -> bool:
        """Whether no folder tells its group."""
        return not any(map(group_of_folder, self.path.parent.parts))

    def is_placed(self, group: str) -> bool:
        """Whether its own name, or its folder, places it in a group."""
        return self.placement.recognised and self.placement.group == group

    def has(self, *meanings: str) -> bool:
        """Whether its name has a word of one of these meanings."""
        return any(word.meaning in meanings for word in self.words)

    def has_written(self, written: str) -> bool:
        """Whether its name has a word in this very form."""
        return any(word.written == written for word in self.words)

    def among_voices(self, why: str) -> Placement:
        """Where it goes as a voice."""
        return Placement(VOCALS.name, place(VOCALS.name / self.path).role, self._because(why), recognised=True)

    def among_others(self, role: str, why: str) -> Placement:
        """Where it goes as an instrument of the group `other`."""
        return Placement(OTHER.name, role, self._because(why), recognised=role != OTHER.default_role)

    def _because(self, why: str) -> str:
        return f"name has '{' '.join(word.written for word in self.words if word.meaning in self.told)}': {why}"


def _beside_others(track: _Track, tracks: Sequence[_Track]) -> Placement:
    rules = [rule for said, rule in _RULES.items() if track.told in said]
    if not (rules or track.voice_of) or not track.is_alone:
        return track.placement
    others = [other for other in tracks if other is not track]
    for rule in rules:
        if placement := rule(track, others):
            return placement
    if track.voice_of and any(other.voice_of not in ((), track.voice_of) for other in others):
        return track.among_voices("voices of this session are named after instruments")
    return track.placement


def _part(track: _Track, others: Sequence[_Track]) -> Placement | None:
    if _has_sax(others):
        return track.among_others("winds", "beside a saxophone it is one")
    has_voices = any(other.is_placed(VOCALS.name) or other.told in _PARTS for other in others)
    if track.has("alto") and not has_voices and all(any(other.has(name) for other in others) for name in _SECTION):
        return track.among_others("strings", "beside violin and cello it is a viola")
    return track.among_voices("a voice, for the session has no saxophone")


def _bass(track: _Track, others: Sequence[_Track]) -> Placement | None:
    parts = {other.told for other in others if other.told in _PARTS}
    may_sing = track.has_written("basses") or not _has_drums(others)
    is_part = len(parts) > 1 and may_sing and not _has_sax(others)
    return track.among_voices("a voice beside other parts of a choir") if is_part else None


def _lead(track: _Track, others: Sequence[_Track]) -> Placement | None:
    if any(other.is_placed(VOCALS.name) and other.placement.role == VOCALS.default_role for other in others):
        return None
    return track.among_voices("a voice, for the session has no other lead voice")


def _backing(track: _Track, others: Sequence[_Track]) -> Placement | None:
    if any(other.is_placed(VOCALS.name) for other in others):
        return None
    return track.among_voices("a voice, for the session has no other")


def _in_a_kit(track: _Track, others: Sequence[_Track]) -> Placement | None:
    return None if _has_drums(others) else track.among_others(OTHER.default_role, "a drum only beside other drums")


def _has_drums(tracks: Sequence[_Track]) -> bool:
    return any(track.is_placed(DRUMS.name) and track.told not in _KIT for track in tracks)


def _has_sax(tracks: Sequence[_Track]) -> bool:
    return any(track.has("sax", "saxophone") for track in tracks)


_PARTS, _LEADS, _BACKINGS, _KIT = (frozenset(phrases(listing)) for listing in (VOICE_PARTS, LEADS, BACKINGS, IN_A_KIT))
_RULES = {
    _PARTS: _part,
    frozenset(phrases("bass")): _bass,
    _LEADS: _lead,
    _BACKINGS: _backing,
    _KIT: _in_a_kit,
}
_SECTION = ("violin", "cello")
_NUMERALS = frozenset(("ii", "iii", "iv"))
