import math
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning import Trainer

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.data.datamodule import MixDataModule
from wavemix.data.inputs import Inputs
from wavemix.metrics.artefacts import high_frequencies_db
from wavemix.models import BassModule
from wavemix.training.baselines import compare, even_gains, fit_gains, likeness, plain_gains
from wavemix.waveunet import WaveUNet, sum_of_inputs_
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.mixer import Mixer
from wavemix.zoo.registry import TASKS

pytestmark = pytest.mark.filterwarnings("ignore:`isinstance\\(treespec, LeafSpec\\)` is deprecated")  # Lightning's use

GAINS = np.array([[0.5, -0.25], [0.75, 1.0]])
"""From two tracks to left and right."""


def noise(seed: int, channels: int, samples: int) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal((samples, channels))


@pytest.fixture
def songs(write_song) -> Path:
    """The stems are static mixes of the tracks, in the test song with an amplifier's track on top."""
    for seed, (split, samples) in enumerate({"train": 9_000, "valid": 5_000, "test": 4_321}.items()):
        tracks = noise(seed, 2, samples)
        stem = tracks @ GAINS.T
        files = {"raw/bass/di.wav": tracks[:, :1], "raw/bass/sub.wav": tracks[:, 1:], "stems/bass.wav": stem}
        if split == "test":
            files["raw/bass/amp.wav"] = noise(9, 1, samples)
            files["stems/bass.wav"] = stem + files["raw/bass/amp.wav"]
        files["mix.wav"] = files["stems/bass.wav"]
        folder = write_song(files, f"songs/{split}/song")
        (folder / "song.yaml").write_text("title: A song\n")
    return folder.parents[1]


@pytest.fixture
def net() -> WaveUNet:
    return WaveUNet(4, levels=3, filters=2)


@pytest.fixture
def bass(songs, net) -> MixDataModule:
    return MixDataModule(songs, "bass", net=net, batch_size=4, target_samples=1_000)


def test_static_gains_are_found(bass):
    gains = fit_gains(bass.songs("train"), plain_gains(bass.inputs))
    np.testing.assert_allclose(gains[:, [0, 3]], GAINS, atol=1e-5)


def test_even_gains_lean_to_no_side():
    gains = torch.tensor([[0.5, -0.25, 1, 0], [0.75, 1, 0, 1]])
    levels = torch.tensor([0.625, 0.375, 0.5, 0.5])
    assert torch.equal(even_gains(gains, Inputs("bass", 44_100)), torch.stack((levels, levels)))


def test_even_gains_of_stems_keep_their_sides():
    inputs = Inputs("mix", 44_100)
    leaning = torch.zeros(2, 8)
    leaning[0, 2], leaning[1, 3], leaning[1, 2] = 1, 0.5, 0.25
    expected = torch.zeros(2, 8)
    expected[[0, 1], [2, 3]], expected[[0, 1], [3, 2]] = 0.75, 0.125
    assert torch.equal(even_gains(leaning, inputs), expected)
    plain = plain_gains(inputs)
    assert torch.equal(even_gains(plain, inputs), plain)


def test_slots_that_nobody_took_in_training_keep_the_plain_sum(bass):
    assert torch.equal(fit_gains(bass.songs("train"), plain_gains(bass.inputs))[:, [1, 2]], torch.ones(2, 2))
    rows = {row.name: row for row in compare(bass, "test")}
    assert rows["static gains"].snr_db > 80


def test_scores_are_means_over_all_samples(bass):
    tracks = noise(1, 2, 5_000)
    stem = tracks @ GAINS.T
    silence, plain, static = compare(bass)
    assert silence.loss == pytest.approx(np.square(stem).mean(), rel=1e-5)
    assert silence.snr_db == 0
    assert plain.loss == pytest.approx(np.square(stem - tracks.sum(axis=1, keepdims=True)).mean(), rel=1e-5)
    assert plain.snr_db == pytest.approx(10 * math.log10(silence.loss / plain.loss))
    assert static.loss < 1e-10


def test_a_model_scores_as_the_trainer_validates_it(bass, net):
    module = BassModule(net)
    trainer = Trainer(accelerator="cpu", logger=False, enable_progress_bar=False, enable_model_summary=False)
    trainer.validate(module, bass, verbose=False)
    row = compare(bass, trained=net)[-1]
    assert row.name == "model"
    assert row.loss == pytest.approx(float(trainer.callback_metrics["valid/loss"]), rel=1e-5)


def test_the_sum_initialisation_scores_as_the_plain_sum(bass, net):
    config = ModelConfig("bass", "trained", TASKS["bass"].slots, levels=3, filters=2)
    rows = {row.name: row for row in compare(bass, trained=Mixer(sum_of_inputs_(net), config))}
    assert rows["model"].loss == pytest.approx(rows["plain sum"].loss, rel=1e-5)
    loud = ModelConfig("bass", "trained", TASKS["bass"].slots, levels=3, filters=2, input_loudness_lufs=-20)
    with pytest.raises(ValueError, match="loudness_lufs=-20"):
        compare(bass, trained=Mixer(net, loud))


def test_stems_are_summed_side_by_side(songs):
    net = WaveUNet(8, levels=3, filters=2)
    mix = MixDataModule(songs, "mix", net=net, batch_size=4, target_samples=1_000)
    rows = {row.name: row for row in compare(mix)}
    assert rows["plain sum"].loss == 0
    assert rows["plain sum"].snr_db == math.inf
    assert torch.equal(plain_gains(mix.inputs)[:, :4], torch.tensor([[1.0, 0, 1, 0], [0, 1, 0, 1]]))


def test_stereo_tracks_are_fitted_side_by_side(write_song, net):
    tracks = noise(1, 2, 9_000)
    files = {"raw/bass/di.wav": tracks, "stems/bass.wav": tracks * [0.5, 0.25]}
    for split in ("train", "valid"):
        (write_song(files, f"stereo/{split}/song") / "song.yaml").write_text("title: A song\n")
        songs = write_song({}, f"stereo/{split}").parent
    data = MixDataModule(songs, "bass", net=net, batch_size=4, target_samples=1_000)
    gains = fit_gains(data.songs("train"), plain_gains(data.inputs))
    np.testing.assert_allclose(gains[:, 0], [0.5, 0.25], atol=1e-5)
    _, plain, static, model = compare(data, trained=sum_of_inputs_(net))
    assert static.loss < 1e-10
    assert plain.loss == pytest.approx(np.square(tracks * [0.5, 0.75]).mean(), rel=1e-5)
    assert model.loss == pytest.approx(plain.loss, rel=1e-5)


def test_likeness_is_the_ratio_of_powers_of_all_and_of_side(bass):
    [song] = bass.songs("valid")
    net = sum_of_inputs_(WaveUNet(4, levels=3, filters=2))
    summed = song.tracks[0].sum(dim=0, keepdim=True).numpy()
    target = song.target.numpy()
    found = likeness(song, net, SAMPLE_RATE)
    power = np.square(target).sum() / np.square(summed - target).sum()
    side = target[0] - target[1]
    assert found.snr_db == pytest.approx(10 * math.log10(power), abs=1e-3)
    assert found.side_snr_db == pytest.approx(0, abs=1e-3)  # the sum has no side: all of the target's is missing
    assert np.abs(side).max() > 0.01
    assert found.treble_db == pytest.approx(high_frequencies_db(np.repeat(summed, 2, 0), target, SAMPLE_RATE), abs=1e-3)


def test_a_mono_target_has_no_side_to_be_like(write_song, net):
    tone = noise(3, 1, 4_000)
    folder = write_song({"raw/bass/di.wav": tone, "stems/bass.wav": tone}, "mono/valid/song")
    (folder / "song.yaml").write_text("title: A song\n")
    data = MixDataModule(folder.parents[1], "bass", net=net, batch_size=1)
    [song] = data.songs("valid")
    assert likeness(song, net, SAMPLE_RATE).side_snr_db is None
