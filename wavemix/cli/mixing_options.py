"""The options of every command that mixes songs."""

import math
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal

import click

from wavemix.cli.cores import share_cores
from wavemix.cli.engine import engine_options
from wavemix.cli.family import family_option
from wavemix.cli.identify import identify_option
from wavemix.cli.types import PLACE, Number

if TYPE_CHECKING:
    from wavemix.audio.writing import Bits, Format


class Rate(click.ParamType[Literal["model", "source"] | int]):
    """`model`, `source` or a number of Hz."""

    name = "model|source|HZ"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Literal["model", "source"] | int:
        """The rate as `Delivery` takes it."""
        if value in ("model", "source"):
            return value
        try:
            return int(str(value))
        except ValueError:
            self.fail(f"{value!r} is not `model`, `source` or a whole number of Hz", param, ctx)


class Loudness(click.ParamType[float | str]):
    """A finite number of LUFS, or the name of a target."""

    name = "LUFS|NAME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float | str:
        """The loudness as `Delivery` takes it."""
        from wavemix.dsp.loudness_targets import TARGETS

        name = str(value)
        if name in TARGETS:
            return name
        try:
            number = float(name)
        except ValueError:
            self.fail(f"{name!r} is no number of LUFS and none of {', '.join(TARGETS)}", param, ctx)
        if not math.isfinite(number):
            self.fail(f"{name} is not a finite number", param, ctx)
        return number


class GroupGain(click.ParamType[tuple[str, float]]):
    """A group and its gain in dB."""

    name = "GROUP=DB"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """The pair; whether there is such a group and gain is `Balance`'s to say."""
        group, _, gain_db = str(value).partition("=")
        try:
            return group, float(gain_db)
        except ValueError:
            self.fail(f"{value!r} is not a group and a number of dB, such as vocals=+2", param, ctx)


OPTIONS = (
    click.option(
        "--gain",
        "gains",
        multiple=True,
        type=GroupGain(),
        help="Make a group louder by so many dB in the mix, as vocals=+2; once a group. For a track: session.yaml.",
    ),
    click.option(
        "--amount",
        default=100.0,
        show_default=True,
        metavar="0..100",
        help="How far to go from the plain sum of the tracks, at their levels, to the networks' mix.",
    ),
    click.option("--align", is_flag=True, help="Bring tracks that heard the same source to one time and polarity."),
    click.option("--clean", is_flag=True, help="Lower breaths, bumps, bleed and hum between the phrases."),
    click.option("--format", "form", default="wav", show_default=True, type=click.Choice(["wav", "flac"])),
    click.option(
        "--bits",
        default="24",
        show_default=True,
        type=click.Choice(["16", "24", "32f"]),
        help="Bits a sample: 16 are dithered, 32f are floats.",
    ),
    click.option("--rate", default="model", show_default=True, type=Rate(), help="Sample rate of the results."),
    click.option(
        "--loudness",
        type=Loudness(),
        help="Bring the mix to this integrated loudness: LUFS, or spotify, apple, ebu ... (docs/mixing.md).",
    ),
    click.option(
        "--ceiling",
        type=Number(),
        metavar="DBTP",
        help="Keep the mix's true peak under this.  [default: only never clip]",
    ),
    click.option(
        "--block-seconds",
        default=5.0,
        show_default=True,
        type=Number(min=0),
        help="How much is computed at a time; 0 is the whole song. Changes memory and speed, never the result.",
    ),
    family_option,
    click.option("--weights", type=PLACE, help="A folder with weights of your own."),
    identify_option,
    click.option("--stems/--no-stems", default=True, show_default=True, help="Write the four stems too."),
    click.option(
        "--name-stems",
        default="group",
        show_default=True,
        type=click.Choice(["group", "song"]),
        help="Name files `drums.wav` or `SONG_drums.wav`.",
    ),
)


def mixing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options; the command gets these wishes as objects, and None for blocks of the whole song."""
    computing = engine_options(command)

    @wraps(computing)
    def with_wishes(
        *,
        form: "Format",
        bits: "Bits",
        rate: Literal["model", "source"] | int,
        loudness: float | str | None,
        ceiling: float | None,
        stems: bool,
        name_stems: Literal["group", "song"],
        gains: tuple[tuple[str, float], ...],
        amount: float,
        align: bool,
        clean: bool,
        block_seconds: float,
        **others: Any,
    ) -> None:
        share_cores()
        from wavemix.pipeline import Balance, Care, Delivery

        gains_db = dict(gains)
        if len(gains_db) < len(gains):
            raise click.UsageError("--gain names a group twice; give it once.")
        try:
            balance = Balance(gains_db, amount)
            delivery = Delivery(form, bits, rate, loudness, ceiling, stems, name_stems)
        except ValueError as error:
            raise click.UsageError(f"{error}.") from error
        computing(
            delivery=delivery, balance=balance, care=Care(align, clean), block_seconds=block_seconds or None, **others
        )

    optioned: Callable[..., None] = with_wishes
    for option in reversed(OPTIONS):
        optioned = option(optioned)
    return optioned
