"""Whole scores, performed."""

import subprocess
import sys
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import PurePath

import numpy as np
import pytest
from rendering.material import control, note, program

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.rendering.arrangement import read_arrangement
from wavemix.rendering.casting import cast
from wavemix.rendering.performance import Ingredients, perform
from wavemix.rendering.programs import NAMES, VOICES, instrument
from wavemix.rendering.soundfont import TAIL_SECONDS
from wavemix.session.groups import GROUPS
from wavemix.session.roles import place

KEYS = {*range(15), *range(16, 22), 23, 108, 112, 114}
ACOUSTIC = {15, 24, 25, 104, 105, 106}
ELECTRIC = set(range(26, 32))
STRINGS = {40, 41, 42, 44, 45, 46, 48, 49, 50, 51, 55, 107, 110}
WINDS = {22, *range(56, 80), 109, 111}
SYNTHS = {*range(80, 104)} - VOICES
EFFECTS = set(range(120, 128))
OTHERS = {
    "keys": KEYS,
    "acoustic-guitar": ACOUSTIC,
    "electric-guitar": ELECTRIC,
    "strings": STRINGS,
    "winds": WINDS,
    "synth": SYNTHS,
    "effects": EFFECTS,
}
DRUMS = {"percussion": {47, 113, 115, 116}, "toms": {117, 118}, "cymbals": {119}}
BASSES = {"bass": {*range(32, 38), 43}, "synth": {38, 39}}


def intended(number):
    """Group and role of a program; any role of a voice, which is given one when it is cast."""
    for group, roles in (("other", OTHERS), ("drums", DRUMS), ("bass", BASSES)):
        for role, programs in roles.items():
            if number in programs:
                return group, role
    return "vocals", None


@pytest.mark.parametrize("number", range(128))
@pytest.mark.parametrize("suffix", ["", " 2", " 13"])
def test_every_program_is_called_so_that_it_is_placed_right(number, suffix):
    group, role = intended(number)
    assert instrument(number).group == group
    for path in (PurePath(group, NAMES[number] + suffix), PurePath(NAMES[number] + suffix)):
        placed = place(path)
        assert placed.recognised
        assert (placed.group, placed.role) == (group, role or placed.role)


def band(seconds=4):
    """A song of a kit with percussion, bass, guitar, organ, strings twice, and a tune."""
    beats = range(2 * seconds)
    return [
        *(m for b in beats for m in note(b, 0.5, (36, 38)[b % 2], channel=9)),
        *(m for b in beats for m in note(b + 0.5, 0.2, (42, 54)[b % 2], channel=9)),
        program(0, 33, 1),
        *(m for b in beats for m in note(b, 0.9, 33 + b % 5, channel=1)),
        program(0, 27, 2),
        *(m for b in beats for m in note(b, 0.9, 52 + b % 5, channel=2)),
        program(0, 16, 3),
        *(m for pitch in (60, 64, 67) for m in note(0, 2 * seconds, pitch, channel=3)),
        program(0, 48, 4),
        *note(0, 2 * seconds, 55, channel=4),
        program(0, 48, 5),
        *note(0, 2 * seconds, 59, channel=5),
        program(0, 80, 6),
        *(m for b in range(6 * seconds) for m in note(b / 3, 0.3, 65 + (b * 5) % 12, channel=6)),
    ]


@pytest.fixture
def arrangement(midi):
    return read_arrangement(midi(band()))


def sounds(performance):
    return {track.name: track.samples for track in performance.tracks}


def test_a_performance_is_a_session_of_raw_tracks(arrangement, ingredients):
    performance = perform(arrangement, ingredients, 1)
    assert performance.samples == round((arrangement.seconds + TAIL_SECONDS) * SAMPLE_RATE)
    names = Counter((track.group, track.name) for track in performance.tracks)
    assert max(names.values()) == 1
    for track in performance.tracks:
        assert track.samples.shape == (performance.samples,)
        assert track.samples.dtype == np.float32
        assert np.isfinite(track.samples).all()
        placed = place(PurePath(track.name))
        assert (placed.group, placed.role) == (track.group, track.role)
    groups = [track.group for track in performance.tracks]
    assert groups == sorted(groups, key=list(GROUPS).index)
    engines = {track.name: track.engine for track in performance.tracks}
    expected = {"Percussion": "soundfont", "Bass": "bass", "Clean Guitar": "guitar", "Strings 2": "soundfont"}
    assert expected.items() <= engines.items()
    assert sum(engine == "kit" for engine in engines.values()) == 14


def test_faders_and_pans_do_not_touch_the_dry_sound(midi, ingredients):
    faded = [m for channel in range(10) for m in (control(0, 7, 20, channel), control(0, 10, 3, channel))]
    plain = perform(read_arrangement(midi(band())), ingredients, 1)
    mixed = perform(
        read_arrangement(midi([*faded, *band(), control(2, 7, 110, 3), control(2, 91, 99, 3)])), ingredients, 1
    )
    for one, other in zip(plain.tracks, mixed.tracks, strict=True):
        assert one.samples.tobytes() == other.samples.tobytes()


FINGERPRINT = """
import sys, zlib
from pathlib import Path
from wavemix.rendering.performance import Ingredients, perform
from wavemix.rendering.arrangement import read_arrangement
performance = perform(read_arrangement(Path(sys.argv[1])), Ingredients(Path(sys.argv[2]), Path(sys.argv[3])), 1)
print([(track.name, zlib.crc32(track.samples.tobytes())) for track in performance.tracks])
"""


def test_another_process_performs_the_same(midi, kits, soundfont):
    path, ingredients = midi(band(2)), Ingredients(kits, soundfont)
    performance = perform(read_arrangement(path), ingredients, 1)
    here = [(track.name, zlib.crc32(track.samples.tobytes())) for track in performance.tracks]
    command = [sys.executable, "-c", FINGERPRINT, str(path), str(ingredients.folder), str(ingredients.soundfont)]
    there = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert there.strip() == str(here)


def test_a_song_without_voices_is_sung_more_often_than_not(arrangement):
    sung = [any(take.group == "vocals" for take in cast(arrangement, seed)) for seed in range(60)]
    assert 0.5 < np.mean(sung) < 0.9
    for seed in range(10):
        takes = cast(arrangement, seed)
        tunes = [take for take in takes if take.part.program == 80]
        assert len({take.engine for take in tunes}) == 1  # sung or played, never both


def test_voices_are_sung(midi):
    choir = [program(0, 52), *(m for pitch in (60, 64, 67) for m in note(0, 4, pitch))]
    takes = cast(read_arrangement(midi(choir)), 1)
    assert {take.engine for take in takes} == {"voice"}
    assert sum(take.name == "Lead Vocal" for take in takes) == 1
    assert sum(take.name == "Backing Vocal" for take in takes) == 2


def test_a_drum_machine_has_a_track_a_piece(midi):
    pattern = [note(i, 0.5, pitch, channel=9) for i, pitch in enumerate((36, 38, 42, 47, 49, 39))]
    arrangement = read_arrangement(midi([program(0, 25, 9), *(m for hit in pattern for m in hit)]))
    takes = cast(arrangement, 1)
    assert [take.name for take in takes] == ["Kick", "Snare", "HiHat", "Toms", "Cymbals", "Percussion"]
    assert {take.engine for take in takes} == {"soundfont"}
    roles = [place(PurePath("drums", take.name)).role for take in takes]
    assert roles == ["kick", "snare", "hihat", "toms", "cymbals", "percussion"]


def test_one_shots_need_no_soundfont(arrangement, kits, tmp_path):
    without = replace(arrangement, parts=tuple(part for part in arrangement.parts if part.program in (33, 27)))
    performance = perform(without, Ingredients(kits, tmp_path / "absent.sf2"), 3)
    assert {"Bass"} <= sounds(performance).keys()
