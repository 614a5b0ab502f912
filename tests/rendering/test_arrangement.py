"""MIDI files as notes in seconds."""

import mido
import pytest
from rendering.material import control, note, program, tempo

from wavemix.errors import WavemixError
from wavemix.rendering.arrangement import content_hash, read_arrangement


def heard(part):
    """Start, length, pitch of each note of a part."""
    return [(pytest.approx(n.start_seconds), pytest.approx(n.seconds), n.pitch) for n in part.notes]


def test_times_follow_the_tempo_map(midi):
    # Two beats at 120, then at 60 beats a minute; the tempo stands in another track than the notes.
    path = midi([tempo(0, 120), tempo(2, 60)], [*note(0, 1, 60), *note(2, 1, 62), *note(3, 2, 64)])
    arrangement = read_arrangement(path)
    assert heard(arrangement.parts[0]) == [(0.0, 0.5, 60), (1.0, 1.0, 62), (2.0, 2.0, 64)]
    assert arrangement.seconds == pytest.approx(4.0)
    assert arrangement.name == "song"


def test_long_silence_before_the_first_note_is_cut(midi):
    part = read_arrangement(midi([*note(10, 1, 60), control(9, 11, 30), control(12, 11, 90), *note(13, 1, 60)])).parts[
        0
    ]
    assert heard(part) == [(0.5, 0.5, 60), (2.0, 0.5, 60)]
    assert part.expression == ((0.0, 30.0), (pytest.approx(1.5), 90.0))
    assert read_arrangement(midi([*note(0.5, 1, 60)])).parts[0].notes[0].start_seconds == pytest.approx(0.25)


def test_a_pedal_holds_notes(midi):
    messages = [control(0, 64, 127), *note(0, 1, 60), *note(1, 1, 64), control(4, 64, 0), *note(5, 1, 60)]
    assert heard(read_arrangement(midi(messages)).parts[0]) == [(0.0, 2.0, 60), (0.5, 1.5, 64), (2.5, 0.5, 60)]


def test_a_pitch_that_is_struck_again_ends(midi):
    messages = [*note(0, 4, 60), *note(1, 1, 60)]
    assert heard(read_arrangement(midi(messages)).parts[0]) == [(0.0, 0.5, 60), (0.5, 0.5, 60)]


def test_notes_that_never_end_are_ended(midi):
    messages = [(0, mido.Message("note_on", note=60, velocity=90)), *note(3, 1, 62)]
    assert heard(read_arrangement(midi(messages)).parts[0]) == [(0.0, 2.0, 60), (1.5, 0.5, 62)]


def test_a_channel_that_changes_its_program_is_several_parts(midi):
    messages = [program(0, 5), *note(0, 1, 60), program(1, 7), *note(1, 1, 62), program(2, 9), program(2, 5)]
    arrangement = read_arrangement(midi([*messages, *note(3, 1, 64)]))
    assert [(part.program, [n.pitch for n in part.notes]) for part in arrangement.parts] == [(5, [60, 64]), (7, [62])]


def test_drums_are_channel_ten_and_may_be_let_go_at_once(midi):
    arrangement = read_arrangement(midi([*note(0, 0, 36, channel=9), *note(0, 1, 60), *note(1, 0, 61)]))
    assert [(part.drums, len(part.notes)) for part in arrangement.parts] == [(False, 1), (True, 1)]


def test_controls_and_wheels_are_curves(midi):
    bend = mido.Message("pitchwheel", pitch=-8192)
    messages = [control(0, 1, 40), *note(0, 8, 60), control(2, 1, 90), control(3, 11, 50)]
    part = read_arrangement(
        midi([*messages, control(0, 101, 0), control(0, 100, 0), control(0, 6, 12), (4, bend)])
    ).parts[0]
    assert part.modulation == ((0.0, 40.0), (1.0, 90.0))
    assert part.expression == ((0.0, 127.0), (1.5, 50.0))
    assert part.bends == ((0.0, 0.0), (2.0, -12.0))


def test_without_controls_the_standard_says_where_they_stand(midi):
    part = read_arrangement(midi([*note(0, 8, 60)])).parts[0]
    assert (part.expression, part.modulation, part.bends) == (((0.0, 127.0),), ((0.0, 0.0),), ((0.0, 0.0),))


def test_compositions_are_told_apart_by_their_notes_alone(midi):
    tune = [*note(0, 1, 60), *note(1, 1, 62)]
    one = read_arrangement(midi(tune))
    other = read_arrangement(
        midi([program(0, 30, 3), control(0, 7, 3, 3), *note(0, 2, 60, 50, 3), *note(1, 1, 62, 9, 3)])
    )
    assert content_hash(one) == content_hash(other)
    assert content_hash(one) != content_hash(read_arrangement(midi([*note(0, 1, 60), *note(1, 1, 63)])))


@pytest.mark.parametrize(
    "content", [b"", b"MThd", b"RIFF1234WAVEfmt ", b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\0\0\0\xff\0\x90"]
)
def test_a_broken_file_is_said_so_in_one_sentence(tmp_path, content):
    path = tmp_path / "broken.mid"
    path.write_bytes(content)
    with pytest.raises(WavemixError, match=r"broken\.mid: .*\.$"):
        read_arrangement(path)


def test_what_cannot_be_played_is_said_so(midi, tmp_path):
    with pytest.raises(WavemixError, match="has no notes"):
        read_arrangement(midi([tempo(0, 100)]))
    with pytest.raises(WavemixError, match=r"absent\.mid"):
        read_arrangement(tmp_path / "absent.mid")
    unrelated = mido.MidiFile(type=2)
    unrelated.save(tmp_path / "two.mid")
    with pytest.raises(WavemixError, match="type 2"):
        read_arrangement(tmp_path / "two.mid")


def test_values_out_of_range_are_clipped(midi):
    path = midi([*note(0, 1, 60, 100)])
    path.write_bytes(path.read_bytes().replace(bytes((0x90, 60, 100)), bytes((0x90, 60, 200))))
    assert read_arrangement(path).parts[0].notes[0].velocity == 127
