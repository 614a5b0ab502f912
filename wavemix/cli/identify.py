"""The option of every command that finds out what tracks are."""

import click

identify_option = click.option(
    "--identify",
    default="both",
    show_default=True,
    type=click.Choice(["names", "sound", "both"]),
    help="What tells what a track is: its name, its sound, or its name where that tells and else its sound.",
)
