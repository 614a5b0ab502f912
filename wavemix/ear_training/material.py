"""All that the recogniser learns from: what is played for it, one-shots, and raw tracks of songs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wavemix.data.plain import find_songs
from wavemix.ear_training.cache import write_cache
from wavemix.ear_training.drummer import play_drummer
from wavemix.ear_training.grains import play_grains
from wavemix.ear_training.kits import play_kits
from wavemix.ear_training.phrases import Phrases, read_phrases
from wavemix.ear_training.samplers import play_samplers
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
from wavemix.rendering.sounds import Samples

Rooms = dict[str, Samples]

PLAYED = (
    *("songs", "soundfonts", "kits", "drummer", "strings", "samplers", "one-shots", "grains", "singers"),
    "synthesiser",
)
"""All that sounds come from, in order."""


@dataclass(frozen=True)
class Sources:
    """Where sounds come from.

    Attributes:
        ingredients: Those of `wavemix render`, with compositions in `midi/`; the first soundfont is its.
        soundfonts: General MIDI soundfonts.
        songs: Folders of songs in the plain layout, whose split `train` is learned from.
        one_shots: Folders of sound files whose names tell what they are.
        instruments: Folders of recorded notes, one an instrument, whose names tell what they are.
        held_out: Names of songs that nothing is learned from; they tell how sure to be.
        takes: How often each thing is played.
        seed: Seed of all that chance decides.
        only: What of `PLAYED` is made.

    Raises:
        ValueError: If `only` has what is not in `PLAYED`.
    """

    ingredients: Ingredients
    soundfonts: tuple[Path, ...]
    songs: tuple[Path, ...] = ()
    one_shots: tuple[Path, ...] = ()
    instruments: tuple[Path, ...] = ()
    held_out: tuple[str, ...] = ()
    takes: int = 2
    seed: int = 0
    only: tuple[str, ...] = PLAYED

    def __post_init__(self) -> None:
        if strange := sorted(set(self.only) - set(PLAYED)):
            raise ValueError(f"`{strange[0]}` is none of {', '.join(PLAYED)}")


def make_material(sources: Sources, folder: Path, tell: Callable[[str], None] = lambda line: None) -> int:
    """Make the frames of all sounds, for `fit`; returns how many sounds there are.

    Raises:
        WavemixError: If a source is missing or the folder cannot be written.
    """
    rooms = {name: response[0] for name, response in rooms_of(sources.ingredients.folder).items()}

    def told() -> Iterator[Sound]:
        for what, sounds in _sounds(sources, rooms):
            count = 0
            for sound in sounds:
                count += 1
                yield sound
            tell(f"{what}: {count} sounds")

    return write_cache(told(), rooms, folder, np.random.default_rng(sources.seed))


def _sounds(sources: Sources, rooms: Rooms) -> Iterator[tuple[str, Iterator[Sound]]]:
    takes, ingredients, fonts = sources.takes, sources.ingredients, sources.soundfonts
    phrases: Phrases = read_phrases(ingredients.folder / "midi")
    play: dict[str, Callable[[int], Iterator[Sound]]] = {
        "songs": lambda seed: _songs(sources),
        "soundfonts": lambda seed: play_soundfonts(fonts, phrases, takes, seed),
        "kits": lambda seed: play_kits(fonts, sources.one_shots, rooms, phrases, takes, seed),
        "drummer": lambda seed: play_drummer(ingredients, phrases, 6 * takes, seed),
        "strings": lambda seed: play_strings(ingredients, phrases, 6 * takes, seed),
        "samplers": lambda seed: play_samplers(sources.instruments, phrases, 6 * takes, seed),
        "one-shots": lambda seed: play_strokes(sources.one_shots, phrases, takes, seed),
        "grains": lambda seed: play_grains(fonts, phrases, 8 * takes, seed),
        "singers": lambda seed: sing(phrases, 18 * takes, seed),
        "synthesiser": lambda seed: play_synthesiser(phrases, 8 * takes, seed),
    }
    for number, what in enumerate(PLAYED):
        if what in sources.only:
            yield what, play[what](sources.seed + number)


def _songs(sources: Sources) -> Iterator[Sound]:
    songs = [song for folder in sources.songs for song in find_songs(folder, "train")]
    if strange := sorted(set(sources.held_out) - {song.name for song in songs}):
        raise WavemixError(f"there is no song `{strange[0]}` in the split `train` to be held out.")
    for song in songs:
        yield from tracks_of([song], sources.held_out, 1 if song.rendered else sources.takes, sources.seed)
