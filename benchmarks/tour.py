"""The figures and the picture of the tour, which takes the example song from its folder to a DAW.

    python benchmarks/tour.py SONG docs/tour.md

runs what the tour shows, and writes what came of it between the page's `<!-- NAME -->` and `<!-- end -->`, and
`explanation.png` beside the page.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from wavemix import AutoMix, Delivery, explain_mix
from wavemix.cli.explained import BUS_COLUMNS, TRACK_COLUMNS, bus_rows, how_near, track_rows

DELIVERY = Delivery(loudness_lufs="spotify", ceiling_dbtp=-1, name_stems="song")
FAMILY = "lite"


@click.command()
@click.argument("song", type=click.Path(exists=True, path_type=Path))
@click.argument("page", type=click.Path(exists=True, path_type=Path))
def main(song: Path, page: Path) -> None:
    """Mix and explain SONG, and write what came of it into PAGE."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        report = AutoMix.from_pretrained(family=FAMILY).mix(song, out, DELIVERY)
        explanation = explain_mix(out, daw=["reaper", "dawproject"])
        shutil.copy(out / "explanation.png", page.with_name("explanation.png"))
    blocks = {
        "tracks": _table(TRACK_COLUMNS, track_rows(explanation)),
        "buses": _table(BUS_COLUMNS, bus_rows(explanation)),
        "near": f"```\n{how_near(explanation)}\n```",
        "playback": f"```json\n{json.dumps({'playback': report.playback}, indent=2)}\n```",
    }
    text = page.read_text(encoding="utf-8")
    for name, block in blocks.items():
        text = _replaced(text, name, block)
    page.write_text(text, encoding="utf-8")


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows))


def _replaced(text: str, name: str, block: str) -> str:
    """The text with that block in place of what stood there."""
    found = re.compile(rf"(<!-- {name} -->\n\n).*?(\n\n<!-- end -->)", re.DOTALL)
    replaced, count = found.subn(lambda match: f"{match[1]}{block}{match[2]}", text)
    if count != 1:
        raise click.ClickException(f"the page has {count} places for {name}, and should have one.")
    return replaced


if __name__ == "__main__":
    main()
