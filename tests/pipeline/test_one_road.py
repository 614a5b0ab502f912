"""Disk, arrays, tensors, evaluation and students: one road, and so one mix."""

import math

import numpy as np
import pytest
import soundfile
import torch
from conftest import RATE, noise, read

from wavemix.data.inputs import Inputs
from wavemix.data.plain import open_song
from wavemix.data.song_audio import read_song
from wavemix.errors import WavemixError
from wavemix.evaluation.mixes import mix_stems, stems_of
from wavemix.pipeline import Balance, Delivery
from wavemix.session.groups import GROUPS
from wavemix.training.students import StemModels

FLOAT = Delivery(bits="32f")

SECONDS = 0.6


@pytest.fixture
def tracks() -> dict[str, np.ndarray]:
    """Twelve kicks for ten slots, stereo tracks, one of four channels, one that ends early, one that is silent."""
    return {
        "bass/amp.wav": 0 * noise(SECONDS),
        "bass/di.wav": noise(SECONDS / 2, seed=20),
        **{f"drums/kick {number}.wav": noise(SECONDS, seed=number, level=0.02 * number) for number in range(1, 12)},
        "drums/kick 12.wav": noise(SECONDS, channels=2, seed=12),
        "other/guitar.wav": noise(SECONDS, seed=41),
        "other/keys.wav": noise(SECONDS, channels=2, seed=40, level=0.01),
        "vocals/lead.wav": noise(SECONDS, channels=4, seed=30),
    }


@pytest.fixture
def song(write_song, tracks):
    """The same as a song in the plain layout."""
    folder = write_song({f"raw/{file}": samples for file, samples in tracks.items()})
    lead = "vocals/lead.wav"  # with a layout, else each of its channels would be a track
    soundfile.write(folder / "raw" / lead, tracks[lead], RATE, format="WAVEX", subtype="FLOAT")
    (folder / "song.yaml").write_text("title: A song\n")
    return open_song(folder)


def in_memory(tracks: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: samples.T.astype(np.float32) for name, samples in tracks.items()}


def on_disk(system, song, out, **options):
    report = system.mix(song.folder, out, FLOAT, **options)
    return read(out / "mix.wav"), {group: read(out / f"stems/{group}.wav") for group in GROUPS}, report


@pytest.mark.parametrize("options", [{}, {"balance": Balance({"vocals": 3.0}, amount=60)}, {"block_seconds": 0.11}])
def test_disk_and_arrays_give_the_same_samples(levelled, song, tracks, tmp_path, options):
    system = levelled()
    mix, stems, report = on_disk(system, song, tmp_path / "out", **options)
    found = system.mix_arrays(in_memory(tracks), RATE, **options)
    assert found.sample_rate == RATE
    assert found.mix.dtype == np.float32
    np.testing.assert_array_equal(found.mix, mix)
    for group in GROUPS:
        np.testing.assert_array_equal(found.stems[group], stems[group])
    for name in ("tracks", "balance", "seconds", "rate"):
        assert getattr(found.report, name) == getattr(report, name)
    assert {name: model["ran"] for name, model in found.report.models.items()} == {
        name: model["ran"] for name, model in report.models.items()
    }
    assert [output.loudness_lufs for output in found.report.outputs] == [
        output.loudness_lufs for output in report.outputs
    ]


def test_evaluation_gives_the_same_mix(levelled, song, tmp_path):
    system = levelled()
    mix, stems, _ = on_disk(system, song, tmp_path / "out")
    found = stems_of(song, read_song(song, RATE), system)
    assert set(found) == set(GROUPS)
    for group in GROUPS:
        np.testing.assert_allclose(found[group], stems[group], atol=1e-6)
    np.testing.assert_allclose(mix_stems(system, found), mix, atol=1e-6)


def test_students_give_the_same_stems_and_training_reads_the_same_inputs(levelled, song, tmp_path):
    system = levelled()
    _, stems, report = on_disk(system, song, tmp_path / "out")
    audio = read_song(song, RATE)
    found = StemModels({group: system.model(group) for group in GROUPS})(song.tracks, audio.raw, RATE)
    for group in GROUPS:
        np.testing.assert_allclose(found[group], stems[group], atol=1e-6)
    model = system.model("drums")
    drums = [index for index, track in enumerate(song.tracks) if track.group == "drums"]
    inputs = Inputs("drums", RATE, model.config.input_levels)
    placed = inputs.place_tracks([song.tracks[index] for index in drums], [audio.raw[index] for index in drums])
    used = {slot for track in report.tracks if track["group"] == "drums" for slot in track["slots"]}
    assert {slot + 1 for slot in np.flatnonzero(placed.any(axis=(0, 2)))} == used == set(range(1, 11))
    assert placed.shape[0] == 2  # the twelfth kick is stereo


def test_tensors_of_placed_inputs_give_the_same_mix(levelled, write_song, tmp_path):
    """Mono tracks in their slots; a second song of the batch, in which only the bass sounds, does not matter to it."""
    system = levelled()
    kick, snare, di = (noise(SECONDS, seed=seed) for seed in range(3))
    folder = write_song({"Kick.wav": kick, "Snare.wav": snare, "Bass.wav": di})
    system.mix(folder, tmp_path / "out", FLOAT)
    batch = {
        "drums": torch.from_numpy(np.concatenate([kick.T, snare.T])).float().expand(2, -1, -1).clone(),
        "bass": torch.from_numpy(di.T).float().expand(2, 1, -1),
    }
    batch["drums"][1] = 0
    with torch.no_grad():
        mixdown = system(batch)
    np.testing.assert_allclose(mixdown.mix[0], read(tmp_path / "out/mix.wav"), atol=1e-6)
    np.testing.assert_allclose(mixdown.stems["drums"][0], read(tmp_path / "out/stems/drums.wav"), atol=1e-6)
    assert not mixdown.stems["drums"][1].any()


def test_tensors_have_no_premix_of_their_own(tiny_system):
    with pytest.raises(ValueError, match=r"has 10 slots and was given 12 tracks; `AutoMix.mix_arrays` finds slots"):
        tiny_system({"drums": torch.zeros(1, 12, 1000)})
    with pytest.raises(ValueError, match="has 4 slots and was given 5 tracks"):
        tiny_system.model("bass")(torch.zeros(1, 5, 1000))


def test_a_model_that_gives_no_numbers_is_refused_by_every_way(levelled, song, tracks, tmp_path):
    system = levelled()
    with torch.no_grad():
        system.model("drums").net.output.bias.fill_(math.nan)
    for go in (
        lambda: system.mix(song.folder, tmp_path / "out"),
        lambda: system.mix_arrays(in_memory(tracks), RATE),
        lambda: system({"drums": torch.ones(1, 1, 1000)}),
        lambda: stems_of(song, read_song(song, RATE), system),
    ):
        with pytest.raises(WavemixError, match="`drums` gave NaN or infinite samples; check its weights"):
            go()
    assert not (tmp_path / "out").exists()
