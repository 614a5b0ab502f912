"""Tunes, and who sings them."""

import numpy as np
import pytest

from wavemix.audio.rate import SAMPLE_RATE
from wavemix.rendering.arrangement import Part
from wavemix.rendering.channel import Note
from wavemix.rendering.melody import lines, most_melodic, phrases, skyline
from wavemix.rendering.singer import Singer, engage, fit, harmony, sing, words

WOMAN = Singer(1.0, 55, 77)
TUNE = [Note(0.5 * i, 0.45, pitch, 90) for i, pitch in enumerate((60, 62, 64, 65, 67, 65, 64, 62) * 4)]


def sung(line, seed=1, seconds=3.0, double=False):
    syllables = words(line, np.random.default_rng(0))
    return sing(line, syllables, round(seconds * SAMPLE_RATE), WOMAN, np.random.default_rng(seed), double)


def fundamental(sound):
    """Its period's frequency in Hz, by autocorrelation."""
    spectrum = np.abs(np.fft.rfft(sound, 2 * len(sound))) ** 2
    correlation = np.fft.irfft(spectrum)[: len(sound) // 2]
    shortest = SAMPLE_RATE // 1000
    return SAMPLE_RATE / (shortest + np.argmax(correlation[shortest:]))


def test_a_tune_is_one_note_at_a_time():
    chords = [Note(i, 1.2, pitch, 80) for i in range(4) for pitch in (60, 64, 67 + i)]
    line = skyline(chords)
    assert [note.pitch for note in line] == [67, 68, 69, 70]
    for note, following in zip(line, line[1:], strict=False):
        assert note.start_seconds + note.seconds <= following.start_seconds + 1e-9
    assert [[note.pitch for note in line] for line in lines(chords, 3)][1:] == [[64] * 4, [60] * 4]
    assert skyline([Note(0, 2, 70, 80), Note(0.5, 0.5, 60, 80)]) == [Note(0, 2, 70, 80)]


def test_phrases_end_at_rests():
    assert [len(phrase) for phrase in phrases([*TUNE[:3], *TUNE[6:8]])] == [3, 2]


def test_the_tune_is_found():
    tune = Part(0, 80, "", False, tuple(TUNE))
    chords = Part(1, 0, "", False, tuple(Note(i, 1, pitch, 80) for i in range(16) for pitch in (60, 64, 67)))
    bass = Part(2, 33, "", False, tuple(TUNE))
    drums = Part(9, 0, "", True, tuple(TUNE))
    assert most_melodic([chords, drums, bass, tune], 16.0) is tune
    assert most_melodic([drums, bass], 16.0) is None


@pytest.mark.parametrize("seed", range(8))
def test_lines_are_moved_by_octaves_into_a_singers_range(seed):
    singer = engage(np.random.default_rng(seed))
    line = [Note(i, 1, pitch, 80) for i, pitch in enumerate(range(20, 110, 3))]
    fitted = fit(line, singer)
    assert all(singer.lowest <= note.pitch <= singer.highest for note in fitted)
    assert all((new.pitch - old.pitch) % 12 == 0 for new, old in zip(fitted, line, strict=True))
    octave = [new.pitch - old.pitch for new, old in zip(fit(TUNE, singer), TUNE, strict=True)]
    assert len(set(octave)) == 1  # a tune that fits keeps its shape


def test_a_tune_is_sung_at_its_pitch():
    for pitch in (60, 67):
        take = sung([Note(0.5, 1.5, pitch, 100)])
        hz = fundamental(take[SAMPLE_RATE : SAMPLE_RATE + 8192])
        assert 12 * np.log2(hz / 440) + 69 == pytest.approx(pitch, abs=0.5)
        assert np.abs(take[: SAMPLE_RATE // 8]).max() < 0.1
        assert np.abs(take[int(2.5 * SAMPLE_RATE) :]).max() < 0.01


def test_a_take_repeats_by_its_seed_and_a_double_is_another():
    takes = [sung(TUNE[:4], seed, 3.0, double) for seed, double in ((1, False), (1, False), (2, True))]
    assert takes[0].tobytes() == takes[1].tobytes()
    assert np.corrcoef(takes[0], takes[2])[0, 1] < 0.9
    assert np.std(takes[0]) == pytest.approx(np.std(takes[2]), rel=0.3)


def test_harmony_sings_what_sounds():
    chord = [Note(0.0, 16.0, pitch, 80) for pitch in (48, 52, 55)]
    for above in (False, True):
        voiced = harmony(TUNE, chord, above)
        assert all((note.pitch % 12) in {0, 4, 7} for note in voiced if abs(note.pitch - 64) % 12)
        assert all((new.pitch > old.pitch) == above for new, old in zip(voiced, TUNE, strict=True))
    assert [note.pitch for note in harmony(TUNE[:1], [], above=False)] == [48]
