"""An arrangement, performed: every part on the instrument that it asks for, dry, as raw tracks."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import numpy as np

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.rendering import one_shots
from wavemix.rendering.arrangement import Arrangement
from wavemix.rendering.casting import Take, cast, rng_of
from wavemix.rendering.drum_kit import play_kit
from wavemix.rendering.singer import sing
from wavemix.rendering.soundfont import TAIL_SECONDS, play_parts
from wavemix.rendering.sounds import Samples, peak_of
from wavemix.session.groups import GROUPS
from wavemix.session.roles import place

_SILENT = 1e-5  # peak of a track that the soundfont has no sound for
_GUITARS = ("black_ord_twang", "green_ord_twang")  # in turn, so that two guitars are two instruments


@dataclass(frozen=True)
class Ingredients:
    """What a performance is made of.

    Attributes:
        folder: With the one-shots in `kits/muldjord_lite`, `kits/growlybass` and `kits/bg_guitars`.
        soundfont: A General MIDI soundfont.
    """

    folder: Path
    soundfont: Path

    @property
    def drums(self) -> Path:
        """The drum kit's one-shots."""
        return self.folder / "kits" / "muldjord_lite"

    @property
    def bass(self) -> Path:
        """The bass guitar's one-shots."""
        return self.folder / "kits" / "growlybass"

    @property
    def guitars(self) -> Path:
        """The guitars' one-shots."""
        return self.folder / "kits" / "bg_guitars"


@dataclass(frozen=True)
class DryTrack:
    """A track as it was played, before any fader.

    Attributes:
        name: Unique in its group; `wavemix.session.roles` reads group and role from it.
        group: `drums`, `bass`, `vocals` or `other`.
        role: Role within the group.
        program: General MIDI program of the part; of a drum part its kit.
        samples: The sound in mono at 44.1 kHz, at a level that says nothing, shape `(samples,)`.
        engine: What played it: `kit`, `bass`, `guitar`, `voice` or `soundfont`.
    """

    name: str
    group: str
    role: str
    program: int
    samples: Samples
    engine: str


@dataclass(frozen=True)
class Performance:
    """The raw tracks of a song.

    Attributes:
        tracks: By group, in the order of `wavemix.session.groups`; all equally long.
        samples: Their length: that of the arrangement and `TAIL_SECONDS`.
    """

    tracks: list[DryTrack]
    samples: int


def perform(arrangement: Arrangement, ingredients: Ingredients, seed: int) -> Performance:
    """Perform an arrangement.

    Args:
        arrangement: What to play.
        ingredients: What to play it with.
        seed: Decides who sings, and how unevenly everybody plays. The same seed gives the same samples.

    Raises:
        WavemixError: If an ingredient or fluidsynth is missing.
    """
    samples = round((arrangement.seconds + TAIL_SECONDS) * SAMPLE_RATE)
    takes = cast(arrangement, seed)
    by_soundfont = [take for take in takes if take.engine == "soundfont"]
    parts = [take.part for take in by_soundfont]
    ready = iter(play_parts(parts, arrangement.seconds, ingredients.soundfont) if parts else [])
    takes_of = Counter[str]()
    tracks: list[DryTrack] = []
    for index, take in enumerate(takes):
        if take.engine == "soundfont":
            sounds: Mapping[str, Samples] = {take.name: next(ready)}
        else:
            sounds = _record(take, samples, ingredients, takes_of[take.engine], rng_of(seed, "take", index))
        takes_of[take.engine] += 1
        tracks += [_track(name, take, sound) for name, sound in sounds.items() if peak_of(sound) > _SILENT]
    order = list(GROUPS)
    tracks.sort(key=lambda track: order.index(track.group))
    return Performance(list(_numbered(tracks)), samples)


def _record(
    take: Take, samples: int, ingredients: Ingredients, earlier: int, rng: np.random.Generator
) -> Mapping[str, Samples]:
    """Plays a take on everything but the soundfont; the samples of each of its tracks."""
    notes = take.part.notes
    if take.engine == "kit":
        return play_kit(notes, samples, ingredients.drums, rng)
    if take.sung is not None:
        sung = take.sung
        return {take.name: sing(sung.line, sung.syllables, samples, sung.singer, rng, sung.double)}
    if take.engine == "bass":
        shots = one_shots.load(ingredients.bass, "sustain")
    else:
        shots = one_shots.load(ingredients.guitars, _GUITARS[earlier % len(_GUITARS)])
    return {take.name: one_shots.play(notes, samples, shots)}


def _track(name: str, take: Take, sound: Samples) -> DryTrack:
    role = place(PurePath(take.group, name)).role
    return DryTrack(name, take.group, role, take.part.program, sound, take.engine)


def _numbered(tracks: Sequence[DryTrack]) -> Iterator[DryTrack]:
    """Numbers the names that repeat within a group: `Strings`, `Strings 2`."""
    seen = Counter[tuple[str, str]]()
    for track in tracks:
        seen[track.group, track.name] += 1
        count = seen[track.group, track.name]
        yield track if count == 1 else replace(track, name=f"{track.name} {count}")
