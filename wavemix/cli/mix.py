"""`wavemix mix`."""

from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.console import StageBars, say, warn
from wavemix.cli.explained import say_explained
from wavemix.cli.mixing_options import mixing_options
from wavemix.cli.types import PLACE

if TYPE_CHECKING:
    from wavemix.pipeline import AutoMix, Balance, Care, Delivery, Engine
    from wavemix.pipeline.report import Report
    from wavemix.session.hearing import Ear, Identify
    from wavemix.session.session import Session


@click.command()
@click.argument("songs", nargs=-1, required=True, type=PLACE)
@click.option("-o", "--output", required=True, type=PLACE, help="Folder for the results.")
@click.option("--overwrite", is_flag=True, help="Replace files in the output folder that no earlier mix wrote.")
@click.option("--session", type=PLACE, help="A session.yaml that says where the tracks go (for one song).")
@mixing_options
@click.option(
    "--daw",
    multiple=True,
    type=click.Choice(["reaper", "dawproject"]),
    help="Write a session of the tracks, with the faders and pans that come nearest; may be given twice.",
)
@click.option("--compile", "compiled", is_flag=True, help="Let PyTorch compile the models first; takes minutes.")
def mix(
    songs: tuple[Path, ...],
    output: Path,
    overwrite: bool,
    session: Path | None,
    delivery: "Delivery",
    balance: "Balance",
    engine: "Engine",
    care: "Care",
    block_seconds: float | None,
    daw: tuple[str, ...],
    family: str,
    weights: Path | None,
    identify: "Identify",
) -> None:
    """Mix SONGS, each a folder of raw tracks (or its session.yaml), into stems and a stereo mix.

    The output folder gets mix, stems, session.yaml and report.json; with several songs, a folder for each. They
    replace those of earlier mixes, but no session.yaml that you have edited. Files that no report.json lists are
    replaced with --overwrite only, and tracks of the song never.
    A song that cannot be mixed does not stop the others, but the exit status is then 1. In session.yaml a track may
    have `gain_db`, which makes it louder, and `mute: true`.
    """
    if session is not None and len(songs) > 1:
        raise click.UsageError("--session goes with one song; the others have their own session.yaml.")
    from wavemix.pipeline import AutoMix
    from wavemix.zoo.ears import ear

    outs = _places(songs, output)
    if len(songs) > 1:
        _check_apart(songs, outs, delivery)
    system = AutoMix.from_pretrained(weights, engine=engine, family=family)
    failed = [
        song
        for song, out in zip(songs, outs, strict=True)
        if not _mix_one(
            system, song, session, out, delivery, balance, care, block_seconds, overwrite, daw, ear(identify)
        )
    ]
    if failed:
        if len(songs) > 1:
            say(f"{len(failed)} of {len(songs)} songs failed: {', '.join(map(str, failed))}", err=True)
        raise click.exceptions.Exit(1)


def _places(songs: tuple[Path, ...], output: Path) -> list[Path]:
    """The output folder itself for one song; for several a folder each, by name, numbered where names repeat."""
    if len(songs) == 1:
        return [output]
    from wavemix.session.finding import song_name

    names = [song_name(song.parent if song.suffix in (".yaml", ".yml") else song) for song in songs]
    own = {name.casefold() for name in names}  # no disk makes one folder of two
    taken: set[str] = set()
    for index, name in enumerate(names):
        numbered = (f"{name}-{number}" for number in count(2) if f"{name}-{number}".casefold() not in own)
        names[index] = next(free for free in chain((name,), numbered) if free.casefold() not in taken)
        taken.add(names[index].casefold())
    return [output / name for name in names]


def _check_apart(songs: tuple[Path, ...], outs: list[Path], delivery: "Delivery") -> None:
    """Refuse to begin if a song's mix would replace a track of another song; what else is wrong is told at its turn."""
    from wavemix.errors import WavemixError
    from wavemix.pipeline.outputs import check_tracks, output_files
    from wavemix.session.manifest import open_session

    for song, own in zip(songs, outs, strict=True):
        try:
            opened = open_session(song)
        except WavemixError:
            continue
        for out in (out for out in outs if out != own):
            check_tracks(opened, out, list(output_files(delivery, opened.name).values()))


def _mix_one(
    system: "AutoMix",
    song: Path,
    session: Path | None,
    out: Path,
    delivery: "Delivery",
    balance: "Balance",
    care: "Care",
    block_seconds: float | None,
    overwrite: bool,
    daw: tuple[str, ...],
    ear: "Ear | None",
) -> bool:
    """Mix a song and say what came out; False, after saying why, if it cannot be mixed."""
    from wavemix.errors import WavemixError
    from wavemix.session.manifest import open_session

    try:
        opened = open_session(song, session, ear)
        with StageBars(opened.name) as bars:
            report = system.mix(opened, out, delivery, block_seconds, bars, balance, overwrite, care=care, daw=daw)
    except WavemixError as error:
        say(f"wavemix: {error}", err=True)
        return False
    _tell(opened, report, out)
    return True


def _tell(session: "Session", report: "Report", out: Path) -> None:
    """What a producer wants to know at a glance; the rest is in report.json. Warnings come last."""
    from wavemix.session.summary import summary

    for track in session.tracks:
        if track.mute:
            say(f"{track.label}: muted")
    for item in report.ignored:
        say(f"{item['file']}: left out ({item['reason']})")
    for line in summary(session):
        say(line)
    if not report.session_sha256:
        say(f"{out / 'session.yaml'}: kept as it was edited; report.json has the routing of this mix")
    for file in report.earlier_outputs:
        say(f"{out / file}: is of an earlier mix")
    mixed = report.outputs[0]
    level = "too short or quiet for a loudness" if mixed.loudness_lufs is None else f"{mixed.loudness_lufs:.1f} LUFS"
    peak = "" if mixed.true_peak_dbtp is None else f", true peak {mixed.true_peak_dbtp:.1f} dBTP"
    gain = f", {mixed.gain_db:+.1f} dB {mixed.gain_reason}" if mixed.gain_reason else ""
    taken = report.seconds_taken["total"]
    say(f"{report.song}: {len(report.tracks)} tracks, {report.seconds:.1f} s mixed in {taken:.1f} s")
    say(f"  {out / mixed.file}: {level}{peak}{gain}")
    if report.explanation is not None:
        say_explained(report.explanation, [str(out / name) for name in report.companions])
    if report.untrained:
        say(f"  untrained (plain sum): {', '.join(report.untrained)}")
    warn(report.warnings)
