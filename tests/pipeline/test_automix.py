import json
import math
import shutil

import numpy as np
import pytest
import soundfile
import soxr
import torch
from conftest import noise, read

from wavemix.errors import WavemixError
from wavemix.pipeline import AutoMix, Delivery, Engine
from wavemix.session.manifest import open_session
from wavemix.system.progress import NoProgress
from wavemix.waveunet import sum_of_inputs_
from wavemix.zoo import TASKS, ModelConfig, load, save

FLOAT = Delivery(bits="32f")


def mix(system, song, out, delivery=FLOAT, **options):
    report = system.mix(song, out, delivery, **options)
    return report, read(out / f"mix.{delivery.format}")


def test_disk_to_disk_is_the_models_applied_by_hand(tiny_system, band, tmp_path):
    _, found = mix(tiny_system, band, tmp_path / "out")
    kick, snare = read(band / "Drums/Kick.wav"), read(band / "Drums/Snare.wav")
    keys = read(band / "Keys.wav")
    silence = np.zeros_like(kick)
    inputs = {
        "drums": [kick, snare, *[silence] * 8],
        "bass": [read(band / "Bass DI.wav"), *[silence] * 3],
        "vocals": [read(band / "Lead Vox.wav"), *[silence] * 3],
    }
    tensors = {group: torch.from_numpy(np.concatenate(tracks))[None] for group, tracks in inputs.items()}
    with torch.no_grad():
        stems = {group: stem[0] for group, stem in tiny_system(tensors).stems.items()}
        sides = [
            tiny_system.model("other")(torch.from_numpy(np.concatenate([silence, silence, side[None]]))[None])[0]
            for side in keys
        ]
        stems["other"] = torch.stack([sides[0][0], sides[1][1]])
        expected = tiny_system.model("mix")(torch.cat(list(stems.values()))[None])[0]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    for group, stem in stems.items():
        np.testing.assert_allclose(read(tmp_path / f"out/stems/{group}.wav"), stem, atol=1e-5)


@pytest.mark.parametrize("block_seconds", [1e-3, 0.07, 0.3])
def test_block_size_does_not_matter(tiny_system, band, tmp_path, block_seconds):
    _, whole = mix(tiny_system, band, tmp_path / "whole", block_seconds=None)
    _, blocks = mix(tiny_system, band, tmp_path / "blocks", block_seconds=block_seconds)
    np.testing.assert_allclose(blocks, whole, atol=1e-6)


def test_the_same_song_twice_gives_the_same_bytes(tiny_system, band, tmp_path):
    for name in ("a", "b"):
        tiny_system.mix(band, tmp_path / name, Delivery(bits="16"))
    for file in ("mix.wav", "stems/drums.wav", "stems/other.wav"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_sum_weights_give_the_plain_sum(sum_system, band, tmp_path):
    _, found = mix(sum_system, band, tmp_path / "out")
    tracks = [read(path) for path in band.rglob("*.wav")]
    expected = sum(np.broadcast_to(track, (2, track.shape[1])) for track in tracks)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_stereo_track_comes_back_in_stereo_also_when_premixed(sum_system, write_song, tmp_path):
    """Five mono tracks and a stereo one that shares a slot: its sides differ in the mix as they do in the file."""
    tracks = {f"Bass {i}.wav": noise(0.1, seed=i) for i in range(5)}
    wide = noise(0.1, channels=2, seed=9)
    report, found = mix(sum_system, write_song(tracks | {"Bass 9.wav": wide}), tmp_path / "out")
    assert report.tracks[5]["slots"] == [1]
    assert report.tracks[5]["done"] == ["premixed (added) into slot 1 (bass) with Bass 0.wav"]
    np.testing.assert_allclose(found[0] - found[1], wide[:, 0] - wide[:, 1], atol=1e-6)


def test_the_stems_are_what_the_mix_model_saw(tiny_system, band, tmp_path):
    _, found = mix(tiny_system, band, tmp_path / "out")
    stems = [read(tmp_path / f"out/stems/{group}.wav") for group in ("drums", "bass", "vocals", "other")]
    with torch.no_grad():
        again = tiny_system.model("mix")(torch.from_numpy(np.concatenate(stems))[None])[0]
    np.testing.assert_allclose(found, again, atol=1e-6)


def test_absent_and_silent_groups_are_skipped(tiny_system, write_song, tmp_path):
    song = write_song({"Kick.wav": noise(0.2), "Bass.wav": 0 * noise(0.2)})
    report, _ = mix(tiny_system, song, tmp_path / "out")
    assert {name: model["ran"] for name, model in report.models.items()} == {
        "drums": True, "bass": False, "vocals": False, "other": False, "mix": True,
    }  # fmt: skip
    for group in ("bass", "vocals", "other"):
        stem = read(tmp_path / f"out/stems/{group}.wav")
        assert stem.shape == (2, 8820)
        assert not stem.any()
    assert next(track for track in report.tracks if track["group"] == "bass")["done"] == ["silent: left out"]
    with torch.no_grad():
        expected = tiny_system({"drums": torch.from_numpy(read(song / "Kick.wav"))[None]})
    np.testing.assert_allclose(read(tmp_path / "out/mix.wav"), expected.mix[0], atol=1e-5)


def test_lengths_and_rates_may_differ(sum_system, write_song, tmp_path):
    tracks = {"Kick.wav": noise(0.3, seed=1), "Snare.wav": noise(1.0, rate=192_000, seed=2), "Bass.flac": noise(0.1)}
    song = write_song(tracks, rates={"Snare.wav": 192_000})
    report, found = mix(sum_system, song, tmp_path / "out")
    assert found.shape == (2, 44_100)
    expected = soxr.resample(read(song / "Snare.wav")[0], 192_000, 44_100, "HQ")
    for file in ("Kick.wav", "Bass.flac"):
        samples = read(song / file)[0]
        expected[: len(samples)] += samples
    np.testing.assert_allclose(found[0], expected, atol=1e-5)
    done = {track["file"]: track["done"] for track in report.tracks}
    assert done["Snare.wav"] == ["resampled from 192000 to 44100 Hz"]
    assert done["Kick.wav"] == ["padded with 0.700 s of silence at the end"]
    assert done["Bass.flac"] == ["padded with 0.900 s of silence at the end"]


def test_eight_channels_without_a_layout_are_eight_tracks(sum_system, write_song, tmp_path):
    multi = noise(0.1, channels=8)
    song = write_song({"Drums/multi.wav": multi, "Bass/multi.wav": multi})
    report, _ = mix(sum_system, song, tmp_path / "out")
    for group in ("drums", "bass"):
        assert [len(track["slots"]) for track in report.tracks if track["group"] == group] == [1] * 8
        np.testing.assert_allclose(read(tmp_path / f"out/stems/{group}.wav")[0], multi.sum(axis=1), atol=1e-5)


def test_too_many_tracks_are_premixed_and_said_so(sum_system, write_song, tmp_path):
    song = write_song({f"Bass {i}.wav": noise(0.1, seed=i) for i in range(6)})
    report, _ = mix(sum_system, song, tmp_path / "out")
    assert [track["slots"] for track in report.tracks] == [[1], [4], [3], [2], [1], [1]]
    assert report.tracks[5]["done"] == ["premixed (added) into slot 1 (bass) with Bass 0.wav"]
    expected = sum(read(path)[0] for path in song.iterdir())
    np.testing.assert_allclose(read(tmp_path / "out/stems/bass.wav")[0], expected, atol=1e-5)


def test_a_copied_channel_is_used_once(sum_system, write_song, tmp_path):
    mono = noise(0.1)
    song = write_song({"Bass.wav": np.hstack([mono, mono])})
    report, found = mix(sum_system, song, tmp_path / "out")
    np.testing.assert_allclose(found[0], mono[:, 0], atol=1e-6)
    assert report.tracks[0]["done"] == ["of 2 channels used 1: the others are silent or copies"]


@pytest.mark.parametrize(("rate", "expected"), [("source", 48_000), (96_000, 96_000), ("model", 44_100)])
def test_output_rates(sum_system, write_song, tmp_path, rate, expected):
    song = write_song(
        {"Kick.wav": noise(0.3, rate=48_000), "Bass.wav": noise(0.2, rate=48_000), "Vox.wav": noise(0.1)},
        rates={"Kick.wav": 48_000, "Bass.wav": 48_000},
    )
    report = sum_system.mix(song, tmp_path / "out", Delivery(rate=rate, bits="32f"))
    info = soundfile.info(tmp_path / "out/mix.wav")
    assert (info.samplerate, info.frames) == (expected, round(0.3 * expected))
    assert report.rate == expected


def test_a_48k_song_comes_back_at_48k(sum_system, write_song, tmp_path):
    time = np.arange(48_000)[:, None] / 48_000
    tone = 0.5 * np.sin(2 * np.pi * 440 * time) * np.hanning(48_000)[:, None]
    song = write_song({"Bass.wav": tone}, rates={"Bass.wav": 48_000})
    sum_system.mix(song, tmp_path / "out", Delivery(rate="source", bits="32f"))
    np.testing.assert_allclose(read(tmp_path / "out/mix.wav")[0], tone[:, 0], atol=1e-4)


def test_an_integer_mix_is_never_clipped(sum_system, write_song, tmp_path):
    loud = np.clip(noise(0.5, level=0.5), -0.99, 0.99)
    song = write_song({"Kick.wav": loud, "Bass.wav": loud})
    report, found = mix(sum_system, song, tmp_path / "out", Delivery(bits="16"))
    assert np.abs(found).max() < 1
    output = report.outputs[0]
    assert output.gain_db < -5
    assert output.gain_reason == "to stay under -0.001 dBTP"
    np.testing.assert_allclose(found[0], 2 * loud[:, 0] * 10 ** (output.gain_db / 20), atol=1e-4)


def test_a_float_mix_keeps_its_level(sum_system, write_song, tmp_path):
    loud = np.clip(noise(0.5, level=0.5), -0.99, 0.99)
    report, found = mix(sum_system, write_song({"Kick.wav": loud, "Bass.wav": loud}), tmp_path / "out")
    assert np.abs(found).max() > 1.5
    assert report.outputs[0].gain_db == 0
    assert report.outputs[0].true_peak_dbtp > 3


def test_loudness_and_ceiling(sum_system, write_song, tmp_path):
    song = write_song({"Bass.wav": noise(2.0)})
    report, _ = mix(sum_system, song, tmp_path / "a", Delivery(loudness_lufs=-23))
    assert report.outputs[0].loudness_lufs == pytest.approx(-23, abs=0.01)
    report, _ = mix(sum_system, song, tmp_path / "b", Delivery(loudness_lufs=-5, ceiling_dbtp=-1))
    assert report.outputs[0].true_peak_dbtp == pytest.approx(-1, abs=0.01)
    assert "dB less to stay under -1 dBTP" in report.outputs[0].gain_reason


def test_stems_that_would_clip_are_lowered_alike(sum_system, write_song, tmp_path):
    loud = np.clip(noise(0.5, level=0.5), -0.99, 0.99)
    song = write_song({"Kick.wav": loud, "Snare.wav": loud, "Bass.wav": noise(0.5)})
    report, _ = mix(sum_system, song, tmp_path / "out", Delivery())
    gains = {output.gain_db for output in report.outputs[1:]}
    assert len(gains) == 1
    assert gains.pop() < -5


def test_without_stems_only_the_mix(tiny_system, band, tmp_path):
    tiny_system.mix(band, tmp_path / "out", Delivery(stems=False, format="flac"))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"mix.flac", "report.json", "session.yaml"}


def test_what_is_written_beside_the_mix(tiny_system, band, tmp_path):
    report = tiny_system.mix(band, tmp_path / "out")
    written = json.loads((tmp_path / "out/report.json").read_text())
    assert written == json.loads(report.dump())
    assert [output["file"] for output in written["outputs"]] == [
        "mix.wav", "stems/drums.wav", "stems/bass.wav", "stems/vocals.wav", "stems/other.wav",
    ]  # fmt: skip
    for output in written["outputs"]:
        assert math.isfinite(output["loudness_lufs"])
        assert (tmp_path / "out" / output["file"]).is_file()
    assert set(written["seconds_taken"]) == {
        "check", "drums", "bass", "vocals", "other", "mix", "measure", "write", "total",
    }  # fmt: skip
    assert written["models"]["drums"]["sha256"] == tiny_system.model("drums").config.sha256
    kick = written["tracks"][1]
    assert (kick["file"], kick["role"], kick["slots"]) == ("Drums/Kick.wav", "kick", [1])
    assert (kick["rate"], kick["frames"], kick["channels"]) == (44_100, 22_050, 1)
    again = open_session(tmp_path / "out/session.yaml")
    assert [track.file for track in again.tracks] == [track.file for track in open_session(band).tracks]
    _, first = mix(tiny_system, band, tmp_path / "a")
    _, second = mix(tiny_system, tmp_path / "out/session.yaml", tmp_path / "b")
    np.testing.assert_array_equal(first, second)


def test_the_progress_of_every_stage_is_complete(tiny_system, band, tmp_path):
    class Watcher(NoProgress):
        def __init__(self):
            self.stages = []

        def stage(self, name, total):
            self.stages.append([name, total, 0])

        def advance(self, amount):
            self.stages[-1][2] += amount

    watcher = Watcher()
    tiny_system.mix(band, tmp_path / "out", progress=watcher)
    assert [name for name, _, _ in watcher.stages] == [
        "check", "drums", "bass", "vocals", "other", "mix", "measure", "write",
    ]  # fmt: skip
    assert all(total == done for _, total, done in watcher.stages)


def test_a_model_that_expects_a_loudness_gets_it(tmp_path, write_song):
    for name, entry in TASKS.items():
        loudness = {"drums": -30.0, "mix": -40.0}.get(name)
        config = ModelConfig(name, "trained", entry.slots, levels=3, filters=2, input_loudness_lufs=loudness)
        save(sum_of_inputs_(config.build(), entry.input_channels), config, tmp_path / "weights" / name)
    system = AutoMix.from_pretrained(tmp_path / "weights", engine=Engine("cpu"))
    song = write_song(
        {"Kick.wav": noise(1.0), "Snare.wav": noise(1.0, level=0.01, seed=2), "Vox.wav": noise(1.0, seed=9)}
    )
    report, _ = mix(system, song, tmp_path / "out")
    loudness = {output.file: output.loudness_lufs for output in report.outputs}
    # Two uncorrelated tracks, each -30 LUFS in mono: 3 dB for the two of them, 3 dB for both channels.
    assert loudness["stems/drums.wav"] == pytest.approx(-24, abs=0.1)
    assert loudness["mix.wav"] == pytest.approx(-37, abs=0.1)
    done = {track["file"]: track["done"] for track in report.tracks}
    assert done["Vox.wav"] == []
    assert "to what the model expects" in done["Snare.wav"][0]


def test_tensors_of_some_groups_and_silent_songs_of_a_batch(tiny_system):
    drums = torch.randn(2, 3, 1000, generator=torch.manual_seed(0))
    drums[1] = 0
    with torch.no_grad():
        mixdown = tiny_system({"drums": drums})
        alone = tiny_system({"drums": drums[:1]})
    assert mixdown.mix.shape == (2, 2, 1000)
    assert not mixdown.stems["drums"][1].any()
    assert not mixdown.stems["vocals"].any()
    torch.testing.assert_close(mixdown.mix[:1], alone.mix)


@pytest.mark.parametrize(
    ("tracks", "message"),
    [
        ({}, "give tracks for one or more of drums"),
        ({"tuba": torch.zeros(1, 1, 10)}, "got tuba"),
        ({"drums": torch.zeros(1, 10)}, "must be \\(batch, tracks, samples\\)"),
        ({"drums": torch.zeros(1, 1, 10), "bass": torch.zeros(1, 1, 11)}, "of one batch size and length"),
    ],
)
def test_tensors_that_do_not_go_together(tiny_system, tracks, message):
    with pytest.raises(ValueError, match=message):
        tiny_system(tracks)


def test_a_system_needs_all_five_models(tiny_weights):
    with pytest.raises(ValueError, match="the system is made of drums"):
        AutoMix({"drums": load("drums", tiny_weights)})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ceiling_dbtp": 3}, "ceiling must be at most 0 dBTP"),
        ({"ceiling_dbtp": math.nan}, "ceiling must be"),
        ({"loudness_lufs": 1}, "loudness must be"),
        ({"loudness_lufs": -80}, "loudness must be"),
        ({"rate": 100}, "rate must be 8000 to 384000 Hz"),
        ({"format": "flac", "bits": "32f"}, "FLAC has no floating-point"),
    ],
)
def test_impossible_deliveries(options, message):
    with pytest.raises(ValueError, match=message):
        Delivery(**options)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_cuda_gives_the_cpus_mix(tiny_weights, band, tmp_path):
    _, cpu = mix(AutoMix.from_pretrained(tiny_weights, engine=Engine("cpu")), band, tmp_path / "cpu")
    _, cuda = mix(AutoMix.from_pretrained(tiny_weights, engine=Engine("cuda")), band, tmp_path / "cuda")
    np.testing.assert_allclose(cuda, cpu, atol=1e-5)


def test_models_of_several_sample_rates_are_refused(tiny_weights, tmp_path):
    weights = shutil.copytree(tiny_weights, tmp_path / "weights")
    config = weights / "bass" / "config.json"
    config.write_text(config.read_text().replace("44100", "48000"))
    with pytest.raises(WavemixError, match=r"bass: works at 48000 Hz and .*mix at 44100 Hz; use five models of one"):
        AutoMix.from_pretrained(weights, engine=Engine("cpu"))
