import pytest
import soundfile
from bwf import write_bwf
from conftest import noise

from wavemix.audio.files import probe
from wavemix.audio.labels import Label, read_label

EIGHT = noise(0.01, channels=8)
SURROUND_71 = 0x63F


@pytest.mark.parametrize(
    ("mask", "has_layout"), [(None, False), (0, False), (SURROUND_71, True), (0b11, False), (0b111111, False)]
)
def test_a_mask_that_names_a_speaker_a_channel_is_a_layout(tmp_path, mask, has_layout):
    write_bwf(tmp_path / "a.wav", EIGHT, mask=mask)
    assert probe(tmp_path / "a.wav").channels == 8
    assert read_label(tmp_path / "a.wav", 8) == Label(has_layout)


@pytest.mark.parametrize("start", [0, 1, 44_100 * 3600, 2**33])
def test_time_stamps_of_broadcast_wav(tmp_path, start):
    write_bwf(tmp_path / "a.wav", noise(0.01), start)
    assert read_label(tmp_path / "a.wav", 1) == Label(True, start)


@pytest.mark.parametrize(
    ("file", "channels", "has_layout"),
    [("a.flac", 6, True), ("a.ogg", 6, True), ("a.aiff", 4, False), ("a.caf", 4, False), ("a.au", 4, False),
     ("a.w64", 4, False), ("a.aiff", 2, True), ("a.wav", 1, True)],
)  # fmt: skip
def test_formats_with_and_without_layouts(tmp_path, file, channels, has_layout):
    soundfile.write(tmp_path / file, noise(0.01, channels=channels), 44_100)
    assert read_label(tmp_path / file, channels) == Label(has_layout)


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"caff" + b"\xff" * 30, b"FORM" + b"\xff" * 40, b"x" * 99]
)
def test_what_cannot_be_read_says_nothing(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    assert read_label(tmp_path / "a.wav", 8) == Label(False)
    assert read_label(tmp_path / "gone.wav", 8) == Label(False)
