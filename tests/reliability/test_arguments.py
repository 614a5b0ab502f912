"""Arguments that nobody can mean: a table of docs/reliability.md."""

import os

import pytest
from reliability.promises import Cases, hold

case = Cases("Arguments")


@pytest.mark.parametrize("row", case.rows, ids=lambda row: row.tried)
def test_an_argument_does_to_a_mix_what_the_table_says(row, bench, run):
    hold(row, run(*case[row.tried](bench)), bench)


def test_the_table_and_the_cases_are_the_same():
    case.check_complete()


def mixed(bench, *options):
    """A song that can be mixed, and these options."""
    bench.track()
    return bench.mix(*options)


@case("a song's name with a NUL")
def _(bench):
    return bench.mix(song="a\0b")


@case("a song's name of 300 bytes")
def _(bench):
    return bench.mix(song="n" * 300)


@case("a song's path of 6,000 bytes")
def _(bench):
    return bench.mix(song="n/" * 3000)


@case("half a character in a song's name")
def _(bench):
    return bench.mix(song="\ud800")


@case("an output folder's name with a NUL")
def _(bench):
    return mixed(bench, "-o", "a\0b")


@case("a song's name with escape sequences")
def _(bench):
    return bench.mix(song=bench.folder / "gone\x1b[2J")


@case("a song that is a sound file")
def _(bench):
    return bench.mix(song=bench.track())


@case("--session that is a pipe")
def _(bench):
    os.mkfifo(bench.folder / "routing.yaml")
    return mixed(bench, "--session", bench.folder / "routing.yaml")


@case("--session that is a device")
def _(bench):
    return mixed(bench, "--session", "/dev/zero")


@case("--block-seconds nan")
def _(bench):
    return mixed(bench, "--block-seconds", "nan")


@case("--block-seconds inf")
def _(bench):
    return mixed(bench, "--block-seconds", "inf")


@case("--block-seconds 1e300")
def _(bench):
    return mixed(bench, "--block-seconds", "1e300")


@case("--loudness nan")
def _(bench):
    return mixed(bench, "--loudness", "nan")


@case("--amount nan")
def _(bench):
    return mixed(bench, "--amount", "nan")


@case("--gain bass=nan")
def _(bench):
    return mixed(bench, "--gain", "bass=nan")


@case("--rate of 5,000 digits")
def _(bench):
    return mixed(bench, "--rate", "9" * 5000)
