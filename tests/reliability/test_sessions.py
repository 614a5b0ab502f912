"""Sessions that are not as they should be: a table of docs/reliability.md."""

import pytest
from reliability.promises import Cases, hold

case = Cases("Sessions")


@pytest.mark.parametrize("row", case.rows, ids=lambda row: row.tried)
def test_a_session_does_to_a_mix_what_the_table_says(row, bench, run):
    hold(row, run(*case[row.tried](bench)), bench)


def test_the_table_and_the_cases_are_the_same():
    case.check_complete()


def routed(bench, text):
    """A song with one track and this session.yaml."""
    bench.track("Kick.wav")
    (bench.song / "session.yaml").write_text(text, encoding="utf-8")
    return bench.mix()


@case("a file that is not there")
def _(bench):
    return routed(bench, "tracks: [{file: Gone.wav, group: drums}]")


@case("a group that there is not")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: tuba}]")


@case("a file twice")
def _(bench):
    return routed(bench, "tracks: [{file: Kick.wav, group: drums}, {file: Kick.wav, group: drums}]")
