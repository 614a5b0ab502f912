"""MUSDB18-HQ: `train/` and `test/`, in each a folder `ARTIST - TITLE` a song with four stems and their mixture."""

from pathlib import Path

from wavemix.data.layouts.source import Found, LeftOut, SourceSong, sound_file, sub_folders
from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS

SPLITS = ("train", "test")
MIXTURE = "mixture"
LICENCE = "see MUSDB18's list of tracks: academic use only, parts CC-BY-NC-SA"


def find(source: Path) -> Found:
    """Find the songs of MUSDB18-HQ. They have stems and a mix, no raw tracks.

    Args:
        source: The folder that holds `train/` and `test/`, or one of them.

    Raises:
        WavemixError: If neither folder is there.
    """
    splits = [split for split in SPLITS if (source / split).is_dir()]
    if not splits:
        raise WavemixError(f"{source}: has neither {SPLITS[0]}/ nor {SPLITS[1]}/; give MUSDB18-HQ's folder.")
    found = Found()
    for split in splits:
        for folder in sub_folders(source / split):
            stems = {group: path for group in GROUPS if (path := sound_file(folder, group))}
            mixture = sound_file(folder, MIXTURE)
            missing = [name for name in GROUPS if name not in stems] + ([] if mixture else [MIXTURE])
            if missing:
                found.left_out.append(LeftOut(folder.name, f"has no {missing[0]}", broken=True))
                continue
            found.songs.append(
                SourceSong(
                    folder.name,
                    folder.name,
                    licence=LICENCE,
                    source=f"MUSDB18-HQ, {split}",
                    split=split,
                    stems={group: (path,) for group, path in stems.items()},
                    mix=mixture,
                )
            )
    return found
