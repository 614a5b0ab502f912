"""`--family`: which published models."""

import click

FAMILIES = ("full", "lite")
"""As the registry has them, which is imported only when a command runs."""

family_option = click.option(
    "--family",
    default="full",
    show_default=True,
    type=click.Choice(FAMILIES),
    help="Published models: the paper's, or a third as wide, for real time on a CPU.",
)
