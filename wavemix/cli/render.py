"""`wavemix render`."""

import os
from pathlib import Path

import click

from wavemix.cli.console import print_table, say, songs_bar
from wavemix.cli.types import PLACE, Number
from wavemix.extras import check_extra


@click.command()
@click.argument("sources", metavar="MIDI...", nargs=-1, required=True, type=PLACE)
@click.option("-o", "--out", "folder", required=True, type=PLACE, help="Folder to write songs to, as SPLIT/SONG/.")
@click.option("--ingredients", required=True, type=PLACE, help="Folder with kits/ and impulse_responses/.")
@click.option("--soundfont", type=PLACE, help="An .sf2 or .sf3 file.  [default: the one that is installed]")
@click.option(
    "--hours",
    type=Number(min=0, min_open=True),
    help="Stop once there are so many hours of songs.  [default: render everything]",
)
@click.option(
    "--takes", default=1, show_default=True, type=click.IntRange(min=1), help="How often to render each composition."
)
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of all that chance decides."
)
@click.option("--jobs", type=click.IntRange(min=1), help="How many songs to render at a time.  [default: one a core]")
@click.option(
    "--licence", "licences", multiple=True, metavar="FOLDER=TEXT", help="Licence of the songs in a folder; repeatable."
)
def render(
    sources: tuple[Path, ...],
    folder: Path,
    ingredients: Path,
    soundfont: Path | None,
    hours: float | None,
    takes: int,
    seed: int,
    jobs: int | None,
    licences: tuple[str, ...],
) -> None:
    """Make songs to train on from MIDI files: raw tracks, and the stems and the mix of the house engineer.

    May be stopped and started again: songs that are already there are kept. Needs fluidsynth and
    `pip install "wavemix[render]"`.
    """
    check_extra("rendering", ("mido",), "render")
    from wavemix.rendering.compositions import choose
    from wavemix.rendering.performance import Ingredients
    from wavemix.rendering.render import render as render_songs
    from wavemix.rendering.soundfont import installed_soundfont

    chosen = choose(sources, dict(map(_folder_and_text, licences)), takes, hours)
    used = Ingredients(ingredients, soundfont or installed_soundfont())
    done = [0.0]
    seconds = {composition.name: composition.seconds for composition in chosen.compositions}

    with songs_bar(len(chosen.compositions)) as advance:

        def tell(song: str) -> None:
            done[0] += seconds[song] / 3600
            advance(f", {done[0]:.2f} of {chosen.hours:.2f} hours")

        outcomes = render_songs(chosen.compositions, folder, used, seed, jobs or os.cpu_count() or 1, tell)
    taken = [outcome for outcome in outcomes if not outcome.failure]
    rows = [
        (split, str(len(lengths)), f"{sum(lengths) / 3600:.2f}")
        for split in ("train", "valid", "test")
        if (lengths := [seconds[outcome.name] for outcome in taken if outcome.split == split])
    ]
    print_table(f"Songs in {folder}", ("split", "songs", "hours"), rows)
    kept = sum(outcome.kept for outcome in taken)
    say(f"{len(taken)} songs ({kept} were there already); {len(chosen.left_out)} files left out")
    for name, reason in chosen.left_out:
        say(f"  {name}: {reason}")
    if failures := [outcome for outcome in outcomes if outcome.failure]:
        for outcome in failures:
            say(f"{outcome.name}: {outcome.failure}", err=True)
        raise click.exceptions.Exit(1)


def _folder_and_text(option: str) -> tuple[str, str]:
    folder, equals, text = option.partition("=")
    if not (folder and equals):
        raise click.BadParameter(f"{option}: must have the form FOLDER=TEXT", param_hint="--licence")
    return folder, text
