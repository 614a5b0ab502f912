"""`wavemix export`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wavemix.cli.console import say, spinner
from wavemix.cli.types import PLACE

if TYPE_CHECKING:
    from wavemix.zoo.export import ExportFormat


@click.command()
@click.argument("model", metavar="MODEL|all|all-lite")
@click.option(
    "--format", "form", default="onnx", show_default=True, type=click.Choice(["onnx", "openvino", "torchscript"])
)
@click.option("-o", "--output", required=True, type=PLACE, help="Folder for the files.")
@click.option("--weights", type=PLACE, help="A folder with weights of your own.")
def export(model: str, form: "ExportFormat", output: Path, weights: Path | None) -> None:
    """Write a MODEL, or a family's five, as a file for another engine, checked against the network that it holds."""
    from wavemix.zoo.export import export as write
    from wavemix.zoo.registry import models_named
    from wavemix.zoo.weights import load

    with spinner("exporting"):
        files = write([load(name, weights) for name in models_named(model)], form, output)
    for file in files:
        say(file)
