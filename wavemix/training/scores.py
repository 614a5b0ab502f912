"""A checkpoint's scores on prepared songs."""

from pathlib import Path

from wavemix.cards.sections import ENGINEER
from wavemix.data.datamodule import MixDataModule
from wavemix.training.baselines import Likeness, Score, compare, likeness
from wavemix.zoo.mixer import Mixer


def score_model(mixer: Mixer, data: Path, split: str, teacher: str = "songs") -> tuple[Score, ...]:
    """Scores of a model, called `model`, and of what it must beat, on a split of prepared songs.

    Args:
        mixer: The model.
        data: The prepared songs.
        split: `valid` or `test`.
        teacher: Who gives the targets: the `songs`' own, or the `engineer`'s.

    Raises:
        WavemixError: If the split has no songs for the model.
    """
    return compare(songs_of(mixer, data, teacher), split, mixer)


def likeness_to_engineer(mixer: Mixer, data: Path, split: str) -> dict[str, Likeness]:
    """How like the house engineer a model mixes, song by song.

    Args:
        mixer: The model.
        data: The prepared songs; they need no mix of their own.
        split: `valid` or `test`.

    Raises:
        WavemixError: If the split has no songs for the model.
    """
    songs = songs_of(mixer, data, ENGINEER)
    return {song.name: likeness(song, mixer.net, songs.inputs.rate) for song in songs.songs(split)}


def songs_of(mixer: Mixer, data: Path, teacher: str) -> MixDataModule:
    """The prepared songs as a model reads them.

    Args:
        mixer: The model.
        data: The prepared songs.
        teacher: Who gives the targets: the `songs`' own, or the `engineer`'s.
    """
    config = mixer.config
    taught = teacher == ENGINEER
    return MixDataModule(
        data, config.model, net=mixer.net, batch_size=1, input_levels=config.input_levels, taught=taught
    )
