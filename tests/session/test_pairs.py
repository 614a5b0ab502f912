from pathlib import Path, PurePath

import pytest

from wavemix.audio.files import AudioInfo
from wavemix.audio.labels import Label
from wavemix.session.found import Found
from wavemix.session.pairs import find_pairs


def mono(file: str, frames: int = 100, rate: int = 44_100, channels: int = 1, start: int | None = None) -> Found:
    path = PurePath(file)
    return Found(path, path, AudioInfo(Path(file), rate, channels, frames), Label(True, start))


def joined(*files: Found) -> list[tuple[str, str, str]]:
    pairs, _ = find_pairs(files)
    return [(str(pair.left.file), str(pair.right.file), str(pair.name)) for pair in pairs]


@pytest.mark.parametrize(
    ("left", "right", "name"),
    [
        ("Piano.L", "Piano.R", "Piano"),
        ("Piano-L", "Piano-R", "Piano"),
        ("Piano_L", "Piano_R", "Piano"),
        ("Piano L", "Piano R", "Piano"),
        ("Piano (L)", "Piano (R)", "Piano"),
        ("Piano[L]", "Piano[R]", "Piano"),
        ("Piano.left", "Piano.right", "Piano"),
        ("PIANO_LEFT", "PIANO_RIGHT", "PIANO"),
        ("Piano - Left", "Piano - Right", "Piano"),
        ("T03_01-L", "T03_01-R", "T03_01"),
        ("PianoL", "PianoR", "Piano"),
        ("GtrLeft", "GtrRight", "Gtr"),
        ("OHL", "OHR", "OH"),
        ("overheadsl", "overheadsr", "overheads"),
        ("Gtr 2_L", "Gtr 2_R", "Gtr 2"),
        ("piano.l", "Piano.R", "piano"),
    ],
)
def test_every_spelling_of_sides(left, right, name):
    files = mono(f"{right}.wav"), mono("Kick.wav"), mono(f"{left}.wav")
    assert joined(*files) == [(f"{left}.wav", f"{right}.wav", f"{name}.wav")]


@pytest.mark.parametrize(
    "files",
    [
        ("Piano.L.wav",),
        ("Piano.R.wav",),
        ("Piano.L.wav", "Organ.R.wav"),
        ("Piano.L.wav", "Piano.R.flac"),
        ("Day 1/Piano.L.wav", "Day 2/Piano.R.wav"),
        ("Bell.wav", "Ber.wav"),
        ("BAL.wav", "BAR.wav"),
        ("L.wav", "R.wav"),
        ("Vox 1.wav", "Vox 2.wav"),
        ("Piano.L.wav", "Piano-L.wav", "Piano.R.wav"),
    ],
)
def test_what_are_no_sides(files):
    assert joined(*map(mono, files)) == []
    assert find_pairs([mono(file) for file in files])[1] == []


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (mono("Piano.R.wav", frames=99), "their lengths differ (100 and 99 samples)"),
        (mono("Piano.R.wav", rate=48_000), "their sample rates differ (44100 and 48000 Hz)"),
        (mono("Piano.R.wav", start=7), "their recordings did not begin together"),
    ],
)
def test_sides_that_do_not_go_together_are_told(other, reason):
    pairs, mismatches = find_pairs([mono("Piano.L.wav"), other])
    assert (pairs, [mismatch.reason for mismatch in mismatches]) == ([], [reason])


def test_stereo_files_are_not_joined():
    pairs, mismatches = find_pairs([mono("Gtr L.wav", channels=2), mono("Gtr R.wav", channels=2)])
    assert not pairs
    assert not mismatches


def test_a_file_that_cannot_be_read_has_no_side():
    broken = PurePath("Piano.R.wav")
    assert find_pairs([mono("Piano.L.wav"), Found(broken, broken)]) == ([], [])
