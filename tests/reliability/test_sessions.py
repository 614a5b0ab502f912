"""Sessions that are not as they should be: a table of docs/reliability.md."""

import os
from pathlib import Path

import pytest
from reliability.promises import Cases, hold

case = Cases("Sessions")

KICK = "tracks: [{file: Kick.wav, group: drums}]\n"


@pytest.mark.parametrize("row", case.rows, ids=lambda row: row.tried)
def test_a_session_does_to_a_mix_what_the_table_says(row, bench, run):
    hold(row, run(*case[row.tried](bench)), bench)


def test_the_table_and_the_cases_are_the_same():
    case.check_complete()


def placed(bench, put):
    """A song with one track, and in place of a session.yaml what this puts there."""
    bench.track("Kick.wav")
    put(bench.song / "session.yaml")
    return bench.mix()


def routed(bench, text):
    """A song with one track and this session.yaml."""
    return placed(bench, lambda place: place.write_text(text, encoding="utf-8"))


@case("a file that is not there")
def _(bench):
    return routed(bench, "tracks: [{file: Gone.wav, group: drums}]")


@case("a group that there is not")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: tuba}]")


@case("a file twice")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: drums}, {file: Kick.wav, group: drums}]")


@case("empty")
def _(bench):
    return routed(bench, "")


@case("a list")
def _(bench):
    return routed(bench, "- Kick.wav")


@case("no YAML")
def _(bench):
    return routed(bench, "tracks:\n - [")


@case("not UTF-8")
def _(bench):
    return placed(bench, lambda place: place.write_bytes(KICK.encode() + b"song: \xff"))


@case("a pipe")
def _(bench):
    return placed(bench, os.mkfifo)


@case("a link to a device")
def _(bench):
    return placed(bench, lambda place: place.symlink_to("/dev/zero"))


@case("a link that leads nowhere")
def _(bench):
    return placed(bench, lambda place: place.symlink_to("gone.yaml"))


@case("a folder")
def _(bench):
    return placed(bench, Path.mkdir)


@case("3 MiB of comments")
def _(bench):
    return routed(bench, "# \n" * (1 << 20))


@case("a billion laughs")
def _(bench):
    lines = ["a0: &a0 [1, 1]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    return routed(bench, "\n".join(lines))


@case("lists 50,000 deep")
def _(bench):
    return routed(bench, "song: " + "[" * 50_000)


@case("200,000 values")
def _(bench):
    return routed(bench, "song: [" + "1," * 200_000 + "]")


@case("a day that there is not")
def _(bench):
    return routed(bench, "song: 2001-99-99\n" + KICK)


@case("a word for a whole number")
def _(bench):
    return routed(bench, "song: !!int abc\n" + KICK)


@case("5,000 digits")
def _(bench):
    return routed(bench, "song: " + "9" * 5000 + "\n" + KICK)


@case("half a character")
def _(bench):
    return routed(bench, 'song: "\\ud800"\n' + KICK)


@case("a key twice")
def _(bench):
    return routed(bench, "song: a\nsong: b\n" + KICK)


@case("a key that there is not")
def _(bench):
    return routed(bench, "bpm: 120\n" + KICK)


@case("an object of Python")
def _(bench):
    return routed(bench, "song: !!python/object/apply:os.getcwd []\n" + KICK)


@case("a song's name that is a list")
def _(bench):
    return routed(bench, "song: [1]\n" + KICK)


@case("a folder that is not there")
def _(bench):
    return routed(bench, "folder: gone\n" + KICK)


@case("a folder whose name has a NUL")
def _(bench):
    return routed(bench, 'folder: "a\\0b"\n' + KICK)


@case("no tracks")
def _(bench):
    return routed(bench, "tracks: 5")


@case("a track without a group")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav}]")


@case("a file whose name has 300 bytes")
def _(bench):
    return routed(bench, "tracks: [{group: drums, file: " + "n" * 300 + "}]")


@case("a file's name that is a list")
def _(bench):
    return routed(bench, "tracks: [{file: [1], group: drums}]")


@case("a group that is a mapping")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: {1: 2}}]")


@case("a role that the group lacks")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: drums, role: lead}]")


@case("a gain in words")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: drums, gain_db: loud}]")


@case("NaN for a gain")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: drums, gain_db: .nan}]")


@case("half muted")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: drums, mute: 0.5}]")


@case("all muted")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: drums, mute: true}]")


@case("ignored: 5")
def _(bench):
    return routed(bench, "ignored: 5\n" + KICK)


@case("an ignored file without a name")
def _(bench):
    return routed(bench, "ignored: [{reason: old}]\n" + KICK)


@case("a song's name with escape sequences")
def _(bench):
    return routed(bench, 'song: "a[/red]\\e[2J"\n' + KICK)


@case("a year for a song's name")
def _(bench):
    return routed(bench, "song: 1999\n" + KICK)


@case("a byte order mark")
def _(bench):
    return routed(bench, "\ufeff" + KICK)
