"""What comes from outside is shown on a terminal, and never obeyed by it."""

from pathlib import Path

import pytest
from conftest import noise
from rich.console import Console

from wavemix.cli import console
from wavemix.cli.console import StageBars, plain, print_table, say, songs_bar, spinner

NASTY = "a[/red] :smile: [bold]b[/] \x1b]0;title\x07\x9b31m\u202ewav.kick\r\n\u2028\ud800.wav"
SHOWN = r"a[/red] :smile: [bold]b[/] \x1b]0;title\x07\x9b31m\u202ewav.kick\r\n\u2028\ud800.wav"


@pytest.fixture
def terminal(monkeypatch):
    """Consoles that believe they draw on a terminal."""
    monkeypatch.setattr(
        console, "Console", lambda **options: Console(**options, force_terminal=True, width=200, color_system=None)
    )


def test_what_a_terminal_would_obey_is_written_out():
    assert plain(NASTY) == SHOWN
    assert plain("Käse – 音 🎛️ 👩‍🎤 é.wav") == "Käse – 音 🎛️ 👩‍🎤 é.wav"


@pytest.mark.parametrize("err", [False, True])
def test_a_line(capsys, err):
    say(NASTY, err)
    assert capsys.readouterr()[err] == SHOWN + "\n"


def test_a_table(capsys):
    print_table(NASTY, [NASTY], [[NASTY], ["[link=file:///]x"]])
    shown = capsys.readouterr().out
    assert shown.count(SHOWN) == 3
    assert "[link=file:///]x" in shown
    assert "\x1b" not in shown


def test_bars_and_spinners(capsys, terminal):
    with StageBars("[/]\x1b[2J") as bars:
        bars.stage("[/red]", 3)
        bars.advance(3)
    with spinner("[/]") as tell:
        tell("[/red]\x1b[2J")
    with songs_bar(1) as advance:
        advance("[/red]\x1b[2J")
    shown = capsys.readouterr().err
    assert "[/]\\x1b[2J: [/red]" in shown
    assert "\x1b[2J" not in shown


def test_names_of_tracks(run, write_song, sum_weights, tmp_path):
    names = ["a[", "kick].wav", "[red]snare.wav", "vox\x1b[2J.wav", ":drum: bass.wav"]
    song = write_song({"a[/kick].wav": noise(0.1), **{name: noise(0.1) for name in names[2:]}})
    outcome = run("session", song)
    assert outcome.status == 0
    for name in ("a[/kick].wav", "[red]snare.wav", r"vox\x1b[2J.wav", ":drum: bass.wav"):
        assert name in outcome.out
    (song / "other\x1b[2J.wav").write_bytes(b"junk")
    (song / "session.yaml").unlink()
    refused = run("mix", song, "-o", tmp_path / "out", "--weights", sum_weights)
    assert r"other\x1b[2J.wav: not a sound file" in refused.err
    assert "\x1b" not in outcome.out + refused.out + refused.err


def test_arguments_are_shown_and_not_obeyed(run):
    outcome = run("models", "info", "drums\x1b[2J")
    assert "there is no model `drums\\x1b[2J`" in outcome.err
    outcome = run("listen", "export", "x\x1b[2J", "--bad\x1b[2J")
    assert outcome.status == 2
    assert "\x1b" not in outcome.err


def test_standard_output_on_a_full_disk(run, monkeypatch):
    for arguments in (["models", "info", "drums"], ["models", "list"], ["--help"], ["--version"]):
        with Path("/dev/full").open("w") as full, monkeypatch.context() as patch:
            patch.setattr("sys.stdout", full)
            outcome = run(*arguments)
        assert outcome.status == 1
        assert outcome.err == (
            "wavemix: standard output cannot be written (No space left on device); what was to be read there is lost.\n"
        )
