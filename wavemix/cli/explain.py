"""`wavemix explain`."""

from pathlib import Path

import click

from wavemix.cli.console import StageBars, say
from wavemix.cli.explained import print_explanation, say_explained
from wavemix.cli.types import PLACE


@click.command()
@click.argument("out", type=PLACE)
@click.option("--song", type=PLACE, help="Folder of the song's tracks, if they were moved since.")
@click.option(
    "--daw",
    multiple=True,
    type=click.Choice(["reaper", "dawproject"]),
    help="Write a session of the tracks with these faders and pans, too; may be given twice.",
)
@click.option("--overwrite", is_flag=True, help="Replace files in OUT that no mix wrote.")
def explain(out: Path, song: Path | None, daw: tuple[str, ...], overwrite: bool) -> None:
    """Say what the networks did to each track of a mix, in an engineer's words.

    OUT is a folder that `wavemix mix` wrote, with its stems. For each track this finds the fader and pan that come
    nearest to the stem, for each stem those that come nearest to the mix, and how near (SNR). OUT gets
    explanation.json and, where Matplotlib is installed, explanation.png.
    """
    from wavemix.pipeline.afterwards import explain_mix
    from wavemix.pipeline.companions import companion_files

    with StageBars(out.name) as bars:
        explanation = explain_mix(out, song, daw, overwrite, bars)
    print_explanation(explanation)
    say_explained(explanation, [str(out / name) for name in companion_files(explanation.song, True, daw)])
    if not any(name.endswith(".png") for name in companion_files(explanation.song, True, daw)):
        say('  no picture: it needs Matplotlib, which `pip install ".[figures]"` brings')
