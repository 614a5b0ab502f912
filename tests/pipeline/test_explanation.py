"""A mix as faders and pans: found again where it is made of them, and told how near where it is not."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import RATE, noise

from wavemix.cli.explained import BUS_COLUMNS, TRACK_COLUMNS
from wavemix.data.hashing import sha256
from wavemix.errors import WavemixError
from wavemix.explanation.balance_law import sides
from wavemix.pipeline import Balance, Delivery
from wavemix.pipeline.afterwards import explain_mix

FLOAT = Delivery(bits="32f")
TOUR = Path(__file__).resolve().parents[2] / "docs" / "tour.md"


@pytest.fixture
def song(write_song):
    """Three seconds of stereo and mono tracks, one of another rate, one much softer, two that belong together."""
    both = noise(3, seed=9)
    return write_song(
        {
            "Drums/Kick.wav": noise(3, seed=1),
            "Drums/Snare.wav": noise(3, seed=2, level=0.01) + both / 50,
            "Drums/OH.wav": noise(3, channels=2, seed=3) + both,
            "Bass DI.wav": noise(2, seed=4, rate=48_000),
            "Lead Vox.wav": noise(3, seed=5),
            "Keys.wav": noise(3, channels=2, seed=6),
        },
        rates={"Bass DI.wav": 48_000},
    )


def test_a_network_of_faders_and_pans_is_explained(static_system, static_gains, song, tmp_path):
    report = static_system.mix(song, tmp_path / "out", FLOAT, balance=Balance({"vocals": 3.0}), explain=True)
    found = report.explanation
    assert found.snr_db >= 60
    assert found.snr_from_stems_db >= 60
    assert all(bus.snr_db is None or bus.snr_db >= 60 for bus in found.buses)
    levels = {track["file"]: track["normalisation_gain_db"] for track in report.tracks}
    kick = next(strip for strip in found.tracks if strip.track == "Drums/Kick.wav")
    level = 10 ** (levels["Drums/Kick.wav"] / 20)
    assert [kick.left / level, kick.right / level] == pytest.approx(static_gains["drums"][:, 0].tolist(), rel=1e-4)
    assert [kick.left, kick.right] == pytest.approx(sides(10 ** (kick.fader_db / 20), kick.pan))
    vocals = next(bus for bus in found.buses if bus.group == "vocals")
    assert vocals.left / vocals.right == pytest.approx(
        float(static_gains["mix"][0, 4] / static_gains["mix"][1, 5]), rel=1e-4
    )
    assert not any(strip.equaliser_db for strip in found.tracks)  # there is nothing for one to do


def test_the_files_of_a_mix_are_explained_as_the_mix_was(static_system, song, tmp_path, run):
    out = tmp_path / "out"
    delivery = Delivery(bits="32f", loudness_lufs=-30)
    during = static_system.mix(song, out, delivery, explain=True).explanation
    written = (out / "explanation.json").read_bytes()
    done = run("explain", out)
    assert done.status == 0, done.err
    assert "Drums/Kick.wav" in done.out and "dB SNR" in done.out
    after = json.loads((out / "explanation.json").read_text())
    before = json.loads(written)
    assert after["snr_db"] >= 60
    assert after["master_db"] == before["master_db"] == during.master_db
    for strip, again in zip(before["tracks"], after["tracks"], strict=True):
        assert (again["left"], again["right"]) == pytest.approx((strip["left"], strip["right"]), rel=1e-3)
    assert (out / "explanation.png").read_bytes().startswith(b"\x89PNG")


def test_arrays_are_explained_too(static_system):
    mixed = static_system.mix_arrays({"Kick": noise(2).T, "Keys": noise(2, channels=2, seed=1).T}, RATE, explain=True)
    assert mixed.explanation.snr_db >= 60
    assert static_system.mix_arrays({"Kick": noise(0.5).T}, RATE).explanation is None


def test_the_plain_sum_of_an_amount_of_0_needs_no_network(tiny_system, band, tmp_path):
    found = tiny_system.mix(band, tmp_path / "out", balance=Balance(amount=0), explain=True).explanation
    assert found.snr_db >= 60
    assert [strip.fader_db for strip in found.tracks] == pytest.approx([0] * len(found.tracks), abs=1e-3)


def test_an_equaliser_is_told_of_where_it_helps(static_system, write_song, tmp_path):
    """The stem is replaced by a darker track: a fader alone cannot say that."""

    song = write_song({"Bass.wav": noise(3)})
    static_system.mix(song, tmp_path / "out", FLOAT)
    dark, _ = soundfile.read(tmp_path / "out/stems/bass.wav", dtype="float32")
    spectrum = np.fft.rfft(dark, axis=0)
    spectrum[np.fft.rfftfreq(len(dark), 1 / RATE) > 6000] *= 0.25
    dark = np.fft.irfft(spectrum, len(dark), axis=0).astype(np.float32)
    soundfile.write(tmp_path / "out/stems/bass.wav", dark, RATE, subtype="FLOAT")
    report = json.loads((tmp_path / "out/report.json").read_text())
    report["outputs"][2]["sha256"] = sha256(tmp_path / "out/stems/bass.wav")
    (tmp_path / "out/report.json").write_text(json.dumps(report))
    found = explain_mix(tmp_path / "out")
    (bass,) = found.tracks
    bus = next(bus for bus in found.buses if bus.group == "bass")
    assert bus.equaliser_snr_db > bus.snr_db + 10
    assert bass.equaliser_db["air"] - bass.equaliser_db["mids"] == pytest.approx(-12, abs=0.5)


def test_a_muted_and_a_silent_track_have_a_strip_and_no_part(sum_system, write_song, tmp_path):
    song = write_song({"Kick.wav": noise(1), "Bass.wav": noise(1, seed=1), "Keys.wav": np.zeros((RATE, 1))})
    (song / "session.yaml").write_text(
        "tracks:\n- {file: Kick.wav, group: drums}\n- {file: Bass.wav, group: bass, mute: true, gain_db: -6}\n"
        "- {file: Keys.wav, group: other}\n"
    )
    found = sum_system.mix(song, tmp_path / "out", explain=True).explanation
    assert [strip.heard for strip in found.tracks] == [True, False, False]
    assert found.tracks[1].fader_db == pytest.approx(-6)
    assert [bus.group for bus in found.buses if bus.snr_db is not None] == ["drums"]


def edit(out, change):
    body = json.loads((out / "report.json").read_text())
    change(body)
    (out / "report.json").write_text(json.dumps(body))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda song, out: (out / "report.json").unlink(), "report.json: cannot be read"),
        (lambda song, out: (out / "report.json").write_text('{"outputs": []}'), "does not tell what an explanation"),
        (lambda song, out: edit(out, lambda body: body["tracks"][0].update(role="tuba")), "does not tell what an"),
        (lambda song, out: edit(out, lambda body: body["tracks"][0].update(gain_db="loud")), "does not tell what an"),
        (lambda song, out: edit(out, lambda body: body["outputs"][0].update(file="../mix.wav")), "does not tell what"),
        (lambda song, out: shutil.copy(out / "mix.wav", out / "stems/bass.wav"), "bass.wav: is not the file"),
        (lambda song, out: shutil.copy(song / "Keys.wav", song / "Lead Vox.wav"), "Lead Vox.wav: is not the file"),
        (lambda song, out: (song / "Keys.wav").unlink(), "Keys.wav: no such file"),
    ],
    ids=[
        "no report",
        "another report",
        "no role",
        "no gain",
        "elsewhere",
        "another stem",
        "another track",
        "a track less",
    ],
)
def test_files_that_are_not_those_of_the_report_are_told(sum_system, band, tmp_path, spoil, sentence, run):
    out = tmp_path / "out"
    sum_system.mix(band, out)
    spoil(band, out)
    before = sorted(out.rglob("*"))
    done = run("explain", out)
    assert done.status == 1
    assert sentence in done.err and done.err.count("\n") == 1
    assert sorted(out.rglob("*")) == before


def test_stems_are_needed(sum_system, band, tmp_path):
    sum_system.mix(band, tmp_path / "out", Delivery(stems=False))
    with pytest.raises(WavemixError, match="has no stems.*--no-stems"):
        explain_mix(tmp_path / "out")


def test_moved_tracks_are_found_where_they_are_said_to_be(sum_system, band, tmp_path):
    out = tmp_path / "out"
    sum_system.mix(band, out)
    moved = band.rename(band.with_name("moved"))
    assert explain_mix(out, moved).snr_db >= 60


def test_what_is_not_ours_is_not_replaced(sum_system, band, tmp_path):
    out = tmp_path / "out"
    sum_system.mix(band, out)
    (out / "explanation.json").write_text("mine")
    with pytest.raises(WavemixError, match="explanation.json: was not written by an earlier mix"):
        explain_mix(out)
    explain_mix(out, overwrite=True)
    explain_mix(out)  # now it is ours
    report = sum_system.mix(band, out)
    assert report.earlier_outputs == ["explanation.json", "explanation.png"]


def test_the_tour_shows_the_tables_that_are_printed():
    page = TOUR.read_text(encoding="utf-8")
    for name, columns in (("tracks", TRACK_COLUMNS), ("buses", BUS_COLUMNS)):
        rows = page.split(f"<!-- {name} -->\n\n")[1].split("\n\n<!-- end -->")[0].splitlines()
        assert rows[0] == f"| {' | '.join(columns)} |"
        assert {row.count(" | ") for row in rows} == {len(columns) - 1}
