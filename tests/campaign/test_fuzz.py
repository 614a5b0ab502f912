"""A part of the campaign of `fuzz.py`, with other damage than that of its 20,000."""

import re

import pytest
from campaign.mutations import mutate
from campaign.seeds import seeds
from own_process import run_script

from wavemix.audio.files import probe

FIRST, NUMBER = 1_000_000, 1_200


def test_damaged_files_are_refused_or_give_all_that_whole_ones_held():
    ended = run_script("tests/campaign/fuzz.py", "--first", FIRST, "--mutations", NUMBER)
    assert ended.returncode == 0, ended.stdout
    assert "Traceback" not in ended.stderr  # libmpg123 writes there what it thinks of a file
    assert f"\n{NUMBER} files, 0 faults, at most " in ended.stdout
    rows = dict(re.findall(r"^(\S.*?) +(\d+ +\d+)$", ended.stdout, re.MULTILINE))
    assert sum(int(count) for row in rows.values() for count in row.split()) == NUMBER
    for container in ("WAV, 16 bits", "FLAC", "MP3"):
        assert all(int(count) for count in rows[container].split()), container  # some read, some refused


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.name)
def test_what_is_not_damaged_is_read(tmp_path, seed):
    path = tmp_path / f"track.{seed.ending}"
    path.write_bytes(seed.data)
    assert probe(path).frames > 0


def test_damage_is_the_same_for_the_same_number():
    [seed, *_] = seeds()
    assert mutate(seed.data, 7) == mutate(seed.data, 7)
    assert len({mutate(seed.data, number) for number in range(100)}) > 80
