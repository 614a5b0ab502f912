"""`wavemix session`."""

from pathlib import Path

import click

from wavemix.cli.console import print_table, say
from wavemix.cli.types import PLACE


@click.command()
@click.argument("song", type=PLACE)
@click.option("-o", "--output", type=PLACE, help="Where to write it.  [default: SONG/session.yaml]")
@click.option("--force", is_flag=True, help="Route the tracks anew and replace the file that is there.")
def session(song: Path, output: Path | None, force: bool) -> None:
    """Show how the tracks of SONG, a folder, will be routed, and write session.yaml for editing.

    An existing session.yaml is shown and kept, unless --force is given.
    """
    from wavemix.session.manifest import open_session, save_session
    from wavemix.session.session import MANIFEST, session_from_folder

    found = session_from_folder(song) if force else open_session(song)
    target = output or (song if song.is_file() else song / MANIFEST)
    print_table(
        f"{found.name}: {len(found.tracks)} tracks",
        ("file", "group", "role", "why"),
        [
            (track.file.as_posix(), track.group if track.recognised else f"{track.group} ?", track.role, track.reason)
            for track in found.tracks
        ],
    )
    for item in found.ignored:
        say(f"left out: {item.file} ({item.reason})")
    unplaced = [track.file.as_posix() for track in found.tracks if not track.recognised]
    if unplaced:
        say(f"not recognised, so mixed as `other`: {', '.join(unplaced)}")
    if target.exists() and not force:
        say(f"read from {target}; edit it, or give --force to find the routing anew")
        return
    save_session(found, target)
    say(f"wrote {target}; edit it, then: wavemix mix {song} --session {target} -o OUT")
