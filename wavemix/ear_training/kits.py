"""Drum kits of soundfonts and of one-shots before microphones that are made here: each hears the whole kit, too."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import scipy.signal
from numpy.random import Generator

from wavemix.ear_training.phrases import SAMPLES, SECONDS, Phrases, pick
from wavemix.ear_training.sound import Sound
from wavemix.ear_training.strokes import one_shots_of, strokes
from wavemix.rendering.arrangement import Part
from wavemix.rendering.casting import MACHINE_PIECES
from wavemix.rendering.channel import Note
from wavemix.rendering.soundfont import play_parts
from wavemix.rendering.sounds import Samples, peak_of
from wavemix.session.roles import role_told

KITS = (0, 8, 16, 24, 25, 32, 40)
"""General MIDI kits: standard, room, power, electronic, TR-808, jazz and brush."""

FEWEST_STROKES, FEWEST_PIECES = 12, 3
SPILL_CHANCE = 0.7
SPILLS_DB = (-45.0, -12.0)
SNARE_IN_HATS_DB = (-16.0, 2.0)
"""What a hi-hat's microphone hears of the snare beside it; the others' spill is between `SPILLS_DB`."""

PIECES = {role_told("drums", name): pitches for name, pitches in MACHINE_PIECES.items()}
"""The General MIDI drums of each piece, by its role."""

_SILENT = 1e-3

Pieces = dict[str, Samples]
"""What is played on each piece of a kit, `(samples,)` each, by the piece's role."""


def play_kits(
    soundfonts: Sequence[Path],
    folders: Sequence[Path],
    rooms: Mapping[str, Samples],
    phrases: Phrases,
    takes: int,
    seed: int,
) -> Iterator[Sound]:
    """Kits with close microphones, overheads, a room's, and all of them mixed to one track.

    Args:
        soundfonts: General MIDI soundfonts.
        folders: With folders of one-shots, a kit each, whose files' names tell the pieces.
        rooms: Impulse responses, `(samples,)` each, of unit energy.
        phrases: What is drummed.
        takes: How often each kit plays; every tenth take of all is held out.
        seed: Seed of all that chance decides.

    Raises:
        WavemixError: If fluidsynth or a soundfont is missing.
    """
    rng = np.random.default_rng(seed)
    kits = chain(_of_soundfonts(soundfonts, phrases, takes, rng), _of_one_shots(folders, phrases, takes, rng))
    for number, (name, pieces) in enumerate(kits, 1):
        for role, sound in microphones(pieces, rooms, rng):
            yield Sound(sound, "drums", role, "kits", f"{name}: {role}", number % 10 == 0)


def microphones(pieces: Pieces, rooms: Mapping[str, Samples], rng: Generator) -> Iterator[tuple[str, Samples]]:
    """What the microphones of a kit hear, each with its role.

    Args:
        pieces: What is played, dry.
        rooms: Impulse responses, `(samples,)` each, of unit energy.
        rng: Decides how much of the others each hears.
    """
    played = {role: sound / peak_of(sound) for role, sound in pieces.items() if peak_of(sound) > _SILENT}
    if len(played) < FEWEST_PIECES:
        return
    response = rooms[str(rng.choice(sorted(rooms)))]
    for role in played:
        if rng.random() < SPILL_CHANCE:
            yield role, _levelled(played, {role: 0.0}, _spill(role), rng)
        else:
            yield role, played[role]
    over = _levelled(played, {"cymbals": 0.0, "hihat": -4.0}, {other: (-12.0, 0.0) for other in played}, rng)
    yield "overhead", _in_room(over, response, float(rng.uniform(-18, -3)))
    away = _levelled(played, {}, {other: (-10.0, 0.0) for other in played}, rng)
    yield "room", _in_room(away, response, float(rng.uniform(0, 14)))
    for _ in range(2):
        whole = _levelled(played, {}, {other: (-16.0, 0.0) for other in played}, rng)
        yield "kit", _in_room(whole, response, float(rng.uniform(-30, -8)))


def _spill(role: str) -> dict[str, tuple[float, float]]:
    levels = dict.fromkeys(PIECES, SPILLS_DB)
    return levels | ({"snare": SNARE_IN_HATS_DB} if role == "hihat" else {})


def _levelled(
    played: Pieces, own: Mapping[str, float], others: Mapping[str, tuple[float, float]], rng: Generator
) -> Samples:
    """All pieces, some at levels of their own and the others at levels between two, in dB."""
    levels = {role: own[role] if role in own else float(rng.uniform(*others[role])) for role in played}
    return np.asarray(sum(np.float32(10 ** (levels[role] / 20)) * played[role] for role in played), np.float32)


def _in_room(sound: Samples, response: Samples, wet_db: float) -> Samples:
    wet = scipy.signal.oaconvolve(sound, response)[: len(sound)]
    wet *= 10 ** (wet_db / 20) * peak_of(sound) / max(peak_of(wet), _SILENT)
    return np.asarray(sound + wet, np.float32)


def _beat(phrases: Phrases, rng: Generator) -> dict[str, tuple[Note, ...]]:
    """What is drummed, by the piece's role: a phrase that has several pieces."""
    for _ in range(30):
        notes = pick(phrases.drums, rng)
        beat = {role: tuple(note for note in notes if note.pitch in pitches) for role, pitches in PIECES.items()}
        beat = {role: own for role, own in beat.items() if own}
        if len(beat) >= FEWEST_PIECES and sum(map(len, beat.values())) >= FEWEST_STROKES:
            break
    return beat


def _of_soundfonts(
    soundfonts: Sequence[Path], phrases: Phrases, takes: int, rng: Generator
) -> Iterator[tuple[str, Pieces]]:
    for soundfont in soundfonts:
        for kit in KITS:
            beats = [_beat(phrases, rng) for _ in range(takes)]
            parts = [Part(9, kit, role, True, notes) for beat in beats for role, notes in beat.items()]
            played = iter(play_parts(parts, SECONDS, soundfont))
            for beat in beats:
                yield f"{soundfont.stem}, kit {kit}", {role: next(played)[:SAMPLES] for role in beat}


def _of_one_shots(
    folders: Sequence[Path], phrases: Phrases, takes: int, rng: Generator
) -> Iterator[tuple[str, Pieces]]:
    kits: dict[str, dict[str, list[Path]]] = {}
    for (place, group, role), files in one_shots_of(folders).items():
        if group == "drums" and role in PIECES:
            kits.setdefault(place, {})[role] = files
    for place, pieces in sorted(kits.items()):
        if len(pieces) < FEWEST_PIECES:
            continue
        for _ in range(takes):
            beat = _beat(phrases, rng)
            chosen = {role: [pick(pieces[role], rng) for _ in range(2)] for role in beat if role in pieces}
            yield Path(place).name, {role: strokes(files, beat[role], "drums") for role, files in chosen.items()}
