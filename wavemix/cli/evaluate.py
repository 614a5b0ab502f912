"""`wavemix evaluate`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.console import print_table, say, spinner
from wavemix.cli.engine import engine_options
from wavemix.cli.family import family_option
from wavemix.cli.types import PLACE

if TYPE_CHECKING:
    from wavemix.data.plain import PlainSong
    from wavemix.evaluation.results import SongResult
    from wavemix.pipeline import Engine


class NamedMix(click.ParamType[tuple[str, Path]]):
    """`NAME=FILE`."""

    name = "NAME=FILE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        """The name and the path."""
        name, equals, path = str(value).partition("=")
        if not (equals and path and name == Path(name).name):  # it becomes a file's name
            self.fail(f"{value!r} is not NAME=FILE, such as engineer=mix.wav", param, ctx)
        return name, PLACE.convert(path, param, ctx)


def mix_options(command: Callable[..., None]) -> Callable[..., None]:
    """What every command that makes all mixes of songs takes."""
    options = (
        click.argument("songs", nargs=-1, required=True, type=PLACE),
        click.option("-o", "--output", required=True, type=PLACE, help="Folder for the results."),
        click.option(
            "--mix",
            "mixes",
            multiple=True,
            type=NamedMix(),
            help="A further mix; for several songs a folder with SONG.* or SONG/mix.* for each.  Repeatable.",
        ),
        family_option,
        click.option("--weights", type=PLACE, help="A folder with weights of your own."),
    )
    command = engine_options(command)
    for option in reversed(options):
        command = option(command)
    return command


@click.command()
@mix_options
def evaluate(
    songs: tuple[Path, ...],
    output: Path,
    mixes: tuple[tuple[str, Path], ...],
    family: str,
    weights: Path | None,
    engine: "Engine",
) -> None:
    """Measure our mix of SONGS beside the reference, baselines and other mixes.

    SONGS are folders in the plain layout, or folders of such. The output folder gets report.html, results.json,
    results.csv and, for each song, SONG/course.png: loudness, place and spectrum over time.
    """
    from wavemix.evaluation.extra import check_extra

    check_extra()
    from wavemix.evaluation.evaluate import evaluate_song
    from wavemix.evaluation.files import write_results
    from wavemix.pipeline import AutoMix

    found = songs_and_files(songs, mixes)
    system = AutoMix.from_pretrained(weights, engine=engine, family=family)
    results = []
    with spinner("evaluating") as tell:
        for song, files in found:
            tell(song.name)
            results.append(evaluate_song(song, system, files))
        tell("writing the report")
        write_results(results, output)
    for result in results:
        print_table(_title(result), *_table(result))
    say(f"wrote {output / 'report.html'}, results.json, results.csv and SONG/course.png")


def songs_and_files(
    folders: Sequence[Path], mixes: Sequence[tuple[str, Path]]
) -> "list[tuple[PlainSong, Mapping[str, Path]]]":
    """The songs, and for each the files of its further mixes, once it is known that all are there."""
    from wavemix.evaluation.mixes import NAMES, find_mix
    from wavemix.evaluation.songs import songs_in

    names = [name for name, _ in mixes]
    for index, name in enumerate(names):
        if name in (*NAMES, *names[:index]):
            raise click.UsageError(f"--mix {name}: there is a mix of that name already; choose another.")
    songs = songs_in(folders)
    return [(song, {name: find_mix(place, song, len(songs) > 1) for name, place in mixes}) for song in songs]


def _title(song: "SongResult") -> str:
    start, end = song.window.start_seconds, song.window.start_seconds + song.window.seconds
    return f"{song.name}: {song.seconds:.1f} s; excerpt {start:.1f}-{end:.1f} s, {song.excerpt_lufs:.1f} LUFS"


def _table(song: "SongResult") -> tuple[list[str], list[list[str]]]:
    """A row a measure, a column a mix."""
    from wavemix.evaluation.results import measures_of

    rows = [
        [measure.title, *(measure.text(mix.value(measure)) for mix in song.mixes)] for measure in measures_of([song])
    ]
    notes = [mix.note for mix in song.mixes]
    return ["", *(mix.name for mix in song.mixes)], [*rows, *([["note", *notes]] if any(notes) else [])]
