from dataclasses import dataclass

import numpy as np
import pytest
import torch

from wavemix.data.augment import Augmentation
from wavemix.data.crops import SILENT_KEPT, GridBatches, RandomBatches, Share, Window
from wavemix.data.loader import Loader
from wavemix.waveunet import WaveUNet

NET = WaveUNet(inputs=2, levels=2, filters=1)
TARGET = 100


@dataclass
class Song:
    """Stands for a `CachedSong`: every sample tells its own place, from `offset` on."""

    samples: int
    offset: int = 1
    silent_from: int = 1 << 60
    sides: int = 1

    @property
    def tracks(self) -> torch.Tensor:
        return self.target.expand(self.sides, -1, -1)

    @property
    def target(self) -> torch.Tensor:
        place = torch.arange(self.samples, dtype=torch.float32) + self.offset
        return torch.where(torch.arange(self.samples) < self.silent_from, place, 0).expand(2, -1)

    def silent(self, start: int, samples: int) -> bool:
        return start >= self.silent_from


WINDOW = Window.of(NET, TARGET)


def test_the_target_lies_context_samples_into_the_tracks():
    tracks, target = RandomBatches([Song(5_000)], WINDOW, 16)[3]
    assert tracks.shape == (16, 1, 2, NET.input_length(TARGET))
    assert target.shape == (16, 2, TARGET)
    assert torch.equal(tracks[:, 0, :, NET.context :][..., :TARGET], target)
    assert NET(tracks[:, 0]).shape[-1] >= TARGET


def test_beside_a_stereo_track_the_one_side_of_mono_songs_is_both():
    songs = [Song(5_000), Song(5_000, offset=10_000, sides=2)]
    tracks, target = RandomBatches(songs, WINDOW, 16)[0]
    assert tracks.shape == (16, 2, 2, NET.input_length(TARGET))
    assert {bool(piece[0, 0] > 9_000) for piece in target} == {False, True}
    for side in range(2):
        assert torch.equal(tracks[:, side, :, NET.context :][..., :TARGET], target)


def test_mono_songs_are_validated_once_a_piece():
    songs = [Song(1_000), Song(1_000, offset=10_000, sides=2), Song(500)]
    sides = [len(example) for tracks, _ in GridBatches(songs, NET, 4, TARGET) for example in tracks]
    assert sorted(sides) == [1] * 15 + [2] * 10


def test_beyond_the_ends_there_is_silence():
    song = Song(300)
    tracks, target = WINDOW.cut(song, 0)
    assert not tracks[..., : NET.context].any()
    assert torch.equal(tracks[0, :, NET.context :][:, :TARGET], target)
    tracks, target = WINDOW.cut(song, 200)
    assert target[0, -1] == 300
    assert not tracks[..., NET.context + TARGET :].any()


def test_a_batch_depends_on_seed_and_number_alone():
    songs = [Song(3_000), Song(2_000, offset=10_000)]
    source, again = RandomBatches(songs, WINDOW, 4, seed=1), RandomBatches(songs, WINDOW, 4, seed=1)
    forward = [source[number] for number in range(5)]
    for number in reversed(range(5)):
        assert torch.equal(again[number][0], forward[number][0])
    assert not torch.equal(forward[0][1], forward[1][1])
    assert not torch.equal(RandomBatches(songs, WINDOW, 4, seed=2)[0][1], forward[0][1])


def test_augmented_batches_depend_on_seed_and_number_alone():
    songs = [Song(3_000), Song(2_000, offset=10_000)]
    vary = Augmentation(gain_db=6, remix=0.5, mono=0.5)
    source, again = (RandomBatches(songs, WINDOW, 4, augmentation=vary) for _ in range(2))
    source[0], source[1]
    assert torch.equal(source[2][0], again[2][0])


def test_processes_divide_a_batch():
    whole = RandomBatches([Song(5_000)], WINDOW, 6)[7]
    parts = [RandomBatches([Song(5_000)], WINDOW, 6, share=Share(rank, 3))[7] for rank in range(3)]
    assert torch.equal(torch.cat([target for _, target in parts]), whole[1])
    assert torch.equal(torch.cat([tracks for tracks, _ in parts]), whole[0])


def test_songs_come_in_proportion_to_their_length():
    songs = [Song(3_000), Song(1_000, offset=10_000)]
    firsts = torch.cat([batch[1][:, 0, 0] for batch in (RandomBatches(songs, WINDOW, 500)[i] for i in range(4))])
    assert float((firsts > 9_000).float().mean()) == pytest.approx(0.25, abs=0.04)
    assert firsts[firsts < 9_000].min() < 50
    assert firsts[firsts < 9_000].max() > 2_850


def test_silent_targets_are_rare():
    songs = [Song(20_000, silent_from=10_000)]
    targets = RandomBatches(songs, WINDOW, 1_000)[0][1]
    silent = float((targets.abs().amax(dim=(1, 2)) == 0).float().mean())
    expected = SILENT_KEPT / (1 + SILENT_KEPT)  # half of all draws are silent
    assert silent == pytest.approx(expected, abs=0.03)


def test_songs_that_are_silent_throughout_are_drawn_all_the_same():
    assert not RandomBatches([Song(5_000, silent_from=0)], WINDOW, 2)[0][1].any()


def test_a_song_shorter_than_a_crop_lies_inside_it():
    tracks, target = RandomBatches([Song(60)], WINDOW, 50)[0]
    for piece in target[:, 0]:
        assert torch.equal(piece[piece > 0], torch.arange(60) + 1.0)
    assert torch.equal(tracks[:, 0, :, NET.context :][..., :TARGET], target)
    starts = {int(np.flatnonzero(piece)[0]) for piece in target[:, 0]}
    assert len(starts) > 10


def test_the_grid_holds_every_sample_once():
    songs = [Song(1_050), Song(250, offset=2_000), Song(300, offset=5_000)]
    batches = list(GridBatches(songs, NET, 4, TARGET))
    for tracks, target in batches:
        assert tracks.shape[-1] == NET.input_length(target.shape[-1])
        assert torch.equal(tracks[:, 0, :, NET.context :][..., : target.shape[-1]], target)
    samples = torch.cat([target[:, 0].flatten() for _, target in batches])
    expected = torch.cat([song.target[0] for song in songs])
    assert torch.equal(samples.sort().values, expected.sort().values)


def test_processes_divide_the_grid():
    songs = [Song(1_050), Song(250, offset=2_000)]
    batches = [batch for rank in range(2) for batch in GridBatches(songs, NET, 4, TARGET, Share(rank, 2))]
    assert sum(target[:, 0].numel() for _, target in batches) == 1_300
    with pytest.raises(ValueError, match="14 pieces cannot be divided among 20"):
        GridBatches(songs, NET, 4, TARGET, Share(0, 20))


def test_batches_must_divide_evenly():
    with pytest.raises(ValueError, match="cannot be divided"):
        RandomBatches([Song(500)], WINDOW, 5, share=Share(0, 2))
    with pytest.raises(ValueError, match="negative"):
        RandomBatches([Song(500)], WINDOW, 5, seed=-1)


def test_a_pass_begins_where_the_training_stands():
    source = RandomBatches([Song(5_000)], WINDOW, 2)
    position = 3
    loader = Loader(source, 4, lambda: position)
    assert len(loader) == 4
    assert [torch.equal(batch[1], source[3 + i][1]) for i, batch in enumerate(loader)] == [True] * 4
    position = 8
    assert torch.equal(next(iter(loader))[1], source[8][1])


def test_other_processes_make_the_same_batches():
    source = RandomBatches([Song(5_000)], WINDOW, 2)
    position = 3
    loader = Loader(source, 4, lambda: position, workers=2)
    next(iter(loader))  # a pass that is broken off
    for position in (5, 9):
        assert [torch.equal(batch[1], source[position + i][1]) for i, batch in enumerate(loader)] == [True] * 4
