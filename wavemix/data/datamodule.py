"""The data that the five models train on, from prepared songs to batches."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from lightning import LightningDataModule

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.data.augment import Augmentation
from wavemix.data.cache import CachedSong, cached, default_folder
from wavemix.data.crops import ALL, Batches, GridBatches, RandomBatches, Share, Window
from wavemix.data.inputs import Inputs, Students
from wavemix.data.lessons import Lessons
from wavemix.data.loader import Loader
from wavemix.data.plain import PlainSong, find_songs
from wavemix.dsp.input_levels import AS_THEY_COME, InputLevels
from wavemix.errors import WavemixError
from wavemix.waveunet.network import WaveUNet

"""Hz, of all models."""

NEEDED = {"fit": ("train", "valid"), "validate": ("valid",), "test": ("test",)}
"""The splits that each of the trainer's tasks needs."""


class MixDataModule(LightningDataModule):
    """Songs in the plain layout as training, validation and test batches of one model.

    Training batch `g` since the beginning of the training is a function of the seed and `g` alone, and `g` is
    the trainer's `global_step`: a training that goes on from a checkpoint gets the batches that it would have
    got. (So gradients must not be accumulated over several batches.) Processes that train together divide each
    batch among them. Validation and test go over whole songs, every sample once (`GridBatches`).

    Attributes:
        inputs: What the model reads of a song.
        net: The network whose context the batches carry.
    """

    def __init__(
        self,
        folder: Path,
        model: str,
        *,
        net: WaveUNet,
        batch_size: int = 16,
        steps_per_epoch: int = 200,
        target_samples: int = 88_200,
        seed: int = 0,
        workers: int = 0,
        resident: torch.device | None = None,
        augmentation: Augmentation | None = None,
        input_levels: InputLevels = AS_THEY_COME,
        cache: Path | None = None,
        train: Sequence[Path] = (),
        taught: bool = False,
        students: Students | None = None,
    ) -> None:
        """Build the module; songs are looked for later, in `prepare_data` or `songs`.

        Args:
            folder: Folder of the prepared songs.
            model: `drums`, `bass`, `vocals`, `other` or `mix`.
            net: The network that is trained.
            batch_size: Crops in a step, over all processes together.
            steps_per_epoch: Training batches of an epoch.
            target_samples: Length of a piece's target.
            seed: Seed of the training crops, not negative.
            workers: Processes that load data; 0 loads in the training process.
            resident: Device in whose memory the songs are held; no workers then. None maps them from the disk.
            augmentation: How training crops are varied; None for not at all.
            input_levels: To which inputs are brought, as in a model's config.
            cache: Where the songs' arrays are kept; None for `.cache` in `folder`, or among the user's caches
                where `folder` is read-only.
            train: Folders whose songs of the split `train` are learned from, in place of those of `folder`.
            taught: Whether the house engineer gives the targets; the split `demo` is learned from too, then.
            students: Further stems for the mix model to learn from the engineer with, beside the engineer's own.

        Raises:
            ValueError: If there is no such model, or the network has another number of inputs.
            WavemixError: If settings do not go together.
        """
        super().__init__()
        self.inputs, self.net = Inputs(model, SAMPLE_RATE, input_levels, taught), net
        if net.inputs != self.inputs.count:
            raise ValueError(f"{model} has {self.inputs.count} inputs, the network {net.inputs}")
        if resident is not None and workers:
            raise WavemixError("workers have nothing to load when the songs are resident; set workers to 0.")
        if augmentation is not None and (name := augmentation.unfit(stereo=not self.inputs.slots)):
            raise WavemixError(f"the augmentation `{name}` is not made for the model `{model}`; remove it.")
        self._folder, self._cache, self._train = folder, cache, tuple(train) or (folder,)
        self._batch_size, self._steps_per_epoch, self._target_samples = batch_size, steps_per_epoch, target_samples
        self._seed, self._workers, self._resident, self._augmentation = seed, workers, resident, augmentation
        self._students = students
        self._songs: dict[str, list[CachedSong]] = {}

    def songs(self, split: str) -> list[CachedSong]:
        """The songs of a split that the model can learn from; what the cache lacks is added to it.

        Raises:
            WavemixError: If there are none, or a song cannot be read.
        """
        if split not in self._songs:
            self._songs[split] = [
                self._cached(song, self.inputs, folder)
                for folder in self._folders(split)
                for song in self._usable(folder, split)
            ]
        return self._songs[split]

    def grid(self, split: str, share: Share = ALL) -> GridBatches:
        """The batches that go over whole songs of a split, every sample once.

        Args:
            split: `train`, `valid` or `test`.
            share: Which of the pieces are made here.

        Raises:
            WavemixError: As `songs`.
        """
        return GridBatches(self.songs(split), self.net, self._batch_size, self._target_samples, share)

    def prepare_data(self) -> None:
        """Fill the cache for what the trainer is about to do; without a trainer, for training.

        Raises:
            WavemixError: As `songs`.
        """
        task = self.trainer.state.fn if self.trainer else None
        for split in NEEDED[task.value if task else "fit"]:
            self.songs(split)

    def setup(self, stage: str) -> None:
        """Open the songs.

        Raises:
            WavemixError: As `songs`, or if a batch cannot be divided among the processes.
        """
        processes = self._share().processes
        if self._batch_size % processes:
            raise WavemixError(
                f"a batch of {self._batch_size} cannot be divided among {processes} processes; change batch_size."
            )
        for split in NEEDED[stage]:
            for song in self.songs(split):
                if self._resident is not None:
                    song.hold(self._resident)

    def train_dataloader(self) -> Loader:
        """Random crops, from the batch on that the trainer has come to."""
        return Loader(self._crops(), self._steps_per_epoch, self._step, self._workers)

    def _crops(self) -> Batches:
        """The source of the training batches."""
        if self.inputs.taught:
            return Lessons(
                self._lessons(),
                Window.of(self.net, self._target_samples),
                self._batch_size,
                self.inputs.model,
                SAMPLE_RATE,
                self._seed,
                self._share(),
            )
        return RandomBatches(
            self.songs("train"),
            Window.of(self.net, self._target_samples),
            self._batch_size,
            self._seed,
            self._share(),
            self._augmentation,
            self.inputs.slots,
        )

    def _lessons(self) -> list[list[CachedSong]]:
        """The songs of each folder that is learned from, with the engineer's stems and with the students'."""
        by = [self.inputs] + ([replace(self.inputs, students=self._students)] if self._students is not None else [])
        return [
            [self._cached(song, inputs, folder) for song in self._usable(folder, "train")]
            for inputs in by
            for folder in self._train
        ]

    def _cached(self, song: PlainSong, inputs: Inputs, folder: Path) -> CachedSong:
        return cached(song, inputs, self._cache or default_folder(folder))

    def val_dataloader(self) -> Loader:
        """The validation songs."""
        return self._whole("valid")

    def test_dataloader(self) -> Loader:
        """The test songs."""
        return self._whole("test")

    def _whole(self, split: str) -> Loader:
        batches = self.grid(split, self._share())
        return Loader(batches, len(batches), workers=self._workers)

    def _step(self) -> int:
        """How many training batches the trainer has used."""
        return self.trainer.global_step if self.trainer else 0

    def _share(self) -> Share:
        return Share(self.trainer.global_rank, self.trainer.world_size) if self.trainer else ALL

    def _folders(self, split: str) -> tuple[Path, ...]:
        return self._train if split == "train" else (self._folder,)

    def _usable(self, folder: Path, split: str) -> list[PlainSong]:
        """The songs of a folder that the model can learn from."""
        found = find_songs(folder, split)
        if self.inputs.taught and split == "train":
            found += find_songs(folder, "demo")
        obstacles = [self.inputs.obstacle(song) for song in found]
        usable = [song for song, obstacle in zip(found, obstacles, strict=True) if not obstacle]
        if not usable:
            raise WavemixError(self._nothing(folder, split, obstacles))
        return usable

    def _nothing(self, folder: Path, split: str, obstacles: list[str]) -> str:
        """Why there is no song for the model in a split of a folder, and what to do."""
        model = self.inputs.model
        if not obstacles:
            return f"{folder}: holds no songs of the split `{split}`; prepare some, or name another folder."
        reasons = ", ".join(dict.fromkeys(obstacles))
        return (
            f"{folder}: none of its {len(obstacles)} songs of the split `{split}` serves the model `{model}` "
            f"({reasons}); prepare songs that do, or choose another model."
        )
