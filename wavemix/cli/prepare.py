"""`wavemix prepare`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.cli.console import print_table, say, spinner
from wavemix.cli.types import PLACE

if TYPE_CHECKING:
    from wavemix.data.plain import PlainSong
    from wavemix.data.prepare import Outcome

LAYOUT_NAMES = ("musdb18hq", "cambridge", "medleydb", "folder")
"""The layouts of `wavemix.data.layouts`, which would make `--help` slow."""


@click.command()
@click.argument("layout", type=click.Choice(LAYOUT_NAMES))
@click.argument("source", metavar="SRC", type=PLACE)
@click.argument("folder", metavar="DST", type=PLACE)
@click.option("--targets", type=PLACE, help="For cambridge: the folder of MUSDB18-HQ, which has the stems.")
@click.option(
    "--rate", default=SAMPLE_RATE, show_default=True, type=click.IntRange(8_000, 192_000), help="Sample rate in Hz."
)
def prepare(layout: str, source: Path, folder: Path, targets: Path | None, rate: int) -> None:
    """Prepare the songs in SRC for training: DST/SPLIT/SONG in the plain layout, checked and aligned.

    May be stopped and started again: songs that are already in DST are kept. LAYOUT is how the songs lie in SRC:

    \b
    musdb18hq  MUSDB18-HQ: train/ and test/ with stems and mixtures
    cambridge  Cambridge multitracks, a folder a song; stems from --targets
    medleydb   MedleyDB: a folder a song with its METADATA.yaml
    folder     songs in the plain layout: raw/, stems/, mix, or tracks/
    """  # noqa: D301  # click reads the backspace character as "keep these lines"
    from wavemix.data.layouts import LAYOUTS
    from wavemix.data.prepare import prepare as prepare_songs

    found = LAYOUTS[layout].find(source, targets)
    with spinner("preparing") as tell:
        outcomes = prepare_songs(found, folder, rate, tell=tell)
    rows = [_row(outcome) for outcome in sorted(outcomes, key=_order)]
    print_table(f"Songs in {folder}", ("song", "split", "tracks", "stems", "mix", "aligned, left out"), rows)
    taken = [outcome for outcome in outcomes if outcome.song]
    kept = sum(outcome.kept for outcome in taken)
    failed = sum(outcome.failed for outcome in outcomes)
    say(f"{len(taken)} songs taken ({kept} were there already), {len(outcomes) - len(taken)} left out")
    _warn_of_divided_artists([outcome.song for outcome in taken if outcome.song])
    if failed:
        say(f"{failed} could not be used; correct what the table says and prepare again", err=True)
        raise click.exceptions.Exit(1)


def _order(outcome: "Outcome") -> tuple[str, str]:
    """Taken songs by split, then the others."""
    return (outcome.song.split if outcome.song else "~", outcome.name)


def _row(outcome: "Outcome") -> tuple[str, ...]:
    song = outcome.song
    if song is None:
        return (outcome.name, "-", "", "", "", "; ".join(outcome.notes))
    groups = sorted({track.group for track in song.tracks}) if song.derived else list(song.stems)
    notes = [
        *outcome.notes,
        *_alignment_notes(song),
        *(f"{group} left out: {why}" for group, why in song.left_out.items()),
    ]
    made = "derived" if song.derived else ("yes" if song.mix else "no")
    return (outcome.name, song.split, str(len(song.tracks)), " ".join(groups), made, "; ".join(notes))


def _alignment_notes(song: "PlainSong") -> list[str]:
    """The lags that were found, a group at a time, and how many tracks are upside down."""
    notes = []
    for group in song.stems:
        tracks = [track for track in song.tracks if track.group == group]
        lags = sorted({track.lag_samples for track in tracks})
        inverted = sum(track.polarity < 0 for track in tracks)
        if any(lags) or inverted:
            span = f"{lags[0]}" if len(lags) == 1 else f"{lags[0]}..{lags[-1]}"
            notes.append(f"{group} {span} samples" + (f", {inverted} inverted" if inverted else ""))
    return notes


def _warn_of_divided_artists(songs: Sequence["PlainSong"]) -> None:
    """Name the artists who are in training and elsewhere too: results on them say less of new artists."""
    from wavemix.data.splits import divided_artists

    for artist, splits in divided_artists((song.artist, song.split) for song in songs):
        say(f"{artist}: has songs in {' and '.join(splits)}")
