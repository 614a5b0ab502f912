"""Loudness by name: the table, its page, and what platforms apply."""

import math
import re
from pathlib import Path

import pytest

from wavemix.dsp.loudness_targets import TARGETS, lufs_of, platform_gains
from wavemix.pipeline import Delivery

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mixing.md"


def test_the_page_has_the_table():
    table = PAGE.read_text(encoding="utf-8").split("<!-- loudness targets -->")[1]
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (.*?) \|", table, re.MULTILINE)
    assert {name: float(lufs) for name, lufs, _ in rows} == {name: target.lufs for name, target in TARGETS.items()}
    for name, _, does in rows:
        assert does.startswith("nothing") != TARGETS[name].normalises
        up = re.search(r"true peak of (\S+) dBTP", does)
        assert (float(up[1]) if up else None) == TARGETS[name].raises_to_dbtp


def test_a_name_is_its_number():
    assert Delivery(loudness_lufs="apple").target_lufs == Delivery(loudness_lufs=-16.0).target_lufs == lufs_of("apple")
    with pytest.raises(ValueError, match="no loudness target 'vinyl'; give LUFS, or one of spotify"):
        Delivery(loudness_lufs="vinyl")


def test_a_loud_mix_is_turned_down_to_each_target():
    gains = platform_gains(-9.0, 0.0)
    assert gains == {name: target.lufs + 9.0 for name, target in TARGETS.items() if target.normalises}


def test_a_quiet_mix_is_raised_where_that_is_known_and_as_far_as_its_peak_lets():
    assert platform_gains(-20.0, -5.0)["spotify"] == 4.0  # the example of Spotify's own page
    assert platform_gains(-20.0, -0.5)["spotify"] == 0.0  # and is never turned down for its peak
    assert platform_gains(-20.0, -5.0)["tidal"] == 0.0
    assert set(platform_gains(-math.inf, -math.inf).values()) == {0.0}
