"""Which compositions are rendered, under which names, and in which split."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wavemix.errors import WavemixError
from wavemix.rendering.arrangement import content_hash, read_arrangement

SUFFIXES = (".mid", ".midi")

LEAST_SECONDS = 10.0
"""Shorter compositions are left out."""

_SPLITS = ("test", "valid", *["train"] * 18)


@dataclass(frozen=True)
class Composition:
    """A composition to be rendered.

    Attributes:
        path: The MIDI file.
        name: The song's name, as its folder is called.
        title: The song's title, in words.
        split: By the notes: all takes of a composition, and all copies of it, are in one.
        licence: The song's licence.
        take: From 1; another take is another performance and another recording.
        seconds: Its length.
    """

    path: Path
    name: str
    title: str
    split: str
    licence: str
    take: int
    seconds: float


@dataclass
class Chosen:
    """The compositions, and the files that are none of them and why."""

    compositions: list[Composition] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def hours(self) -> float:
        """Length of all."""
        return sum(composition.seconds for composition in self.compositions) / 3600


def choose(sources: Sequence[Path], licences: Mapping[str, str], takes: int = 1, hours: float | None = None) -> Chosen:
    """Choose compositions.

    Args:
        sources: MIDI files, and folders that hold some at any depth.
        licences: Licence of the songs, by a folder in the file's path.
        takes: How often each composition is rendered.
        hours: How much is wanted; None for everything. A part is drawn evenly, in an order of its own that is always
            the same, so that a larger part holds the smaller.

    Raises:
        WavemixError: If a source does not exist or holds no MIDI file.
    """
    chosen, seen, names = Chosen(), dict[str, str](), set[str]()
    found = []
    for path in _files(sources):
        try:
            arrangement = read_arrangement(path)
        except WavemixError as error:
            chosen.left_out.append((path.name, str(error)))
            continue
        notes = content_hash(arrangement)
        if notes in seen:
            chosen.left_out.append((path.name, f"has the notes of {seen[notes]}"))
        elif arrangement.seconds < LEAST_SECONDS:
            chosen.left_out.append((path.name, f"lasts {arrangement.seconds:.0f} s only"))
        else:
            seen[notes] = path.name
            name = _name(path, names)
            names.add(name)
            found.append((hashlib.sha256(notes.encode()).hexdigest(), path, name, arrangement.seconds))
    licence = {path: _licence(path, licences) for _, path, _, _ in found}
    for take in range(1, takes + 1):
        for key, path, name, seconds in sorted(found):
            if hours is not None and chosen.hours >= hours:
                return chosen
            again = f"-{take}" if takes > 1 else ""
            title = f"{name} take {take}" if takes > 1 else name
            split = _SPLITS[int(key[:8], 16) % len(_SPLITS)]
            chosen.compositions.append(Composition(path, f"{name}{again}", title, split, licence[path], take, seconds))
    return chosen


def _files(sources: Sequence[Path]) -> list[Path]:
    files = []
    for source in sources:
        if not source.exists():
            raise WavemixError(f"{source}: does not exist; give MIDI files or a folder of them.")
        inside = sorted(path for path in source.rglob("*") if path.suffix.lower() in SUFFIXES)
        files += [source] if source.is_file() else inside
    if not files:
        raise WavemixError(f"{sources[0]}: holds no MIDI file ({', '.join(SUFFIXES)}); give a folder that does.")
    return files


def _name(path: Path, taken: set[str]) -> str:
    """The file's name, after as many of its folders as it takes to be the only one."""
    name = path.stem
    for folder in path.resolve().parents:
        if name not in taken:
            break
        name = f"{folder.name}_{name}"
    return name


def _licence(path: Path, licences: Mapping[str, str]) -> str:
    return next((licences[part] for part in reversed(path.resolve().parts) if part in licences), "")
