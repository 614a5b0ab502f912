"""`--family`: which published models."""

import click

FAMILIES = ("full", "lite")
"""The registry's families; it is imported only when a command runs."""

family_option = click.option(
    "--family",
    default="full",
    show_default=True,
    type=click.Choice(FAMILIES),
    help="Which published models: the paper's width, or a third of it, for real time on a CPU.",
)
