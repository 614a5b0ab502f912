from pathlib import Path

import numpy as np
import pytest
import torch
from lightning import Callback, Trainer

from wavemix.data.augment import Augmentation
from wavemix.data.datamodule import MixDataModule
from wavemix.errors import WavemixError
from wavemix.models import BassModule, MixModule
from wavemix.waveunet import WaveUNet

pytestmark = pytest.mark.filterwarnings("ignore:`isinstance\\(treespec, LeafSpec\\)` is deprecated")  # Lightning's use

LEVELS, TARGET = 3, 1_000


def noise(seed: int, channels: int, samples: int) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal((samples, channels)).astype(np.float32)


@pytest.fixture
def songs(write_song) -> Path:
    """Two training songs and a validation song for bass and mix; nothing for the others."""
    for name, samples in {"train/one": 9_000, "train/two": 7_000, "valid/three": 4_500}.items():
        bass = noise(samples, 2, samples)
        files = {"raw/bass/di.wav": bass[:, :1], "stems/bass.wav": bass, "stems/other.wav": -bass, "mix.wav": bass}
        folder = write_song(files, f"songs/{name}")
        (folder / "song.yaml").write_text("title: A song\n")
    return folder.parents[1]


def network(inputs: int = 4) -> WaveUNet:
    torch.manual_seed(0)
    return WaveUNet(inputs, levels=LEVELS, filters=2)


def data(songs: Path, net: WaveUNet | None = None, **settings: object) -> MixDataModule:
    settings = {"batch_size": 4, "steps_per_epoch": 4, "target_samples": TARGET} | settings
    return MixDataModule(songs, "bass", net=net or network(), **settings)


def trainer(folder: Path, **settings: object) -> Trainer:
    quiet = dict.fromkeys(("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False)
    return Trainer(accelerator="cpu", default_root_dir=folder, **quiet, **settings)


class Record(Callback):
    """The first sample of every crop that is trained on; saves the training's state in mid-epoch."""

    def __init__(self, save_after: int = 0) -> None:
        self.seen: list[list[float]] = []
        self.save_after = save_after

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_index) -> None:
        self.seen.append(batch[1][:, 0, 0].tolist())
        if trainer.global_step == self.save_after:
            trainer.save_checkpoint(Path(trainer.default_root_dir) / "state.ckpt")


@pytest.mark.parametrize(("workers", "stop"), [(0, 6), (0, 8), (2, 6)], ids=["mid-epoch", "at its end", "workers"])
def test_a_training_that_goes_on_gets_the_batches_it_would_have_got(songs, tmp_path, workers, stop):
    whole, rest = Record(save_after=stop), Record()
    through, resumed = BassModule(network()), BassModule(network())
    trainer(tmp_path, max_epochs=3, callbacks=[whole]).fit(through, data(songs, through.net, workers=workers))
    trainer(tmp_path, max_epochs=3, callbacks=[rest]).fit(
        resumed, data(songs, resumed.net, workers=workers), ckpt_path=tmp_path / "state.ckpt"
    )
    assert len(whole.seen) == 12
    assert rest.seen == whole.seen[stop:]
    for name, weight in through.state_dict().items():
        assert torch.equal(resumed.state_dict()[name], weight), name


def test_no_batch_comes_twice(songs, tmp_path):
    record = Record()
    module = BassModule(network())
    trainer(tmp_path, max_epochs=2, limit_train_batches=3, callbacks=[record]).fit(module, data(songs, module.net))
    assert len({first for batch in record.seen for first in batch}) == 2 * 3 * 4


def test_workers_and_memory_give_the_same_batches(songs):
    plain, ahead, held = (
        data(songs, **settings) for settings in ({}, {"workers": 2}, {"resident": torch.device("cpu")})
    )
    for module in (plain, ahead, held):
        module.prepare_data()
        module.setup("fit")
    for loaders in (
        [module.train_dataloader() for module in (plain, ahead, held)],
        [module.val_dataloader() for module in (plain, ahead, held)],
    ):
        for one, two, three in zip(*loaders, strict=True):
            assert torch.equal(one[0], two[0])
            assert torch.equal(one[1], two[1])
            assert torch.equal(one[0], three[0])


def test_validation_loss_is_the_mean_over_all_samples(songs, tmp_path):
    module = BassModule(network(), start_at_sum=True)
    fitter = trainer(tmp_path)
    fitter.validate(module, data(songs, module.net, batch_size=3), verbose=False)
    stem = noise(4_500, 2, 4_500)
    expected = float(np.square(stem[:, :1] - stem).mean())
    assert float(fitter.callback_metrics["valid/loss"]) == pytest.approx(expected, rel=1e-5)


def test_the_test_split_is_asked_for_when_it_is_tested(songs, tmp_path):
    module = BassModule(network())
    with pytest.raises(WavemixError, match=r"holds no songs of the split `test`"):
        trainer(tmp_path).test(module, data(songs, module.net))


def test_the_mix_model_reads_stems(songs, tmp_path):
    module = MixModule(network(8))
    mixes = MixDataModule(songs, "mix", net=module.net, batch_size=2, steps_per_epoch=2, target_samples=TARGET)
    trainer(tmp_path, max_epochs=1).fit(module, mixes)
    tracks, target = next(iter(mixes.train_dataloader()))
    inner = tracks[:, 0, :, module.net.context :][..., :TARGET]
    assert torch.equal(inner[:, 2:4], target)
    assert torch.equal(inner[:, 6:8], -target)
    assert not inner[:, [0, 1, 4, 5]].any()


def test_songs_that_do_not_serve_the_model_are_passed_over(songs):
    (songs / "train" / "one" / "song.yaml").write_text("alignment: {left_out: {bass: another take}}\n")
    assert [song.name for song in data(songs).songs("train")] == ["two"]


def test_an_empty_split_is_one_sentence_before_anything_starts(songs, tmp_path):
    with pytest.raises(WavemixError, match=r"none of its 2 songs .*`train` serves the model `vocals` \(has no vocals"):
        MixDataModule(songs, "vocals", net=network()).prepare_data()
    (songs / "valid" / "three").rename(songs / "test")
    module = BassModule(network())
    with pytest.raises(WavemixError, match=r"songs: holds no songs of the split `valid`; prepare some"):
        trainer(tmp_path, max_epochs=1).fit(module, data(songs, module.net))
    with pytest.raises(WavemixError, match="no such folder"):
        data(songs / "nowhere").prepare_data()


def test_settings_must_go_together(songs):
    with pytest.raises(ValueError, match="bass has 4 inputs, the network 3"):
        data(songs, network(3))
    with pytest.raises(ValueError, match="no model 'drum'"):
        MixDataModule(songs, "drum", net=network())
    with pytest.raises(WavemixError, match="set workers to 0"):
        data(songs, workers=2, resident=torch.device("cpu"))
    with pytest.raises(WavemixError, match="`remix` is not made for the model `bass`"):
        data(songs, augmentation=Augmentation(remix=0.5))


def test_augmented_training_differs_and_validation_does_not(songs):
    plain, varied = data(songs), data(songs, augmentation=Augmentation(gain_db=6))
    for module in (plain, varied):
        module.setup("fit")
    assert not torch.equal(next(iter(plain.train_dataloader()))[0], next(iter(varied.train_dataloader()))[0])
    assert torch.equal(next(iter(plain.val_dataloader()))[0], next(iter(varied.val_dataloader()))[0])


def test_a_cache_elsewhere(songs, tmp_path):
    data(songs, cache=tmp_path / "elsewhere").prepare_data()
    assert not (songs / ".cache").exists()
    assert len(list((tmp_path / "elsewhere" / "bass").glob("*.active.npy"))) == 3
