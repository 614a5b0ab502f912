"""Who listens to the tracks of a session: the published recogniser, which is loaded when there is something to hear."""

from pathlib import Path

from wavemix.audio.files import AudioInfo
from wavemix.session.hearing import Ear, Heard, Identify
from wavemix.session.manifest import open_session as open_by
from wavemix.session.session import Session


def ear(identify: Identify) -> Ear | None:
    """Who listens; None where only names count."""
    return None if identify == "names" else Ear(identify, _listen)


def open_session(song: Path | str, manifest: Path | str | None = None, identify: Identify = "both") -> Session:
    """The session of a song: from the manifest given, else from `session.yaml` in the song, else by names and sound.

    Args:
        song: The song's folder, or a manifest itself.
        manifest: A manifest to use in place of the song's own.
        identify: What tells groups and roles of a folder's tracks: `names`, `sound`, or `both`: the name where it
            tells, else the sound.

    Raises:
        WavemixError: If the song or the manifest cannot be used, or the recogniser's weights are not here.
    """
    return open_by(Path(song), Path(manifest) if manifest is not None else None, ear(identify))


def _listen(info: AudioInfo, channel: int | None) -> Heard | None:
    from wavemix.zoo.recogniser import published_recogniser  # with torch, which a session of names does without

    return published_recogniser().listen(info, channel)
