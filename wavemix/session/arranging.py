"""From the sound files of a song to its tracks: what is left out, joined, taken apart and placed, and why.

The rules see names and headers, and a few seconds of sound; they hold for files and for arrays alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wavemix.session.affixes import without_shared
from wavemix.session.folders import check_one_song, made_of_tracks
from wavemix.session.found import Found
from wavemix.session.hearing import Ear
from wavemix.session.parts import parts_of
from wavemix.session.purposes import looks_like_a_mix, no_instrument
from wavemix.session.recorder import check_continuations
from wavemix.session.session import Ignored, Track
from wavemix.session.spares import choose_takes
from wavemix.session.starts import start_times
from wavemix.session.sums import Listening

SHARE_OF_OTHERS = 0.9
"""A mix is nearly as long as the longest track, or longer."""


@dataclass(frozen=True)
class Arrangement:
    """The tracks of a song.

    Attributes:
        tracks: What is mixed.
        ignored: What is left out.
        warnings: What a person should look at, a sentence each.
    """

    tracks: tuple[Track, ...]
    ignored: tuple[Ignored, ...]
    warnings: tuple[str, ...]


def arrange(
    song: str,
    where: str,
    files: Sequence[Found],
    anyway: bool = False,
    to_use: str = "list it in session.yaml to use it",
    ear: Ear | None = None,
) -> Arrangement:
    """Arrange the sound files of a song.

    Args:
        song: The song's name.
        where: What messages call it: its folder.
        files: Its sound files.
        anyway: Whether to take them as one song that starts together where there is a doubt, instead of asking.
        to_use: What a person does to mix what is left out.
        ear: Who listens to what names do not tell; None for nobody.

    Raises:
        WavemixError: If they seem to be several songs, parts of one recording, or of another day.
    """
    named = _named(song, files)
    kept, ignored = _by_name(song, named, to_use)
    if not anyway:
        check_one_song(where, [found.file for found in kept], [found.name for found in kept])
    starts, warnings = start_times(where, kept, anyway)
    if not anyway:
        check_continuations(where, kept, starts)
    listening = Listening(kept, starts)
    sums = {found.found.file: found for found in listening.sums()}
    for file, found in sums.items():
        reason = f"is the sum of {len(found.parts)} other files (the difference lies at {found.error_db:.0f} dB): a mix"
        ignored.append(Ignored(file, f"{reason}; {to_use}"))
        warnings.append(f"{file.as_posix()}: left out, for it {reason}")
    for twins in listening.twins():
        warnings.append(f"{', '.join(found.file.as_posix() for found in twins)}: have the same samples; each is mixed")
    parts, told = parts_of([row for row in zip(kept, starts, strict=True) if row[0].file not in sums])
    tracks, spare, of_spare = choose_takes(parts, to_use, ear)
    warnings += told + of_spare
    unplaced = dict.fromkeys(track.file.as_posix() for track in tracks if not track.recognised)
    if unplaced:
        warnings.append(f"not recognised, so mixed as `other`: {', '.join(unplaced)}")
    order = {found.file: at for at, found in enumerate(files)}
    ignored = sorted(ignored + spare, key=lambda item: order[item.file])
    return Arrangement(tuple(tracks), tuple(ignored), tuple(warnings))


def _named(song: str, files: Sequence[Found]) -> list[Found]:
    """The files with the names by which they are placed."""
    paths = [found.file for found in files]
    names = without_shared(paths)
    if names == paths:  # a click or a mix may be called otherwise than the tracks
        tracks = [path for path in paths if not (looks_like_a_mix(path, song) or no_instrument(path, song))]
        shorter = dict(zip(tracks, without_shared(tracks), strict=True))
        names = [shorter.get(path, path) for path in paths]
    return [replace(found, name=name) for found, name in zip(files, names, strict=True)]


def _by_name(song: str, files: Sequence[Found], to_use: str) -> tuple[list[Found], list[Ignored]]:
    """What may be a track by its name and folder, and what is none."""
    derived = made_of_tracks([found.file for found in files])
    kept, ignored = [], []
    for found in files:
        is_whole = _is_whole(found, files)
        word = no_instrument(found.name, song)
        if found.file in derived:
            reason = f"lies in {derived[found.file]!r}, beside the tracks that it was made of; {to_use}"
        elif looks_like_a_mix(found.name, song, is_whole):
            reason = f"looks like a finished mix; {to_use}"
        elif word:
            reason = f"no part of the music by its name ({word!r}); {to_use}"
        else:
            kept.append(found)
            continue
        ignored.append(Ignored(found.file, reason))
    return kept, ignored


def _is_whole(found: Found, files: Sequence[Found]) -> bool:
    """Whether a file is stereo and nearly as long as the longest of the others."""
    if found.info is None or found.info.channels != 2:
        return False
    others = [other.info.seconds for other in files if other.info and other is not found]
    return bool(others) and found.info.seconds >= SHARE_OF_OTHERS * max(others)
