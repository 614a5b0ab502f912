"""Arguments that nobody can mean are refused as wrong options are."""

import pytest


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("mix SONG -o OUT --block-seconds nan", "nan is not a finite number"),
        ("mix SONG -o OUT --block-seconds inf", "inf is not a finite number"),
        ("mix SONG -o OUT --loudness nan", "nan is not a finite number"),
        ("mix SONG -o OUT --ceiling -inf", "-inf is not a finite number"),
        ("batch SONG -o OUT --block-seconds nan", "nan is not a finite number"),
        ("example OUT --seconds inf", "inf is not a finite number"),
        ("example OUT --seconds nan", "nan is not a finite number"),
        ("listen export SONG -o OUT --start nan", "nan is not a finite number"),
        ("listen export SONG -o OUT --seconds inf", "inf is not a finite number"),
        ("render SONG -o OUT --ingredients SONG --hours nan", "nan is not a finite number"),
        ("train drums --data SONG --max-minutes nan", "nan is not a finite number"),
        ("mix a\0b -o OUT", "its name has a NUL in it"),
        ("mix SONG -o a\0b", "its name has a NUL in it"),
        ("mix SONG -o OUT --session a\0b", "its name has a NUL in it"),
        ("mix SONG -o OUT --weights a\0b", "its name has a NUL in it"),
        ("evaluate SONG -o OUT --mix other=a\0b", "its name has a NUL in it"),
        ("session " + "n" * 300, "its name has 300 bytes, and 255 are possible"),
        ("mix SONG -o deep/" + "n" * 300 + "/out", "its name has 300 bytes, and 255 are possible"),
        ("prepare folder SONG " + "n/" * 3000, "its path has 6000 bytes, and 4095 are possible"),
        ("session \ud800", "its name has half a character in it"),
    ],
)
def test_what_nobody_can_mean(run, tmp_path, command, what):
    places = {"SONG": tmp_path / "song", "OUT": tmp_path / "out"}
    outcome = run(*(places.get(word, word) for word in command.split(" ")))
    assert outcome.status == 2
    assert what in outcome.err
    assert not any(tmp_path.iterdir())


def test_blocks_longer_than_any_song(run, band, sum_weights, tmp_path):
    assert run("mix", band, "-o", tmp_path / "out", "--weights", sum_weights, "--block-seconds", "1e300").status == 0
