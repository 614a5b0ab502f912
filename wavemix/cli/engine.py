"""The options of every command that computes networks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

OPTIONS = (
    click.option("--device", default="auto", show_default=True, type=click.Choice(["auto", "cpu", "cuda"])),
    click.option("--backend", default="torch", show_default=True, type=click.Choice(["torch", "onnx", "openvino"])),
    click.option(
        "--precision",
        default="float32",
        show_default=True,
        type=click.Choice(["float32", "bfloat16"]),
        help="bfloat16 is twice as fast on CPUs with AMX, else slower; its changes lie 55 dB or more below the mix.",
    ),
)


def engine_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options; the command gets an `Engine`, compiled if it has an option `compiled` that says so."""

    @wraps(command)
    def with_engine(*, device: str, backend: str, precision: str, compiled: bool = False, **others: Any) -> None:
        from wavemix.backends import Engine

        try:
            engine = Engine(device, backend, precision, compiled)
        except ValueError as error:
            raise click.UsageError(f"{error}.") from error
        command(engine=engine, **others)

    optioned: Callable[..., None] = with_engine
    for option in reversed(OPTIONS):
        optioned = option(optioned)
    return optioned
