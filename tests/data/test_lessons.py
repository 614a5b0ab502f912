"""The engineer's lessons: what a crop's target is, whatever was put together."""

from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import RATE, noise

from wavemix.data.cache import cached
from wavemix.data.crops import Share, Window
from wavemix.data.datamodule import MixDataModule
from wavemix.data.inputs import Inputs
from wavemix.data.lessons import Lessons
from wavemix.data.plain import open_song
from wavemix.dsp.loudness import metered
from wavemix.engineer.engineer import blend, mix_of, stem_of, treat
from wavemix.engineer.practice import STEM_LEVELS, TRACK_LEVELS
from wavemix.errors import WavemixError
from wavemix.session.groups import GROUPS, MIX
from wavemix.waveunet import WaveUNet

TARGET = 5_000


@pytest.fixture
def songs(write_song) -> Path:
    """Two songs with raw tracks and nothing else, one of them to listen to only."""
    for seed, place in enumerate(("train/one", "demo/two", "valid/three")):
        files = {
            "raw/drums/Kick.wav": noise(1.5, seed=seed),
            "raw/drums/Overheads.wav": noise(1.5, channels=2, seed=10 + seed),
            "raw/vocals/Lead Vox.wav": noise(1.5, seed=20 + seed),
        }
        folder = write_song(files, f"songs/{place}")
        (folder / "song.yaml").write_text(f"title: {place}\nlicence: CC0-1.0\n")
    return folder.parents[1]


def lessons(songs: Path, model: str, net: WaveUNet, **options) -> Lessons:
    levels = STEM_LEVELS if model == MIX else TRACK_LEVELS
    inputs = Inputs(model, RATE, levels, taught=True)
    made = [cached(open_song(songs / place), inputs, songs / ".cache") for place in ("train/one", "demo/two")]
    return Lessons([[song] for song in made], Window.of(net, TARGET), 4, model, RATE, **options)


def net_of(model: str) -> WaveUNet:
    return WaveUNet(8 if model == MIX else len(GROUPS[model].slots), levels=3, filters=1)


def test_a_song_holds_its_slots_treated_and_the_engineers_stem(songs):
    inputs = Inputs("drums", RATE, TRACK_LEVELS, taught=True)
    song = cached(open_song(songs / "train/one"), inputs, songs / ".cache")
    assert song.tracks.shape == song.treated.shape == (2, 10, song.samples)
    for side in range(2):
        np.testing.assert_array_equal(song.treated[side], treat("drums", song.tracks[side].numpy(), RATE))
    np.testing.assert_array_equal(song.target, stem_of("drums", song.tracks.numpy(), RATE))


@pytest.mark.parametrize("model", ["drums", "vocals", MIX])
def test_the_target_is_what_the_engineer_makes_of_the_tracks(songs, model):
    """The crop as the network reads it, and silence around it, gives the target, but near its ends."""
    net = WaveUNet(net_of(model).inputs, levels=10, filters=1)
    tracks, target = lessons(songs, model, net)[0]
    assert tracks.shape == (4, 1, net.inputs, net.input_length(TARGET))
    assert target.shape == (4, 2, TARGET)
    for crop, wanted in zip(tracks[:, 0].numpy(), target.numpy(), strict=True):
        made = mix_of(crop, RATE) if model == MIX else blend(model, treat(model, crop, RATE), RATE)
        made = made[:, net.context :][:, :TARGET]
        error = np.square(made - wanted).sum() / np.square(wanted).sum()
        assert error < 1e-3  # the gains are computed once in 32 samples, and not at the same ones


def test_slots_of_two_places_come_together_and_some_are_left_out(songs):
    tracks = torch.cat([lessons(songs, "drums", net_of("drums"))[number][0] for number in range(15)])
    heard = tracks[:, 0].abs().amax(dim=-1) > 0
    assert (heard[:, [0, 5]].float().mean(dim=0) < 1).any()
    assert not heard[:, 1].any()  # no song has a snare


def test_a_batch_depends_on_its_number_and_the_seed_only(songs):
    net = net_of("vocals")
    first = lessons(songs, "vocals", net)[7]
    again = lessons(songs, "vocals", net)[7]
    other = lessons(songs, "vocals", net, seed=1)[7]
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0], other[0])
    halves = [lessons(songs, "vocals", net, share=Share(rank, 2))[7][0] for rank in range(2)]
    assert torch.equal(torch.cat(halves), first[0])


def test_songs_without_a_mix_are_learned_from_those_of_demo_too(songs):
    data = MixDataModule(songs, "drums", net=net_of("drums"), input_levels=TRACK_LEVELS, taught=True)
    assert [song.name for song in data.songs("train")] == ["one", "two"]
    with pytest.raises(WavemixError, match="has no drums stem"):
        MixDataModule(songs, "drums", net=net_of("drums")).songs("train")


def test_the_mix_model_learns_from_the_students_stems_beside_the_engineers(songs):
    def students(tracks, blocks, rate):
        return {"vocals": np.full((2, blocks[0].shape[1]), 0.1, np.float32)}

    data = MixDataModule(
        songs, MIX, net=net_of(MIX), input_levels=STEM_LEVELS, taught=True, students=students, target_samples=TARGET
    )
    batches = data.train_dataloader()
    tracks = torch.cat([batch[0] for batch, _ in zip(batches, range(4), strict=False)])[:, 0]
    only_vocals = tracks[:, :4].abs().amax(dim=(1, 2)) == 0
    inner = tracks[:, 4, 100:-100]
    constant = (inner.diff(dim=-1) == 0).all(dim=-1) & inner.any(dim=-1)
    assert 0.2 < constant.float().mean() < 0.8
    assert only_vocals[constant].all()


def test_a_songs_own_stem_is_as_loud_as_the_engineers_where_levels_are_its(write_song):
    """Fine-tuning on songs goes on from the engineer's weights: balance is learned, not the song's fader."""
    target = noise(1.5, channels=2, seed=3, level=0.003)
    folder = write_song({"raw/vocals/Lead.wav": noise(1.5, seed=4), "stems/vocals.wav": target}, "songs/train/one")
    (folder / "song.yaml").write_text("title: A song\n")
    made = cached(open_song(folder), Inputs("vocals", RATE, TRACK_LEVELS), folder / "cache")
    engineered = stem_of("vocals", made.tracks.numpy(), RATE)
    lufs = [metered(block, RATE).integrated_lufs() for block in (made.target.numpy(), engineered)]
    assert lufs[0] == pytest.approx(lufs[1], abs=0.01)
    assert np.corrcoef(made.target.numpy()[0], target[:, 0])[0, 1] > 0.999
