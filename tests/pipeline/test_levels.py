"""Tracks come to their models at the levels that these expect, by whichever way."""

import math

import numpy as np
import pytest
import torch
from conftest import RATE, noise, read

from wavemix.data.plain import open_song
from wavemix.data.song_audio import read_song
from wavemix.dsp.loudness import metered
from wavemix.evaluation.mixes import mix_stems, stems_of
from wavemix.pipeline import Delivery
from wavemix.session.groups import GROUPS

FLOAT = Delivery(bits="32f")


def lufs(audio):
    return metered(np.asarray(audio), RATE).integrated_lufs()


@pytest.fixture
def session(write_song):
    """Mono tracks at all levels: one with a peak, one that is bleed, and a bass that is silent."""
    peaky = noise(2, seed=1, level=0.02)
    peaky[RATE] = 0.9
    tracks = {
        "drums/kick.wav": peaky,
        "drums/snare.wav": noise(2, seed=2, level=0.3),
        "drums/tom.wav": noise(2, seed=3, level=1e-4),
        "bass/di.wav": noise(2, seed=4, level=0.001),
        "bass/amp.wav": 0 * noise(2),
        "vocals/lead.wav": noise(2, seed=5, level=0.25),
        "other/keys.wav": noise(2, seed=6, level=0.05),
    }
    return write_song({f"raw/{file}": samples for file, samples in tracks.items()})


def tensors(session, order):
    """Each group's tracks in their slots' order."""
    return {
        group: torch.from_numpy(np.concatenate([read(session / "raw" / group / f"{name}.wav") for name in names]))[None]
        for group, names in order.items()
    }


ORDER = {"drums": ["kick", "snare", "tom"], "bass": ["di"], "vocals": ["lead"], "other": ["keys"]}


@pytest.mark.parametrize("summing", [True, False])
def test_disk_arrays_and_tensors_give_one_mix(levelled, session, tmp_path, summing):
    system = levelled(summing)
    system.mix(session, tmp_path / "out", FLOAT, block_seconds=0.3)
    disk = {group: read(tmp_path / f"out/stems/{group}.wav") for group in GROUPS}
    (session / "song.yaml").write_text("title: A song\n")
    song = open_song(session)
    arrays = stems_of(song, read_song(song, RATE), system)
    with torch.no_grad():
        silence = torch.zeros(1, 1, 2 * RATE)
        placed = tensors(session, ORDER)
        kick, snare, tom = placed["drums"].split(1, dim=1)
        placed["drums"] = torch.cat([kick, snare, silence, tom], dim=1)  # hi-hat is third
        placed["other"] = torch.cat([silence, silence, placed["other"]], dim=1)
        mixdown = system(placed)
    for group in GROUPS:
        np.testing.assert_allclose(arrays[group], disk[group], atol=1e-5)
        np.testing.assert_allclose(mixdown.stems[group][0], disk[group], atol=1e-5)
    mix = read(tmp_path / "out/mix.wav")
    np.testing.assert_allclose(mix_stems(system, arrays), mix, atol=1e-5)
    np.testing.assert_allclose(mixdown.mix[0], mix, atol=1e-5)


def test_the_report_says_each_tracks_gain(levelled, session, tmp_path):
    report = levelled(True).mix(session, tmp_path / "out", FLOAT)
    gains = {track["file"]: track["normalisation_gain_db"] for track in report.tracks}
    assert gains["drums/kick.wav"] == pytest.approx(-14 - 20 * math.log10(0.9), abs=0.01)  # held down by its peak
    loudest = lufs(read(session / "raw/drums/snare.wav"))
    assert gains["drums/tom.wav"] == pytest.approx(-25 - (loudest - 20), abs=0.01)  # bleed
    assert gains["bass/amp.wav"] == 0
    assert lufs(read(tmp_path / "out/stems/bass.wav")) == pytest.approx(-25 + 10 * math.log10(2), abs=0.05)
    assert report.models["drums"]["input_loudness_lufs"] == -25
    assert report.models["drums"]["input_peak_dbfs"] == -14
    assert report.models["mix"]["input_sum_loudness_lufs"] == -20
    common = {gain for group, gain in report.models["mix"]["input_gains_db"].items()}
    assert len(common) == 1
    assert lufs(read(tmp_path / "out/mix.wav")) == pytest.approx(-20, abs=0.01)


def test_a_song_of_any_level_is_one_mix(levelled, session, write_song, tmp_path):
    system = levelled()
    files = [path for path in session.rglob("*.wav") if "tom" not in path.name]
    for gain, name in ((1.0, "a"), (0.4, "b")):
        tracks = {path.relative_to(session / "raw").as_posix(): gain * read(path).T for path in files}
        system.mix(write_song(tracks, name), tmp_path / f"out {name}", FLOAT)
    np.testing.assert_allclose(read(tmp_path / "out b/mix.wav"), read(tmp_path / "out a/mix.wav"), atol=1e-5)


def test_levels_are_those_of_what_the_model_reads(levelled, write_song, tmp_path):
    """At another rate and shorter than the song, as training has its arrays: the same gains."""
    system = levelled(True)
    tracks = {
        "raw/drums/kick.wav": noise(1.13, rate=96_000, seed=1, level=0.3),
        "raw/drums/snare.wav": noise(2, channels=2, seed=2),
    }
    session = write_song(tracks, rates={"raw/drums/kick.wav": 96_000})
    system.mix(session, tmp_path / "out", FLOAT)
    (session / "song.yaml").write_text("title: A song\n")
    song = open_song(session)
    [stem] = stems_of(song, read_song(song, RATE), system).values()
    np.testing.assert_allclose(read(tmp_path / "out/stems/drums.wav"), stem, atol=1e-6)


def test_each_song_of_a_batch_has_gains_of_its_own(levelled):
    system = levelled()
    batch = {
        "bass": torch.from_numpy(noise(1, channels=2).T[:, None]).float() * torch.tensor([1.0, 0.01])[:, None, None]
    }
    batch["drums"] = torch.zeros(2, 1, RATE)
    with torch.no_grad():
        both = system(batch)
        alone = [system({group: tracks[i : i + 1] for group, tracks in batch.items()}) for i in range(2)]
        model = system.model("bass")
        torch.testing.assert_close(model(batch["bass"]), both.stems["bass"])
    torch.testing.assert_close(both.mix, torch.cat([one.mix for one in alone]), atol=1e-6, rtol=0)
    assert not both.stems["drums"].any()


def test_levels_let_gradients_pass(levelled):
    system = levelled()
    tracks = torch.from_numpy(noise(1).T[None]).float().requires_grad_()
    mix = system({"vocals": tracks}).mix
    mix.square().mean().backward()
    assert tracks.grad.isfinite().all()
    assert tracks.grad.any()


def test_silence_and_the_very_short_stay_finite(levelled):
    system = levelled()
    with torch.no_grad():
        for tracks in (torch.zeros(1, 3, 1000), torch.zeros(1, 3, 1), torch.full((1, 3, 10), 1e-30)):
            assert system({"drums": tracks}).mix.isfinite().all()
        assert not system.model("mix").as_inputs(torch.zeros(1, 8, RATE)).any()


def test_the_loudness_that_older_checkpoints_name_has_no_bound(levelled, write_song, tmp_path):
    """No peak, and bleed is raised all the way; each stem of theirs has its own loudness in the mix."""
    system = levelled(True, {"input_loudness_lufs": -30.0}, {"input_loudness_lufs": -40.0})
    song = write_song({"Kick.wav": noise(1), "Snare.wav": noise(1, level=1e-3, seed=2), "Vox.wav": noise(1, seed=9)})
    report = system.mix(song, tmp_path / "out", FLOAT)
    for track in report.tracks:
        own = lufs(read(song / track["file"]))
        assert track["normalisation_gain_db"] == pytest.approx(-30 - own, abs=1e-3)
    for group, gain_db in report.models["mix"]["input_gains_db"].items():
        own = lufs(read(tmp_path / f"out/stems/{group}.wav"))
        assert gain_db == pytest.approx(-40 - own if math.isfinite(own) else 0, abs=1e-3)
