"""The command line: every command parses its options and calls a function that a notebook can call too."""

from wavemix.cli.main import main

__all__ = ["main"]
