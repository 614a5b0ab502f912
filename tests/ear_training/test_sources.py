"""What is played and read for the recogniser, as far as it needs no soundfont."""

import numpy as np
import pytest
import soundfile
from conftest import RATE, noise

from wavemix import WavemixError
from wavemix.data.plain import open_song
from wavemix.ear_training.phrases import Phrases, low, read_phrases, staccato, transposed
from wavemix.ear_training.songs import tracks_of
from wavemix.ear_training.strokes import play_strokes
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
