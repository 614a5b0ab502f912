"""All that the recogniser learns from: what is played for it, one-shots, and raw tracks of songs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wavemix.data.plain import find_songs
from wavemix.ear_training.cache import write_cache
from wavemix.ear_training.drummer import play_drummer
from wavemix.ear_training.phrases import Phrases, read_phrases
from wavemix.ear_training.singers import sing
from wavemix.ear_training.songs import tracks_of
from wavemix.ear_training.sound import Sound
from wavemix.ear_training.soundfonts import play_soundfonts
from wavemix.ear_training.strings import play_strings
from wavemix.ear_training.strokes import play_strokes
from wavemix.ear_training.synthesiser import play_synthesiser
from wavemix.errors import WavemixError
from wavemix.rendering.performance import Ingredients
from wavemix.rendering.render import rooms_of


@dataclass(frozen=True)
class Sources:
    """Where sounds come from.

    Attributes:
        ingredients: Those of `wavemix render`, with compositions in `midi/`; the first soundfont is its.
        soundfonts: General MIDI soundfonts.
        songs: Folders of songs in the plain layout, whose split `train` is learned from.
        one_shots: Folders of sound files whose names tell what they are.
        held_out: Names of songs that nothing is learned from; they tell how sure to be.
        takes: How often each thing is played.
        seed: Seed of all that chance decides.
    """

    ingredients: Ingredients
    soundfonts: tuple[Path, ...]
    songs: tuple[Path, ...] = ()
    one_shots: tuple[Path, ...] = ()
    held_out: tuple[str, ...] = ()
    takes: int = 2
    seed: int = 0


def make_material(sources: Sources, folder: Path, tell: Callable[[str], None] = lambda line: None) -> int:
    """Make the frames of all sounds, for `fit`; returns how many sounds there are.

    Raises:
        WavemixError: If a source is missing or the folder cannot be written.
    """
    rooms = {name: response[0] for name, response in rooms_of(sources.ingredients.folder).items()}

    def told() -> Iterator[Sound]:
        for what, sounds in _sounds(sources):
            count = 0
            for sound in sounds:
                count += 1
                yield sound
            tell(f"{what}: {count} sounds")

    return write_cache(told(), rooms, folder, np.random.default_rng(sources.seed))


def _sounds(sources: Sources) -> Iterator[tuple[str, Iterator[Sound]]]:
    takes, seed = sources.takes, sources.seed
    yield "songs", _songs(sources)
    phrases: Phrases = read_phrases(sources.ingredients.folder / "midi")
    yield "soundfonts", play_soundfonts(sources.soundfonts, phrases, takes, seed + 1)
    yield "drummer", play_drummer(sources.ingredients, phrases, 6 * takes, seed + 2)
    yield "strings", play_strings(sources.ingredients, phrases, 6 * takes, seed + 3)
    yield "one-shots", play_strokes(sources.one_shots, phrases, takes, seed + 4)
    yield "singers", sing(phrases, 12 * takes, seed + 5)
    yield "synthesiser", play_synthesiser(phrases, 4 * takes, seed + 6)


def _songs(sources: Sources) -> Iterator[Sound]:
    songs = [song for folder in sources.songs for song in find_songs(folder, "train")]
    if strange := sorted(set(sources.held_out) - {song.name for song in songs}):
        raise WavemixError(f"there is no song `{strange[0]}` in the split `train` to be held out.")
    for song in songs:
        yield from tracks_of([song], sources.held_out, 1 if song.rendered else sources.takes, sources.seed)
