import csv
import io
import json
import re
import shutil
from contextlib import redirect_stdout
from dataclasses import replace

import numpy as np
import pytest
from conftest import RATE, noise

from wavemix.cli import main
from wavemix.errors import WavemixError
from wavemix.evaluation import excerpts
from wavemix.evaluation.benchmark import AUTOMIX, BENCHMARK_TASKS, run_benchmark
from wavemix.evaluation.files import write_benchmark
from wavemix.evaluation.mixes import BASELINES, OURS
from wavemix.metrics.excerpt import choose_window
from wavemix.metrics.measure import BENCHMARKED, BENCHMARKED_PRODUCTION
from wavemix.publishing.benchmark_tables import update_cards
from wavemix.zoo.registry import TASKS

SSM = ("ssm_rmse", "ssm_ssim", "ssm_vif")


@pytest.fixture(scope="module")
def found(static_song, sum_system):
    return run_benchmark(static_song.parent, sum_system)


@pytest.fixture(scope="module")
def written(found, tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmark")
    write_benchmark(found, folder)
    return folder / "benchmark.json"


@pytest.fixture(scope="module")
def printed(static_song, sum_weights, tmp_path_factory):
    """What the command says on standard output, and the folder that it writes."""
    out, told = tmp_path_factory.mktemp("command") / "out", io.StringIO()
    with redirect_stdout(told), pytest.raises(SystemExit) as leave:
        main(["benchmark", str(static_song.parent), "-o", str(out), "--weights", str(sum_weights), "--device", "cpu"])
    assert not leave.value.code
    return told.getvalue(), out


def values(found, task, measure):
    rows = next(entry.rows for entry in found.tasks if entry.name == task)
    return {row.mix: row.measures[measure] for row in rows}


def test_there_are_six_tasks_of_five_mixes(found):
    assert tuple(task.name for task in found.tasks) == BENCHMARK_TASKS
    for task in found.tasks:
        assert task.songs == ("static",)
        assert not task.skipped
        assert [row.mix for row in task.rows] == [OURS, *BASELINES]
        for row in task.rows:
            assert set(row.measures) == {m.name for m in BENCHMARKED} - (set() if task.name == AUTOMIX else set(SSM))


def test_static_mixes_are_the_oracles(found):
    for task in BENCHMARK_TASKS:
        si_sdr_db = values(found, task, "si_sdr_db")
        assert si_sdr_db["oracle gains"] > 60
        assert values(found, task, "treble_db")["oracle gains"] == pytest.approx(0, abs=0.02)
        for measure in BENCHMARKED_PRODUCTION:
            assert values(found, task, measure.name)["oracle gains"] == pytest.approx(0, abs=0.02)
        assert values(found, task, "production_log_spectral_db")["house engineer"] > 0.5
    assert values(found, "drums", "si_sdr_db")["plain sum"] < 20
    assert values(found, AUTOMIX, "ssm_ssim")["oracle gains"] == pytest.approx(1, abs=1e-3)


def test_untrained_models_do_as_the_plain_sum(found):
    for task in BENCHMARK_TASKS:
        for measure in ("stft_left_right", "width_error", "loudness_error_lu"):
            measured = values(found, task, measure)
            assert measured[OURS] == pytest.approx(measured["plain sum"], abs=1e-4)


def test_the_mix_of_true_stems_is_their_sum_here(found):
    assert values(found, "mix", "si_sdr_db")["plain sum"] > 60
    assert values(found, "mix", "loudness_error_lu")["plain sum"] == pytest.approx(0, abs=1e-3)


def test_means_are_over_the_songs_that_can_be_used(write_plain, sum_system):
    first, second = noise(1, seed=1)[:, 0], noise(1, seed=2)[:, 0]
    near, far = np.stack([first, 0.5 * first + 0.1 * second], 1), np.stack([first, second], 1)
    tracks = {"drums/kick": first, "bass/bass": first}
    write_plain("one", tracks, {"drums": near, "bass": far}, alignment={"left_out": {"bass": "too far off"}})
    folder = write_plain("two", {"drums/kick": first}, {"drums": far}).parent
    tasks = {task.name: task for task in run_benchmark(folder, sum_system).tasks}
    assert tasks["drums"].songs == ("one", "two")
    assert not tasks["drums"].skipped
    assert tasks["bass"].skipped == {"one": "left out: too far off", "two": "has no bass tracks"}
    assert tasks["mix"].skipped == tasks[AUTOMIX].skipped == dict.fromkeys(("one", "two"), "has no mix")
    assert not tasks["bass"].rows and not tasks[AUTOMIX].rows
    for row in tasks["drums"].rows:
        near_it, far_from_it = row.by_song
        assert near_it["si_sdr_db"] > far_from_it["si_sdr_db"]
        if row.mix == "plain sum":  # twice the track's power; the stem has 1 + 0.5² + 0.1² times it
            assert near_it["loudness_error_lu"] == pytest.approx(10 * np.log10(2 / 1.26), abs=0.1)
        for measure, mean in row.measures.items():
            assert mean == pytest.approx((near_it[measure] + far_from_it[measure]) / 2)


def test_the_command_prints_one_table_and_writes_it_the_same_again(printed, written):
    told, out = printed
    assert [task for task in BENCHMARK_TASKS if f"│ {task} " not in told] == []
    assert told.count("│ oracle gains ") == 2 * len(BENCHMARK_TASKS)
    production, waveforms, verdicts = (told.index(word) for word in ("log-spectral", "SI-SDR", "better than both?"))
    assert production < waveforms < verdicts
    assert len(re.findall(r"│ (?:yes|no) +│ \d of 6 +│$", told, re.MULTILINE)) == len(BENCHMARK_TASKS)
    assert (out / "benchmark.json").read_text() == written.read_text()
    how = {"backend": "torch", "precision": "float32", "device": "cpu"}
    assert json.loads(written.read_text())["computed_by"] == dict.fromkeys(TASKS, how)
    with (out / "benchmark.csv").open() as lines:
        table = list(csv.DictReader(lines))
    assert set(table[0]) == {"task", "song", "mix", "measure", "value", "unit"}
    assert len(table) == (1 + len(BASELINES)) * (6 * (len(BENCHMARKED) - len(SSM)) + len(SSM))


def test_a_line_a_mix_can_be_found_by_its_words(printed, written):
    lines = [
        dict(pair.split("=") for pair in line.split()[1:])
        for line in printed[0].splitlines()
        if line.startswith("mean ")
    ]
    assert {(line["task"], line["mix"]) for line in lines} == {
        (task, mix.replace(" ", "-")) for task in BENCHMARK_TASKS for mix in (OURS, *BASELINES)
    }
    for task in json.loads(written.read_text())["tasks"]:
        for row in task["rows"]:
            (line,) = (
                line for line in lines if (line["task"], line["mix"]) == (task["name"], row["mix"].replace(" ", "-"))
            )
            assert (line["folder"], line["family"], line["songs"]) == ("songs", "full", "1")
            for measure in BENCHMARKED_PRODUCTION:
                printed = float(line[measure.name.removeprefix("production_")])
                assert printed == pytest.approx(row["measures"][measure.name], rel=1e-3)


def test_production_is_that_of_whole_songs(write_plain, tiny_system, monkeypatch):
    """A click after the excerpt, here of one second, makes the crest of the mix, and no other measure of production."""
    cut = []
    monkeypatch.setattr(excerpts, "choose_window", lambda *given: cut.append(choose_window(*given, 1.0)) or cut[-1])
    bass = noise(2, seed=1)[:, 0]
    bass[RATE:] *= 0.5
    mix = np.stack([bass, bass], 1)
    mix[RATE * 3 // 2] = 10 * np.abs(mix).max()
    folder = write_plain("s", {"bass/bass": bass}, mix=mix).parent
    crest_db = values(run_benchmark(folder, tiny_system), AUTOMIX, "production_crest_db")["plain sum"]
    crests = [20 * np.log10(np.abs(audio).max() / np.sqrt(np.square(audio).mean())) for audio in (mix[:, 0], bass)]
    assert crest_db == pytest.approx(crests[0] - crests[1], abs=0.05)
    assert crest_db > 15
    assert [window.start_seconds + window.seconds for window in cut] == [1.0]


def test_a_silent_stem_has_no_production(write_plain, tiny_system, tmp_path):
    tone = noise(1, seed=1)[:, 0]
    folder = write_plain("s", {"bass/bass": 0 * tone, "drums/kick": tone}, {"bass": np.stack([tone, tone], 1)}).parent
    found = run_benchmark(folder, tiny_system)
    assert np.isnan(values(found, "bass", "production_log_spectral_db")[OURS])
    write_benchmark(found, tmp_path)
    (bass,) = (
        task for task in json.loads((tmp_path / "benchmark.json").read_text())["tasks"] if task["name"] == "bass"
    )
    assert bass["rows"][0]["measures"]["production_log_spectral_db"] is None


def test_the_tables_go_into_the_cards(sum_weights, written, tmp_path):
    cards = tmp_path / "cards"
    shutil.copytree(sum_weights, cards)
    (cards / "bass/metrics.json").write_text('{"kept": 1}\n')
    update_cards([written], cards)
    for name in TASKS:
        metrics = json.loads((cards / name / "metrics.json").read_text())
        (table,) = metrics["benchmark"]
        assert (table["folder"], table["songs"]) == ("songs", ["static"])
        assert [row["mix"] for row in table["rows"]] == [OURS, *BASELINES]
        assert set(table["rows"][0]) == {"mix"} | {m.name for m in BENCHMARKED} - set(SSM)
        assert ("pipeline" in metrics) == (name == "mix")
        assert "oracle gains" in (cards / name / "README.md").read_text()
    assert set(metrics["pipeline"][0]["rows"][0]) == {"mix"} | {m.name for m in BENCHMARKED}
    assert json.loads((cards / "bass/metrics.json").read_text())["kept"] == 1


def test_the_command_prints_every_number_of_the_cards(printed, sum_weights, written, tmp_path):
    cards = shutil.copytree(sum_weights, tmp_path / "cards")
    update_cards([written], cards)
    shown = {cell.strip() for line in printed[0].splitlines() for cell in line.split("│")}
    for name in TASKS:
        tables = [
            line for line in (cards / name / "README.md").read_text().splitlines() if re.match(r"\| .*\d \|", line)
        ]
        numbers = {cell.strip() for line in tables for cell in line.split("|")[2:] if re.match(r" -?[\d.e+-]+ $", cell)}
        assert len(numbers) > 10
        assert numbers <= shown


def test_several_folders_tables_go_into_the_cards_in_their_order(found, sum_weights, written, tmp_path):
    cards = shutil.copytree(sum_weights, tmp_path / "cards")
    write_benchmark(replace(found, folder="others"), tmp_path / "others")
    other = tmp_path / "others/benchmark.json"
    update_cards([written], cards)
    update_cards([other, written], cards)
    metrics = json.loads((cards / "mix/metrics.json").read_text())
    for key in ("benchmark", "pipeline"):
        assert [table["folder"] for table in metrics[key]] == ["others", "songs"]
    card = (cards / "mix/README.md").read_text()
    assert card.index("| others | log-spectral") < card.index("| songs | log-spectral")
    update_cards([written], cards)
    assert "others" not in (cards / "mix/metrics.json").read_text()
    with pytest.raises(WavemixError, match=r"is of the songs in songs, and so is .*benchmark.json"):
        update_cards([written, other, written], cards)


def test_the_tables_go_into_the_cards_of_the_benchmarks_family(found, sum_weights, tmp_path):
    write_benchmark(replace(found, family="lite"), tmp_path)
    for name in TASKS:
        for model in (name, f"{name}-lite"):
            shutil.copytree(sum_weights / name, tmp_path / "cards" / model)
    update_cards([tmp_path / "benchmark.json"], tmp_path / "cards")
    written = {path.parent.name for path in (tmp_path / "cards").glob("*/metrics.json")}
    assert written == {f"{name}-lite" for name in TASKS}


def test_the_family_is_the_systems(found):
    assert found.family == "full"


def test_a_benchmark_of_other_weights_is_refused(written, tiny_weights, tmp_path):
    with pytest.raises(WavemixError, match="was made with other weights of `drums`"):
        update_cards([written], tiny_weights)
    with pytest.raises(WavemixError, match="is not a benchmark"):
        update_cards([tmp_path / "missing.json"], tiny_weights)
