"""The group of commands, and how errors leave it.

Exit status: 0 done; 1 something could not be mixed or written; 2 wrong options; 129 hung up; 130 interrupted;
143 terminated.
"""

import io
import os
import signal
import sys
from collections.abc import Sequence

import click

from wavemix.cli.app import app
from wavemix.cli.batch import batch
from wavemix.cli.benchmark import benchmark
from wavemix.cli.console import say
from wavemix.cli.evaluate import evaluate
from wavemix.cli.example import example
from wavemix.cli.excerpt import excerpt
from wavemix.cli.explain import explain
from wavemix.cli.export import export
from wavemix.cli.listen import listen
from wavemix.cli.mix import mix
from wavemix.cli.models import models
from wavemix.cli.prepare import prepare
from wavemix.cli.publish import publish
from wavemix.cli.recogniser import recogniser
from wavemix.cli.render import render
from wavemix.cli.score import score
from wavemix.cli.session import session
from wavemix.cli.train import finetune, train
from wavemix.cli.zoo import zoo
from wavemix.errors import WavemixError
from wavemix.version import __version__

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wavemix")
def cli() -> None:
    """Mix raw multitrack recordings into four stems and a stereo mix.

    \b
    wavemix example demo/song       something to mix
    wavemix session demo/song       how its tracks will be routed
    wavemix mix demo/song -o demo/mix
    """  # noqa: D301  # click reads the backspace character as "keep these lines"


for command in (
    mix,
    app,
    batch,
    session,
    example,
    models,
    prepare,
    render,
    train,
    finetune,
    score,
    evaluate,
    excerpt,
    explain,
    listen,
    benchmark,
    publish,
    export,
    recogniser,
    zoo,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; `arguments` default to those of the process."""
    _heed_kills()
    _speak_any_language()
    try:
        # Without its standalone mode click returns the status that a command left with, if it left early.
        status = cli.main(None if arguments is None else list(arguments), "wavemix", standalone_mode=False)
        sys.exit(status or 0)
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        for line in told.getvalue().rstrip().split("\n"):
            say(line, err=True)
        sys.exit(error.exit_code)
    except WavemixError as error:
        say(f"wavemix: {error}", err=True)
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        say("wavemix: interrupted; nothing was written for the song in work.", err=True)
        sys.exit(INTERRUPTED)
    except OSError:
        if not (why := _lost_output()):
            raise
        say(f"wavemix: standard output cannot be written ({why}); what was to be read there is lost.", err=True)
        sys.exit(1)


def _lost_output() -> str:
    """Why standard output takes nothing more, in words; empty if it does. What it did not take is dropped."""
    try:
        print(flush=True)  # what could not be written is in its buffer still, or dropped already
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        sys.stdout.flush()
        return error.strerror or str(error)
    return ""


def _speak_any_language() -> None:
    """Characters that the terminal's encoding lacks are shown as escapes, and stop nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _heed_kills() -> None:
    """A polite kill and a terminal that closes unwind like an error, so that nothing half-written stays."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # `nohup` has it ignored
            signal.signal(number, lambda received, _: sys.exit(128 + received))
