import os

import pytest

from wavemix.cli.cores import POLITE, share_cores


@pytest.fixture
def nothing_said(monkeypatch):
    for name in POLITE:
        monkeypatch.setenv(name, "")  # so that it is as before when the test is over
        monkeypatch.delenv(name)


def test_a_mix_is_polite(nothing_said, run, band, sum_weights, tmp_path):
    assert run("mix", band, "-o", tmp_path / "out", "--weights", sum_weights).status == 0
    assert POLITE.items() <= os.environ.items()


def test_the_user_has_the_last_word(nothing_said, monkeypatch):
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    share_cores()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
