"""Tell a track's group and role from its path, and say why.

A path is read as words, the words are looked up in `wavemix.session.vocabulary`, and three rules decide:

1. The nearest folder that names a group decides the group, else the name does.
2. Of overlapping phrases the longest counts (`bass drum` is neither a bass nor a drum), of the others the one whose
   entry is uppermost in the vocabulary.
3. A broad word (`guitar`, `vox`) leaves the role to a more exact one beside it or in a folder above it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath

from wavemix.session.groups import GROUPS, OTHER
from wavemix.session.lexicon import NAMING, ROLES, STRONG, Find, Word, best, scan
from wavemix.session.words import corrected, words


@dataclass(frozen=True)
class Placement:
    """Where a track belongs, and why.

    Attributes:
        group: Name of the group.
        role: Role within the group.
        reason: The folder and the words that decided, and the names of other groups that were passed over.
        recognised: False where nothing known was found: the track went to other/misc and must be reported.
        confidence: Probability of the group where its sound told it, 0 to 1; None where its name did.
    """

    group: str
    role: str
    reason: str
    recognised: bool
    confidence: float | None = field(default=None, repr=False)


def place(path: PurePath) -> Placement:
    """Place a track by its path.

    Examples:
        >>> place(PurePath("Drums/01_Kick In.wav"))
        Placement(group='drums', role='kick', reason="folder 'Drums', name has 'kick'", recognised=True)

    Args:
        path: Path of the track, relative to the song's folder.
    """
    texts = _texts(path)
    decider = _decider(texts)
    if decider is None:
        return Placement(OTHER.name, OTHER.default_role, _why_unplaced(texts), recognised=False)
    group = decider.names[0].entry.group
    source, finds = _role_finds(group, texts)
    roles = {find.entry.role for find in finds}
    role = roles.pop() if len(roles) == 1 else GROUPS[group].default_role
    return Placement(group, role, _why_placed(group, decider, source, texts[0]), recognised=True)


def group_of_folder(name: str) -> str | None:
    """The group that a folder's name stands for, None where it names no group or several."""
    text = _Text(name)
    return text.names[0].entry.group if text.names_one_group else None


def role_told(group: str, name: str) -> str:
    """The role in a group that a track's name tells; empty where it tells none, or several.

    Examples:
        >>> [role_told("drums", name) for name in ("02_Drum Set", "Kick In", "Audio 7")]
        ['kit', 'kick', '']
    """
    roles = {find.entry.role for find in best(_Text(name).words, ROLES[group])}
    return roles.pop() if len(roles) == 1 else ""


def names_instrument(text: str) -> bool:
    """Whether a text names an instrument by itself, and not only where nothing else does."""
    return _Text(text).is_strong


@dataclass(frozen=True)
class _Text:
    """The name of a file or folder."""

    written: str

    @cached_property
    def words(self) -> list[Word]:
        """Its words; those unknown may be misspelled where none of the others names an instrument."""
        as_written = words(self.written)
        return as_written if any(scan(as_written, STRONG)) else corrected(as_written)

    @cached_property
    def names(self) -> list[Find]:
        """What names a group, in each part of the text; weak words only where there is nothing else."""
        finds = best(self.words, NAMING)
        return [find for find in finds if not find.is_weak] or finds

    @property
    def names_one_group(self) -> bool:
        return len({find.entry.group for find in self.names}) == 1

    @property
    def is_strong(self) -> bool:
        return any(not find.is_weak for find in self.names)


def _texts(path: PurePath) -> list[_Text]:
    """The file's name without its suffix, then the folders from the nearest on."""
    return [_Text(path.stem), *(_Text(folder) for folder in reversed(path.parent.parts))]


def _decider(texts: Sequence[_Text]) -> _Text | None:
    """The text that decides the group: folders before the name, but weak words only where there is nothing else."""
    name, *folders = texts
    telling = [text for text in (*folders, name) if text.names_one_group]
    return next((text for text in telling if text.is_strong), telling[0] if telling else None)


def _role_finds(group: str, texts: Sequence[_Text]) -> tuple[_Text, list[Find]]:
    """The text that tells the role and its words for it: the name, or the nearest folder that tells more."""
    source, finds = texts[0], best(texts[0].words, ROLES[group])
    for text in texts[1:]:
        found = best(text.words, ROLES[group])
        if found and (not finds or (len(finds) == 1 and finds[0].yields_to(found[0]))):
            source, finds = text, found
    return source, finds


def _why_placed(group: str, decider: _Text, source: _Text, name: _Text) -> str:
    used = [*(decider.names if decider is name else []), *best(name.words, ROLES[group])]
    written = dict.fromkeys(find.written for find in sorted(used, key=lambda find: find.start))
    folders = [text for text in (decider, source) if text is not name]
    reasons = list(dict.fromkeys(f"folder '{folder.written}'" for folder in folders))
    reasons.append(f"name has {_quoted(written)}" if written else "the name tells no role")
    passed_over = [
        f"; '{find.written}' ({find.entry.group}) does not count"
        for find in scan(name.words, NAMING)
        if not find.is_weak
        and find.entry.group != group
        and not any(other.start <= find.start and find.stop <= other.stop for other in used)
    ]
    return ", ".join(reasons) + "".join(passed_over)


def _why_unplaced(texts: Sequence[_Text]) -> str:
    for text in texts:
        if text.names:
            return f"{_quoted(find.written for find in text.names)} are of several groups: goes to other"
    return "no known word in the name: goes to other"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
