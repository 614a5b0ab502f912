"""A sound file of a song before it is routed, and what its header says."""

from dataclasses import dataclass
from pathlib import Path, PurePath

from wavemix.audio.files import AudioInfo, probe
from wavemix.audio.labels import Label, read_label
from wavemix.errors import WavemixError


@dataclass(frozen=True)
class Found:
    """A sound file of a song.

    Attributes:
        file: Its path relative to the song's folder.
        name: The path by which it is placed: without what all names of the song share.
        info: Its form; None where its header cannot be read, which the mix will tell.
        label: What else its header says.
        size: In bytes; 0 where it is no file.
    """

    file: PurePath
    name: PurePath
    info: AudioInfo | None = None
    label: Label = Label()
    size: int = 0

    @property
    def is_multichannel(self) -> bool:
        """Whether its channels are recordings of their own: more than two, which nothing gives a place."""
        return self.info is not None and self.info.channels > 2 and not self.label.has_layout

    @property
    def start_seconds(self) -> float | None:
        """When its recording began, from midnight; None where that is not said."""
        if self.info is None or self.label.start_samples is None:
            return None
        return self.label.start_samples / self.info.rate


def look_at(path: Path, file: PurePath) -> Found:
    """Read the header of a file.

    Args:
        path: Where it is.
        file: Its path relative to the song's folder.
    """
    try:
        info = probe(path)
    except WavemixError:
        return Found(file, file)
    return Found(file, file, info, read_label(path, info.channels), path.stat().st_size)
