import csv
import json
import math
import shutil
from dataclasses import asdict
from importlib import util

import numpy as np
import pytest
import soundfile
from conftest import RATE, read

from wavemix.data.plain import open_song
from wavemix.evaluation.evaluate import evaluate_song
from wavemix.evaluation.mixes import NAMES
from wavemix.evaluation.results import MEASURES, REFERENCE, measures_of
from wavemix.metrics.descriptors import DESCRIPTORS
from wavemix.metrics.production import production_distances
from wavemix.zoo import TASKS

SECONDS = 2
ALL = [*NAMES, "moved"]


@pytest.fixture(scope="module")
def moved(static_song, tmp_path_factory):
    """The reference, 30 samples late, upside down and 6 dB down."""
    path = tmp_path_factory.mktemp("peer") / "moved.wav"
    soundfile.write(path, -0.5 * np.roll(read(static_song / "mix.wav"), 30, axis=1).T, RATE, subtype="FLOAT")
    return path


@pytest.fixture(scope="module")
def result(static_song, moved, sum_system):
    return evaluate_song(open_song(static_song), sum_system, {"moved": moved})


def test_every_mix_is_measured_after_it_was_matched(result):
    mixes = {mix.name: mix for mix in result.mixes}
    assert list(mixes) == ALL
    assert result.reference is mixes[REFERENCE]
    assert result.seconds == result.window.seconds == SECONDS
    moved, plain, oracle = mixes["moved"], mixes["plain sum"], mixes["oracle gains"]
    assert (moved.match.lag_samples, moved.match.polarity) == (30, -1)
    assert moved.match.gain_db == pytest.approx(20 * math.log10(2), abs=0.01)
    assert moved.against.si_sdr_db > 25 > plain.against.si_sdr_db
    assert oracle.against.si_sdr_db > 60
    assert (oracle.similarity.rmse, oracle.similarity.ssim) == pytest.approx((0, 1), abs=0.01)
    assert moved.production.log_spectral_db < 1 < plain.production.log_spectral_db
    assert oracle.production.crest_db == pytest.approx(0, abs=1e-3)
    assert (
        mixes[REFERENCE].match
        is mixes[REFERENCE].production
        is mixes[REFERENCE].against
        is mixes[REFERENCE].similarity
        is None
    )


def test_the_course_is_that_of_the_matched_mix(result):
    courses = {mix.name: mix.course for mix in result.mixes}
    inner = slice(1, -1)  # the file's end was moved over its beginning
    assert np.allclose(courses["moved"].spectrum_dbfs[:, inner], courses[REFERENCE].spectrum_dbfs[:, inner], atol=0.01)
    assert np.allclose(courses["oracle gains"].imbalance, courses[REFERENCE].imbalance, atol=1e-3)
    assert np.allclose(courses["plain sum"].imbalance, 0)


def test_levels_are_those_of_the_mix_as_it_came(result):
    levels = {mix.name: mix.levels.integrated_lufs for mix in result.mixes}
    assert levels["moved"] == pytest.approx(levels[REFERENCE] - 20 * math.log10(2), abs=0.05)


def test_the_excerpts_are_equally_loud_and_aligned(result):
    excerpts = {mix.name: mix.excerpt for mix in result.mixes}
    assert all(excerpt.shape == (2, SECONDS * RATE) for excerpt in excerpts.values())
    inner = slice(100, -100)
    assert np.allclose(excerpts["moved"][:, inner], excerpts[REFERENCE][:, inner], atol=1e-3)
    assert result.excerpt_lufs <= -14
    assert all(block.shape == (SECONDS * RATE,) for block in result.raw_excerpts.values())
    assert sorted(result.raw_excerpts) == [
        "bass/bass.wav", "drums/hat.wav", "drums/kick.wav", "other/keys.wav", "vocals/lead.wav"
    ]  # fmt: skip


def test_all_mixes_are_compared_by_each_descriptor(result):
    assert tuple(result.comparisons) == DESCRIPTORS
    for paper, series in result.comparisons.values():
        assert list(paper.names) == list(series.names) == ALL
        assert len(paper.pairs) == len(series.pairs) == len(ALL) * (len(ALL) - 1) / 2


def test_a_mix_has_every_measure_that_two_seconds_of_notes_can_have(result):
    absent = (
        "levels.range_lu",
        "artefacts.noise_floor_dbfs",
        "artefacts.pre_echo_db",
    )  # it has no silence, nor attacks
    names = [measure.name for measure in MEASURES if measure.name not in absent]
    for mix in result.mixes[1:]:
        assert [measure.name for measure in MEASURES if mix.value(measure) is not None] == names
    assert [measure.name for measure in measures_of([result])] == names
    own = [measure.name for measure in MEASURES if result.mixes[0].value(measure) is not None]
    assert own == [name for name in names if name.startswith("levels.")]


def test_without_a_reference_there_is_nothing_to_hold_against(static_song, sum_system, tmp_path):
    song = tmp_path / "song"
    shutil.copytree(static_song, song)
    (song / "mix.wav").unlink()
    result = evaluate_song(open_song(song), sum_system)
    assert [mix.name for mix in result.mixes] == ["wavemix", "house engineer", "plain sum", "equal loudness"]
    assert result.reference is None
    assert not any(mix.match or mix.production or mix.against or mix.similarity for mix in result.mixes)
    assert all(name.startswith("levels.") for name in (measure.name for measure in measures_of([result])))
    assert tuple(result.comparisons) == DESCRIPTORS


def test_the_command_writes_report_and_tables(static_song, sum_weights, tmp_path, run):
    out, peer = tmp_path / "out", tmp_path / "peer.wav"
    soundfile.write(peer, read(static_song / "mix.wav")[:, : RATE * 3 // 2].T, RATE, subtype="FLOAT")
    engine = ("--device", "cpu", "--precision", "bfloat16")
    done = run("evaluate", static_song, "-o", out, "--mix", f"peer={peer}", "--weights", sum_weights, *engine)
    assert done.status == 0, done.err
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "results.csv", "results.json", "static"]
    assert (out / "static/course.png").read_bytes().startswith(b"\x89PNG")
    assert "SI-SDR, dB" in done.out
    assert "padded by 0.50 s" in done.out
    (song,) = json.loads((out / "results.json").read_text())["songs"]
    assert song["computed_by"] == dict.fromkeys(TASKS, {"backend": "torch", "precision": "bfloat16", "device": "cpu"})
    assert "computed by torch in bfloat16 on cpu." in (out / "report.html").read_text(encoding="utf-8")
    assert [mix["name"] for mix in song["mixes"]] == [*NAMES, "peer"]
    frames = song["mixes"][0]["descriptors"]
    assert len(frames["seconds"]) == len(frames["noisiness"]) > 50
    with (out / "results.csv").open() as lines:
        table = list(csv.DictReader(lines))
    assert set(table[0]) == {"song", "mix", "measure", "value", "unit"}
    values = {(row["mix"], row["measure"]): float(row["value"]) for row in table}
    assert values["peer", "match.lag_samples"] == 0
    assert values["oracle gains", "against.si_sdr_db"] > 60
    assert values["oracle gains", "production.ltas_side_db"] < 0.1 < values["plain sum", "production.ltas_side_db"]
    assert song["mixes"][1]["production"].keys() == {
        "crest_db", "width", "imbalance", "ltas_mid_db", "ltas_side_db", "log_spectral_db"
    }  # fmt: skip
    assert "log-spectral distance, dB" in done.out


def test_production_distances_are_those_of_the_files(result, static_song):
    reference = read(static_song / "mix.wav")
    plain = np.sum([read(path) for path in sorted((static_song / "raw").rglob("*.wav"))], axis=0)
    found = next(mix.production for mix in result.mixes if mix.name == "plain sum")
    assert asdict(found) == pytest.approx(asdict(production_distances(plain, reference)), abs=1e-3)


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["--mix", "peer"], 2, "is not NAME=FILE"),
        (["--mix", "a/b=mix.wav"], 2, "is not NAME=FILE"),
        (["--mix", "plain sum=mix.wav"], 2, "there is a mix of that name already"),
        (["--mix", "a=mix.wav", "--mix", "a=b.wav"], 2, "there is a mix of that name already"),
        (["--mix", "peer=nowhere.wav"], 1, "no such file"),
    ],
)
def test_wrong_mixes_are_named_before_anything_is_computed(options, status, message, static_song, tmp_path, run):
    done = run("evaluate", static_song, "-o", tmp_path / "out", *options)
    assert (done.status, message in done.err) == (status, True), done.err
    assert not (tmp_path / "out").exists()


def test_what_is_not_installed_is_said_at_once(static_song, tmp_path, run, monkeypatch):
    found = util.find_spec
    monkeypatch.setattr("wavemix.extras.find_spec", lambda name: None if name == "librosa" else found(name))
    for command in (["evaluate", static_song, "-o", tmp_path / "out"], ["benchmark", static_song.parent]):
        done = run(*command)
        assert (done.status, done.err) == (1, "wavemix: evaluation needs librosa; install wavemix[eval].\n")
