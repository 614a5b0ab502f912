import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from wavemix.cli.listen import listen
from wavemix.errors import WavemixError
from wavemix.listening.analyse import analyse
from wavemix.listening.ratings import COLUMNS, DIMENSIONS, YEARS, Rated, read_ratings
from wavemix.statistics import repeated_measures

HEADER = ",".join(COLUMNS)
MIXES = ("sum", "ours", "amateur", "engineer")
MERIT = np.array([2.0, 3.6, 2.7, 3.7])
SONGS = ("Red", "Blue")


def panel(listeners: int, seed: int = 0) -> dict[str, list[str]]:
    """Rows of a test whose listeners hear `MERIT`, the engineer's mix better the longer they have mixed."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[str]] = {}
    for listener in range(listeners):
        name, years = f"L{listener:02}", int(rng.integers(0, 21))
        merit = MERIT + rng.normal(0, 0.3) + np.array([0, 0, 0, (years - 10) / 10])
        rows[name] = [f"{name},,,,{YEARS},{years}", f'{name},,,,hearing,"normal, I think"']
        for song in SONGS:
            for position, mix in enumerate(rng.permutation(4), 1):
                for dimension in DIMENSIONS:
                    rating = int(np.clip(np.round(merit[mix] + rng.normal(0, 0.6)), 1, 5))
                    rows[name].append(f"{name},{song},{MIXES[mix]},{position},{dimension},{rating}")
    return rows


def write(folder: Path, rows: dict[str, list[str]], line_end: str = "\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in rows.items():
        (folder / f"{name}.csv").write_text(line_end.join([HEADER, *lines, ""]), encoding="utf-8", newline="")
    return folder


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return write(tmp_path / "results", panel(20))


def test_every_number_is_that_of_the_ratings_averaged_over_songs(results):
    analysis = analyse([results])
    ratings = read_ratings([results])
    assert (analysis.listeners, analysis.songs) == (20, ("Blue", "Red"))
    assert [dimension.name for dimension in analysis.dimensions] == list(DIMENSIONS)
    for dimension in analysis.dimensions:
        scores = {
            mix: np.array(
                [
                    np.mean([ratings.values[Rated(name, song, mix, dimension.name)] for song in SONGS])
                    for name in panel(20)
                ]
            )
            for mix in MIXES
        }
        for rating in dimension.ratings:
            assert rating.mean == pytest.approx(scores[rating.mix].mean())
            assert rating.std == pytest.approx(scores[rating.mix].std(ddof=1))
            assert rating.normality.w == pytest.approx(stats.shapiro(scores[rating.mix]).statistic)
        assert (dimension.test.df_effect, dimension.test.df_error) == (3, 57)
        assert dimension.test.f == pytest.approx(repeated_measures(np.stack(list(scores.values()), axis=1)).f)
        for pair in dimension.pairs:
            single = stats.ttest_rel(scores[pair.first], scores[pair.second]).pvalue
            assert pair.p == pytest.approx(1 - (1 - single) ** 6)


def test_the_best_mixes_come_first_and_letters_tell_them_from_the_worst(results):
    for dimension in analyse([results]).dimensions:
        means = [rating.mean for rating in dimension.ratings]
        assert means == sorted(means, reverse=True)
        assert {rating.mix for rating in dimension.ratings[:2]} == {"ours", "engineer"}
        letters = {rating.mix: set(rating.letters) for rating in dimension.ratings}
        assert letters[dimension.ratings[0].mix] >= {"a"}
        assert not letters["ours"] & letters["sum"]
        for pair in dimension.pairs:
            assert bool(letters[pair.first] & letters[pair.second]) == (pair.p >= 0.05)


def test_experience_goes_with_the_ratings_that_it_shapes(results):
    experience = dict(analyse([results]).experience)
    assert experience["engineer"].r > 0.7 and experience["engineer"].p < 0.001
    assert abs(experience["sum"].r) < 0.6
    assert {correlation.count for correlation in experience.values()} == {20}


def test_listeners_who_do_not_tell_their_experience_count_everywhere_else(tmp_path):
    rows = panel(12)
    rows["L03"] = [row for row in rows["L03"] if YEARS not in row]
    analysis = analyse([write(tmp_path / "results", rows)])
    assert analysis.listeners == 12
    assert dict(analysis.experience)["ours"].count == 11


def test_one_joined_file_is_as_good_as_a_file_a_listener(results, tmp_path):
    joined = tmp_path / "joined.csv"
    joined.write_text("".join(path.read_text() for path in sorted(results.glob("*.csv"))))
    assert analyse([joined]) == analyse([results]) == analyse(sorted(results.glob("*.csv")))


def test_files_from_other_systems_read_the_same(tmp_path):
    plain = write(tmp_path / "plain", panel(4))
    other = write(tmp_path / "other", panel(4), line_end="\r\n")
    for path in other.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert analyse([other]) == analyse([plain])


def test_the_key_turns_hashes_into_names(tmp_path, results):
    songs = {"Red": "5f3a", "Blue": "9c1e"}
    codes = {(song, mix): f"{song[0]}{mix[0]}7" for song in SONGS for mix in MIXES}
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    for path in results.glob("*.csv"):
        text = path.read_text()
        for (song, mix), code in codes.items():
            text = text.replace(f"{song},{mix},", f"{songs[song]},{code},")
        (hidden / path.name).write_text(text)
    key = tmp_path / "key.json"
    entries = ", ".join(f'"{code}": "{mix}"' for (_, mix), code in codes.items())
    names = ", ".join(f'"{code}": "{song}"' for song, code in songs.items())
    key.write_text(f'{{"songs": {{{names}}}, "mixes": {{{entries}}}}}')
    assert analyse([hidden, key]) == analyse([results])
    (hidden / "key.json").write_text(key.read_text())
    assert analyse([hidden]) == analyse([results])


def test_one_listener_is_described_and_nothing_is_claimed(tmp_path):
    analysis = analyse([write(tmp_path / "results", panel(1))])
    for dimension in analysis.dimensions:
        assert math.isnan(dimension.test.p) and all(math.isnan(pair.p) for pair in dimension.pairs)
        assert [rating.letters for rating in dimension.ratings] == [""] * 4
    for table in analysis.tables():
        assert not any("nan" in cell for row in table.rows for cell in row)


@pytest.mark.parametrize("listeners", [1, 2, 3, 5])
def test_listeners_who_agree_on_everything_are_no_cause_for_a_warning(tmp_path, listeners):
    rows = {
        name: [row.replace("L00", name) for row in panel(1)["L00"]] for name in map("L{:02}".format, range(listeners))
    }
    tables = analyse([write(tmp_path / "results", rows)]).tables()
    assert len(tables) == 4
    assert not any(len(cell) > 20 for table in tables for row in table.rows for cell in row[1:])


def test_tables_have_a_cell_a_column_and_a_row_for_everything(results):
    ratings, tests, pairs, experience = analyse([results]).tables()
    for table in (ratings, tests, pairs, experience):
        assert {len(row) for row in table.rows} == {len(table.columns)}
    assert [len(table.rows) for table in (ratings, tests, pairs, experience)] == [24, 6, 36, 4]
    assert ratings.title == "Ratings by 20 listeners of 2 songs"
    assert tests.rows[0][2] == "3, 57"
    assert all(row[3] == "< 0.001" for row in tests.rows)


def test_the_command_prints_them(results):
    result = CliRunner().invoke(listen, ["analyse", str(results)])
    assert result.exit_code == 0, result.output
    for table in analyse([results]).tables():
        assert table.title in result.output


GOOD = "L1,Red,ours,1,balance,4"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("L1,Red,sum,2,balance", "line 3: has 5 columns in place of 6"),
        (",Red,sum,2,balance,3", "line 3: names no listener"),
        ("L1,,sum,2,balance,3", "line 3: a rating needs a song and a mix"),
        ("L1,Red,sum,0,balance,3", "line 3: the position '0'"),
        ("L1,Red,sum,two,balance,3", "line 3: the position 'two'"),
        ("L1,Red,sum,2,loudness,3", "line 3: 'loudness' is not a dimension; use balance,"),
        ("L1,Red,sum,2,balance,6", "line 3: the rating '6' is not a whole number from 1 to 5"),
        ("L1,Red,sum,2,balance,3.5", "line 3: the rating '3.5'"),
        ("L1,Red,sum,2,balance," + "3" * 5000, "line 3: the rating '3333"),
        ("L1,Red,sum," + "2" * 5000 + ",balance,3", "line 3: the position '2222"),
        ("L1,Red,sum,2,balance,", "line 3: the rating ''"),
        (GOOD, "line 3: L1 rated the balance of ours of Red in .*line 2 already; remove one"),
        ("L1,,,,balance,3", "line 3: a row with no song, mix and position must name a question"),
        (f"L1,,,,{YEARS},many", "line 3: 'many' is not a number of years"),
        (f"L1,,,,{YEARS},-1", "line 3: '-1' is not a number of years"),
        (f"L1,,,,{YEARS},inf", "line 3: 'inf' is not a number of years"),
        ("L2,Red,sum,1,balance,3", "L1 has not rated the balance of sum of Red; add"),
        ("", "only ours was rated; a test compares at least two mixes"),
    ],
)
def test_a_bad_row_is_one_sentence(tmp_path, row, sentence):
    file = tmp_path / "bad.csv"
    file.write_text(f"{HEADER}\n{GOOD}\n{row}\n")
    with pytest.raises(WavemixError, match=sentence) as caught:
        analyse([file])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "does not begin with the line listener,song"),
        (b"a,b\n1,2\n", "does not begin with the line listener,song"),
        (HEADER.encode(), "holds no ratings"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (HEADER.encode() + b'\nL1,Red,ours,1,balance,"' + b"x" * 200_000, "line .*: is not CSV"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path, content, sentence):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(WavemixError, match=sentence):
        analyse([file])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("[]", "must map"),
        ('{"songs": {}}', "must map"),
        ('{"songs": {}, "mixes": {"a": 1}}', "must map"),
    ],
)
def test_a_bad_key_is_one_sentence(results, text, sentence):
    (results / "key.json").write_text(text)
    with pytest.raises(WavemixError, match=f"key.json: {sentence}"):
        analyse([results])


def test_files_that_are_not_there_are_named(tmp_path):
    with pytest.raises(WavemixError, match="no-such.csv: cannot be read"):
        analyse([tmp_path / "no-such.csv"])
    with pytest.raises(WavemixError, match="holds no .csv file"):
        analyse([tmp_path])
