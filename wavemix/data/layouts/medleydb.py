"""MedleyDB: a folder a song with `*_RAW/`, `*_STEMS/`, `*_MIX.wav` and `*_METADATA.yaml`, which names instruments.

MedleyDB's stems are an instrument each; a group's stem is the sum of those of its instruments.
"""

import re
from collections import defaultdict
from pathlib import Path, PurePath
from typing import Any

from wavemix.data.layouts.source import Found, LeftOut, SourceSong, SourceTrack, sub_folders
from wavemix.documents.values import text_of
from wavemix.documents.yaml_text import read_yaml
from wavemix.errors import WavemixError
from wavemix.session.roles import Placement, place

METADATA = "METADATA.yaml"
LICENCE = "CC-BY-NC-SA-4.0"


def find(source: Path) -> Found:
    """Find the songs of MedleyDB.

    Args:
        source: The folder that holds a folder a song (`Audio/`), each with its metadata.

    Raises:
        WavemixError: If there is no such folder.
    """
    found = Found()
    for folder in sub_folders(source):
        metadata = sorted(folder.glob(f"*{METADATA}"))
        if not metadata:
            found.left_out.append(LeftOut(folder.name, f"has no {METADATA}; put MedleyDB's metadata beside the audio"))
            continue
        try:
            found.songs.append(_song(folder, metadata[0]))
        except WavemixError as error:
            found.left_out.append(LeftOut(folder.name, str(error), broken=True))
    return found


def _song(folder: Path, metadata: Path) -> SourceSong:
    facts = read_yaml(metadata)
    try:
        return _described_song(folder, facts)
    except (KeyError, TypeError, AttributeError) as error:
        raise WavemixError(f"{metadata}: is not MedleyDB metadata ({error!r}); fetch it again.") from error


def _described_song(folder: Path, facts: Any) -> SourceSong:
    """The song that well-formed metadata describes; raises what malformed ones lead to."""
    stems: dict[str, list[Path]] = defaultdict(list)
    tracks: list[SourceTrack] = []
    unknown = []
    for stem_id, stem in sorted(facts["stems"].items()):
        placement = _placement(stem["instrument"])
        unknown += [] if placement.recognised else [str(stem["instrument"])]
        stems[placement.group].append(folder / facts["stem_dir"] / stem["filename"])
        for raw_id, raw in sorted((stem.get("raw") or {}).items()):
            name = f"{len(tracks) + 1:02}_{stem_id[1:]}-{raw_id[1:]}-{_slug(raw['instrument'])}"
            tracks.append(SourceTrack(folder / facts["raw_dir"] / raw["filename"], placement.group, name))
    bleed = facts.get("has_bleed") == "yes"
    artist, title = (text_of(facts[key], f"{folder.name}: `{key}`") for key in ("artist", "title"))
    return SourceSong(
        folder.name,
        f"{artist} - {title}",
        artist,
        LICENCE,
        f"MedleyDB {facts.get('version', '')}".strip(),
        tracks=tuple(tracks),
        stems={group: tuple(paths) for group, paths in stems.items()},
        mix=folder / facts["mix_filename"],
        facts={"genre": facts.get("genre", ""), "has_bleed": bleed},
        notes=(
            *(["tracks bleed into each other"] if bleed else []),
            *([f"taken as other: {', '.join(unknown)}"] if unknown else []),
        ),
    )


def _placement(instrument: object) -> Placement:
    """Where an instrument belongs; of a list the first."""
    first = instrument[0] if isinstance(instrument, list) else instrument
    return place(PurePath(_slug(first)))


def _slug(instrument: object) -> str:
    """An instrument as part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", str(instrument).lower()).strip("-")
