"""Parts played by fluidsynth."""

import dataclasses

import numpy as np
import pytest

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.errors import WavemixError
from wavemix.rendering import soundfont as module
from wavemix.rendering.arrangement import Part
from wavemix.rendering.channel import Note
from wavemix.rendering.soundfont import TAIL_SECONDS, play_parts

PIANO = Part(0, 0, "", False, (Note(0.5, 0.5, 69, 100),))


def frequency(sound):
    """The strongest frequency, in Hz."""
    return np.argmax(np.abs(np.fft.rfft(sound, 4 * SAMPLE_RATE))) / 4.0


def test_a_note_sounds_in_its_time_at_its_pitch(soundfont):
    flute = dataclasses.replace(PIANO, program=73)
    (sound,) = play_parts([flute], 1.0, soundfont)
    assert sound.shape == (round((1.0 + TAIL_SECONDS) * SAMPLE_RATE),)
    assert sound.dtype == np.float32
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    assert 0.5 <= loud[0] / SAMPLE_RATE < 0.53
    assert frequency(sound[25_000:40_000]) == pytest.approx(440.0, rel=0.01)


def test_a_part_sounds_the_same_alone_and_among_others(soundfont):
    organ = Part(3, 16, "", False, (Note(0.0, 1.0, 60, 100), Note(0.1, 1.0, 64, 100)), bends=((0.0, 0.0), (0.3, 7.0)))
    drums = Part(9, 0, "", True, (Note(0.2, 0.1, 54, 100),))
    together = play_parts([organ, drums, PIANO, organ], 1.0, soundfont)
    (alone,) = play_parts([drums], 1.0, soundfont)
    np.testing.assert_allclose(together[1], alone, atol=1e-4)
    np.testing.assert_allclose(together[0], together[3], atol=1e-4)


def test_expression_and_bends_are_played(soundfont):
    flute = dataclasses.replace(PIANO, program=73, notes=(Note(0.0, 1.0, 69, 100),))
    bent = dataclasses.replace(flute, bends=((0.0, 12.0),))
    quiet = dataclasses.replace(flute, expression=((0.0, 30.0),))
    plain, up, soft = play_parts([flute, bent, quiet], 1.0, soundfont)
    assert frequency(up[10_000:40_000]) / frequency(plain[10_000:40_000]) == pytest.approx(2.0, rel=0.02)
    assert np.std(soft) < 0.2 * np.std(plain)


def test_what_is_missing_is_named(soundfont, tmp_path, monkeypatch):
    with pytest.raises(WavemixError, match=r"absent\.sf2.*--soundfont"):
        play_parts([PIANO], 1.0, tmp_path / "absent.sf2")
    (tmp_path / "other.sf2").write_bytes(b"RIFF0000WAVEfmt ")
    with pytest.raises(WavemixError, match="is not a soundfont"):
        play_parts([PIANO], 1.0, tmp_path / "other.sf2")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WavemixError, match="apt install fluidsynth"):
        play_parts([PIANO], 1.0, soundfont)
    monkeypatch.setattr(module, "INSTALLED", ())
    with pytest.raises(WavemixError, match="--soundfont"):
        module.installed_soundfont()


def test_a_soundfont_that_fluidsynth_cannot_load_is_said_so(soundfont, tmp_path):
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF\x20\0\0\0sfbk" + b"\0" * 64)
    with pytest.raises(WavemixError, match=r"broken\.sf2"):
        play_parts([PIANO], 1.0, broken)
