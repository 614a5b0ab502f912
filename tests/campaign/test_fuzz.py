"""A part of the campaign of `fuzz.py`, with other damage than that of its 20,000."""

import pytest
from campaign.fuzz import MOST_BYTES, run
from campaign.mutations import mutate
from campaign.seeds import seeds

from wavemix.audio.files import probe

FIRST, NUMBER = 1_000_000, 1_200


@pytest.mark.alone
def test_damaged_files_are_refused_or_give_all_that_whole_ones_held():
    verdicts, most = run(FIRST, NUMBER)
    faults = [verdict for verdict in verdicts if verdict.what not in ("read", "refused")]
    assert faults == []
    assert len(verdicts) == NUMBER
    assert most < MOST_BYTES
    for what in ("read", "refused"):
        assert {verdict.container for verdict in verdicts if verdict.what == what} >= {"WAV, 16 bits", "FLAC", "MP3"}


@pytest.mark.parametrize("seed", seeds(), ids=lambda seed: seed.name)
def test_what_is_not_damaged_is_read(tmp_path, seed):
    path = tmp_path / f"track.{seed.ending}"
    path.write_bytes(seed.data)
    assert probe(path).frames > 0


def test_damage_is_the_same_for_the_same_number():
    [seed, *_] = seeds()
    assert mutate(seed.data, 7) == mutate(seed.data, 7)
    assert len({mutate(seed.data, number) for number in range(100)}) > 80
