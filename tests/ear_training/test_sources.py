"""What is played and read for the recogniser, as far as it needs no soundfont."""

import numpy as np
import pytest
import soundfile
from conftest import RATE, noise

from wavemix import WavemixError
from wavemix.data.plain import open_song
from wavemix.ear_training.grains import scattered
from wavemix.ear_training.kits import microphones
from wavemix.ear_training.phrases import SAMPLES, Phrases, low, read_phrases, staccato, transposed
from wavemix.ear_training.samplers import play_samplers, strummed
from wavemix.ear_training.songs import tracks_of
from wavemix.ear_training.strokes import one_shots_of, play_strokes
from wavemix.ear_training.synthesiser import PATCHES, play_synthesiser
from wavemix.ear_training.treatments import treated
from wavemix.recognition.classes import CLASSES
from wavemix.rendering.channel import Note
from wavemix.rendering.sounds import peak_of

NOTES = tuple(Note(0.5 * beat, 0.4, 40 + beat, 100) for beat in range(8))
PHRASES = Phrases((NOTES,), (NOTES,), ((0, NOTES),))


def test_phrases_move_to_where_an_instrument_plays():
    assert {note.pitch for note in transposed(NOTES, 60, 40, 84)} <= set(range(40, 85))
    assert {note.pitch for note in low(NOTES, 24)} <= set(range(28, 56))
    assert {note.seconds for note in staccato(NOTES, 0.1)} == {0.1}


def test_a_folder_without_compositions_is_refused(tmp_path):
    with pytest.raises(WavemixError, match="holds no compositions"):
        read_phrases(tmp_path)


def test_every_patch_sounds_and_is_a_class():
    found = list(play_synthesiser(PHRASES, 1, 0))
    assert [(sound.group, sound.role) for sound in found] == list(PATCHES)
    assert set(PATCHES) <= set(CLASSES)
    for sound in found:
        assert np.isfinite(sound.samples).all()
        assert peak_of(sound.samples) == pytest.approx(1)


def test_one_shots_are_what_they_are_called(tmp_path):
    for name in ("Kick 1", "kick_2", "Snare", "thing"):
        soundfile.write(tmp_path / f"{name}.wav", noise(0.2), RATE)
    found = list(play_strokes([tmp_path], PHRASES, 1, 0))
    assert [(sound.group, sound.role) for sound in found] == [("drums", "kick"), ("drums", "snare")]
    assert all(peak_of(sound.samples) for sound in found)


def test_a_folder_tells_what_files_without_a_name_are_and_a_kit_has_no_keys(tmp_path):
    for name in ("Voice/01", "kit/kick", "kit/snare", "kit/bell"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        soundfile.write(tmp_path / f"{name}.wav", noise(0.2), RATE)
    found = {(group, role) for _, group, role in one_shots_of([tmp_path])}
    assert found == {("drums", "kick"), ("drums", "snare"), ("vocals", "lead")}


def test_recorded_notes_are_played_at_their_pitches(tmp_path):
    folder = tmp_path / "Electric Bass"
    folder.mkdir()
    sine = np.sin(2 * np.pi * 55 * np.arange(RATE) / RATE).astype(np.float32)
    soundfile.write(folder / "A1.wav", sine, RATE)
    notes = (Note(0.0, 1.0, 33, 100), Note(1.5, 1.0, 33, 100))
    found = list(play_samplers([folder], Phrases((notes,), (notes,), ((0, notes),)), 1, 0))
    assert [(sound.group, sound.role) for sound in found] == [("bass", "bass")]
    spectrum = np.abs(np.fft.rfft(found[0].samples * np.hanning(len(found[0].samples))))
    semitones = 12 * np.log2(spectrum.argmax() * RATE / len(found[0].samples) / 55)
    assert abs(semitones - round(semitones)) < 0.1
    assert abs(semitones) <= 5
    for name, match in (("Electric Guitar", "no recorded notes"), ("thing", "does not tell an instrument")):
        (tmp_path / name).mkdir()
        with pytest.raises(WavemixError, match=match):
            list(play_samplers([tmp_path / name], PHRASES, 1, 0))


def test_a_strummed_chord_is_played_from_the_lowest_string_up():
    chord = tuple(Note(start, 0.5, pitch, 90) for start in (0.0, 1.0) for pitch in (52, 40, 47))
    found = strummed(chord, 0.02)
    assert [(round(note.start_seconds, 2), note.pitch) for note in found] == [
        *((0.0, 40), (0.02, 47), (0.04, 52)),
        *((1.0, 40), (1.02, 47), (1.04, 52)),
    ]


def test_a_kits_microphones_hear_their_own_piece_and_the_others():
    rng = np.random.default_rng(0)
    pieces = {role: np.zeros(RATE, np.float32) for role in ("kick", "snare", "hihat")}
    for number, sound in enumerate(pieces.values()):
        sound[1000 * number : 1000 * number + 500] = 0.5
    rooms = {"hall": np.eye(1, 200, 199, dtype=np.float32)[0]}
    found = [track for _ in range(8) for track in microphones(pieces, rooms, rng)]
    assert {role for role, _ in found} == {"kick", "snare", "hihat", "overhead", "room", "kit"}
    kicks = [sound for role, sound in found if role == "kick"]
    assert all(peak_of(sound[:500]) == pytest.approx(1) for sound in kicks)
    spill = [peak_of(sound[1000:1500]) for sound in kicks]
    assert min(spill) == 0 < max(spill) <= 10 ** (-12 / 20)
    assert list(microphones({"kick": pieces["kick"]}, rooms, rng)) == []


@pytest.mark.parametrize("seed", range(3))
def test_grains_of_a_sound_are_another_sound_of_a_phrases_length(seed):
    sound = noise(3.0, seed=seed)[:, 0].astype(np.float32)
    found = scattered(sound, np.random.default_rng(seed))
    assert found.shape == (SAMPLES,)
    assert np.isfinite(found).all()
    assert peak_of(found[: 2 * RATE]) > 0.01
    assert abs(np.corrcoef(found[: len(sound)], sound)[0, 1]) < 0.5


def test_tracks_of_songs_are_what_their_folders_and_names_say(tmp_path):
    for file in ("drums/01_kick.wav", "drums/02_audio.wav", "bass/03_silent.wav"):
        path = tmp_path / "tune/raw" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0 * noise(1.0) if "silent" in file else noise(1.0), RATE)
    (tmp_path / "tune/song.yaml").write_text("title: Tune\n")
    song = open_song(tmp_path / "tune")
    found = list(tracks_of([song], [], 2, 0))
    assert [(sound.group, sound.role) for sound in found] == [("drums", "kick")] * 2 + [("drums", "")] * 2
    assert len(found[0].samples) != len(found[1].samples)  # the second is faster or slower
    assert [sound.held_out for sound in tracks_of([song], ["tune"], 2, 0)] == [True, True]


@pytest.mark.parametrize("seed", range(6))
def test_treatments_keep_length_and_level(seed):
    rooms = {"hall": np.ones(1000, np.float32) / 31.6}
    sound = noise(0.5)[:, 0].astype(np.float32)
    found = treated(sound, "other", "keys", rooms, np.random.default_rng(seed))
    assert found.shape == sound.shape
    assert found.dtype == np.float32
    assert 0.3 < peak_of(found) <= 1.2
