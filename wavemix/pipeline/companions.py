"""What lies beside a mix if it is asked for: the explanation, its picture, and sessions for DAWs with their media."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from wavemix.daw.console import console_of
from wavemix.daw.formats import FORMATS
from wavemix.daw.media import FOLDER, Media, track_media
from wavemix.documents.names import file_stem
from wavemix.explanation.explanation import Explanation
from wavemix.explanation.picture import can_draw, draw
from wavemix.session.groups import MIX
from wavemix.session.sources import Source

EXPLANATION, PICTURE = "explanation.json", "explanation.png"


def companion_files(song: str, explain: bool, daw: Sequence[str]) -> list[str]:
    """The files that a song's mix will have beside it, but for copies of media."""
    if not explain:
        return []
    sessions = [f"{file_stem(song)}{FORMATS[name].suffix}" for name in dict.fromkeys(daw)]
    return [EXPLANATION, *([PICTURE] if can_draw() else []), *sessions]


def write_companions(
    explanation: Explanation,
    sources: Sequence[Source],
    renderings: Mapping[str, Media],
    daw: Sequence[str],
    stage: Path,
    out: Path,
) -> list[str]:
    """Write an explanation and sessions into a folder whose files will come to lie in `out`; returns their names.

    Args:
        explanation: The mix as faders and pans.
        sources: The tracks, in its order.
        renderings: Our mix, and our stems if they were written, by name.
        daw: Formats of sessions.
        stage: Where to write.
        out: Where all will lie.

    Raises:
        WavemixError: As reading the tracks.
        OSError: If the disk does not take them.
    """
    names = companion_files(explanation.song, True, daw)
    (stage / EXPLANATION).write_text(explanation.dump(), encoding="utf-8")
    if PICTURE in names:
        (stage / PICTURE).write_bytes(draw(explanation))
    if not daw:
        return names
    media = [track_media(source, stage, out) for source in sources]
    console = console_of(explanation, sources, media, renderings, renderings[MIX].rate)
    for name in dict.fromkeys(daw):
        form = FORMATS[name]
        (stage / f"{file_stem(explanation.song)}{form.suffix}").write_bytes(form.write(console, out))
    copies = (stage / FOLDER).glob("*") if (stage / FOLDER).is_dir() else ()
    return [*names, *sorted(f"{FOLDER}/{copy.name}" for copy in copies)]
