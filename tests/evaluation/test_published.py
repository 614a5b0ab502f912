"""One command measures the zoo again; what the README says of it is what the cards say."""

import json
import re
import shutil

import pytest

from wavemix.cards.verdict import JUDGED, number
from wavemix.errors import WavemixError
from wavemix.publishing.measuring import BEGIN, END, README, measure_again, summary, write_summary
from wavemix.zoo.registry import TASKS


def test_the_readmes_table_is_the_generated_one():
    """If not: `wavemix zoo summary`."""
    text = README.read_text(encoding="utf-8")
    table = text[text.index(BEGIN) + len(BEGIN) : text.index(END)]
    assert table == f"\n{summary()}\n"
    assert 1 < len(re.findall(r"^\| (?:test|valid) \|", table, re.MULTILINE)) <= 10


@pytest.fixture
def cards(sum_weights, tmp_path):
    """The zoo of both families, of sums."""
    for task in TASKS:
        for name in (task, f"{task}-lite"):
            shutil.copytree(sum_weights / task, tmp_path / "cards" / name)
    return tmp_path / "cards"


def test_all_cards_and_the_readme_are_written(short_song, cards, tmp_path):
    corpus, readme = tmp_path / "corpus", tmp_path / "README.md"
    for split in ("test", "valid"):
        shutil.copytree(short_song, corpus / split / f"song of {split}")
    readme.write_text(f"# Before\n{BEGIN}an old table\n{END}After\n")
    told = []
    measure_again(corpus, tmp_path / "out", cards, readme, told.append)
    assert told == [
        line
        for family in ("full", "lite")
        for split in ("test", "valid")
        for line in (f"{family}, {split}", f"song of {split}")
    ]
    for name in (f"{task}{suffix}" for task in TASKS for suffix in ("", "-lite")):
        metrics = json.loads((cards / name / "metrics.json").read_text())
        assert [table["folder"] for table in metrics["benchmark"]] == ["test", "valid"]
        assert "| valid | log-spectral, dB |" in (cards / name / "README.md").read_text()
    text = readme.read_text()
    assert text.startswith(f"# Before\n{BEGIN}") and text.endswith(f"{END}After\n") and "old" not in text
    assert re.findall(r"^\| (test|valid) \| ([^|]+) \|", text, re.MULTILINE) == [
        (split, mix)
        for split in ("test", "valid")
        for mix in ("**wavemix, full**", "**wavemix, lite**", "house engineer", "plain sum", "equal loudness")
    ]
    rows = json.loads((cards / "mix-lite/metrics.json").read_text())["pipeline"][1]["rows"]
    for title, mix in (("**wavemix, lite**", "wavemix"), ("house engineer", "house engineer")):
        (row,) = (row for row in rows if row["mix"] == mix)
        assert f"| valid | {title} | {' | '.join(number(row[name]) for name in JUDGED)} |" in text


def test_a_family_that_was_not_measured_by_production_is_left_out(cards):
    distances = dict.fromkeys(JUDGED, 1.0)
    new = [{"mix": mix} | distances for mix in ("wavemix", "house engineer", "plain sum", "equal loudness")]
    old = [{"mix": row["mix"], "si_sdr_db": 1.0} for row in new]
    for name, rows in (("mix", old), ("mix-lite", new)):
        metrics = {"pipeline": [{"folder": "test", "songs": ["One"], "rows": rows}]}
        (cards / name / "metrics.json").write_text(json.dumps(metrics))
    assert "lite" in summary(cards) and "full" not in summary(cards)
    assert "–" not in summary(cards)


def test_a_readme_without_a_place_for_the_table_is_refused(cards, tmp_path):
    with pytest.raises(WavemixError, match="cannot be read"):
        write_summary(tmp_path / "README.md", cards)
    (tmp_path / "README.md").write_text(f"{BEGIN}and no end")
    with pytest.raises(WavemixError, match="lacks the lines"):
        write_summary(tmp_path / "README.md", cards)
    assert (tmp_path / "README.md").read_text() == f"{BEGIN}and no end"
