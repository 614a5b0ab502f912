"""`wavemix session`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.console import print_table, say, warn
from wavemix.cli.identify import identify_option
from wavemix.cli.types import PLACE

if TYPE_CHECKING:
    from wavemix.session.hearing import Identify
    from wavemix.session.session import Session


@click.command()
@click.argument("song", type=PLACE)
@click.option("-o", "--output", type=PLACE, help="Where to write it.  [default: SONG/session.yaml]")
@click.option("--force", is_flag=True, help="Route the tracks anew and replace the file that is there.")
@click.option(
    "--anyway", is_flag=True, help="Ask nothing: all files are one song that begins together. Routes the tracks anew."
)
@identify_option
def session(song: Path, output: Path | None, force: bool, anyway: bool, identify: "Identify") -> None:
    """Show how the tracks of SONG, a folder, will be routed, and write session.yaml for editing.

    An existing session.yaml is shown and kept, unless --force or --anyway is given. Warnings come last.
    """
    from wavemix.session.finding import session_from_folder
    from wavemix.session.manifest import open_session, save_session
    from wavemix.session.session import MANIFEST
    from wavemix.session.summary import summary
    from wavemix.zoo.ears import ear

    anew = force or anyway
    found = session_from_folder(song, anyway, ear(identify)) if anew else open_session(song, ear=ear(identify))
    target = output or (song if song.is_file() else song / MANIFEST)
    print_table(
        f"{found.name}: {len(found.tracks)} tracks",
        ("file", "group", "role", "why"),
        [
            (track.label, track.group if track.recognised else f"{track.group} ?", track.role, track.reason)
            for track in found.tracks
        ],
    )
    for item in found.ignored:
        say(f"left out: {item.file} ({item.reason})")
    for line in summary(found):
        say(line)
    if target.exists() and not anew:
        say(f"read from {target}; edit it, or give --force to find the routing anew")
    else:
        save_session(found, target)
        say(f"wrote {target}; edit it, then: wavemix mix {song} --session {target} -o OUT")
    _propose(found)
    warn(found.warnings)


def _propose(found: "Session") -> None:
    """Say what `--align` and `--clean` would do; a track that cannot be read is told of, and is `mix`'s to refuse."""
    from wavemix.errors import WavemixError
    from wavemix.takes.proposals import propose_alignment, propose_cleaning

    try:
        for lines, what in (
            (list(propose_alignment(found)), "--align brings them together"),
            (list(propose_cleaning(found)), "--clean does it"),
        ):
            for line in lines:
                say(line)
            if lines:
                say(f"  wavemix mix {what}")
    except WavemixError as error:
        say(f"not listened to: {error}")
