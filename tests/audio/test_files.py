"""Files that cannot be used: one clear sentence that names them."""

import os

import numpy as np
import pytest
import soundfile
from conftest import noise

from wavemix.audio.files import probe
from wavemix.audio.reading import decode
from wavemix.errors import WavemixError


def refuse(path, message):
    with pytest.raises(WavemixError, match=message) as caught:
        list(decode(probe(path)))
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def write(path, seconds=2.0):
    soundfile.write(path, noise(seconds), 44_100)
    return path


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "aiff"])
@pytest.mark.parametrize("part", [0.2, 0.7, 0.999])
def test_a_truncated_file(tmp_path, ending, part):
    path = write(tmp_path / f"kick.{ending}")
    list(decode(probe(path)))
    size = path.stat().st_size
    with path.open("rb+") as file:
        file.truncate(int(size * part))
    refuse(path, "cut short|broken at|cannot be read|not a sound file")


def test_a_wav_cut_inside_its_header(tmp_path):
    path = write(tmp_path / "kick.wav")
    os.truncate(path, 30)
    refuse(path, "not a sound file|cut short")


def test_a_wav_with_chunks_after_its_samples_is_whole(tmp_path):
    path = write(tmp_path / "kick.wav", 0.1)
    with path.open("ab") as file:
        file.write(b"LIST\x04\x00\x00\x00INFO")
    assert probe(path).frames == 4410


@pytest.mark.parametrize("size", [b"\xff\xff\xff\xff"])
def test_a_wav_that_was_streamed_has_no_size_and_is_whole(tmp_path, size):
    path = write(tmp_path / "kick.wav", 0.1)
    data = bytearray(path.read_bytes())
    at = data.index(b"data")
    data[at + 4 : at + 8] = size
    path.write_bytes(data)
    assert probe(path).frames == 4410


def test_a_corrupt_flac(tmp_path):
    path = write(tmp_path / "kick.flac")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20_000] = bytes(20_000)
    path.write_bytes(data)
    refuse(path, "broken at|cut short")


def test_an_empty_file(tmp_path):
    (tmp_path / "kick.wav").touch()
    refuse(tmp_path / "kick.wav", r"empty \(0 bytes\)")


def test_a_file_without_samples(tmp_path):
    soundfile.write(tmp_path / "kick.wav", np.zeros(0), 44_100)
    refuse(tmp_path / "kick.wav", "no samples")


def test_text_called_wav(tmp_path):
    (tmp_path / "kick.wav").write_text("not audio at all" * 100)
    refuse(tmp_path / "kick.wav", "not a sound file")


def test_a_format_that_we_do_not_read(tmp_path):
    (tmp_path / "kick.m4a").write_bytes(b"\0" * 100)
    refuse(tmp_path / "kick.m4a", r"\.m4a files cannot be read; convert it to WAV or FLAC")


def test_a_missing_file(tmp_path):
    refuse(tmp_path / "kick.wav", "no such file")


def test_a_link_that_leads_nowhere(tmp_path):
    (tmp_path / "kick.wav").symlink_to(tmp_path / "gone.wav")
    refuse(tmp_path / "kick.wav", "no such file")


def test_a_link_that_leads_to_itself(tmp_path):
    (tmp_path / "kick.wav").symlink_to(tmp_path / "kick.wav")
    refuse(tmp_path / "kick.wav", "cannot be opened|no such file")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "kick.wav")
    refuse(tmp_path / "kick.wav", "is not a file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = write(tmp_path / "kick.wav", 0.1)
    path.chmod(0)
    refuse(path, "cannot be opened .* check its permissions")


def test_a_file_that_the_system_refuses_to_open(tmp_path, monkeypatch):
    path = write(tmp_path / "kick.wav", 0.1)

    def refuse_opening(self, *_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse_opening)
    refuse(path, "cannot be opened .* check its permissions")


def samples_of(path):
    return np.concatenate(list(decode(probe(path))), axis=1)


def test_an_mp3_that_does_not_say_its_length_is_read_to_its_end(tmp_path):
    """Its first frames are as good as silent, and short: a guess from them would be too low or too high."""
    path = tmp_path / "kick.mp3"
    samples = np.concatenate([1e-4 * noise(1), noise(3)])
    soundfile.write(path, samples, 44_100, bitrate_mode="VARIABLE")
    whole = samples_of(path)
    data = path.read_bytes()
    start = max(data.find(b"Xing"), data.find(b"Info"))
    path.write_bytes(data[data.index(data[:2], start) :])
    guessed = soundfile.info(path).frames
    found = samples_of(path)
    assert abs(guessed - len(samples)) > 10_000
    assert found.shape[1] >= len(samples)
    late = found.shape[1] - whole.shape[1]  # what the encoder added, which a Xing header tells
    loud = slice(60_000, 80_000)
    lag = int(np.argmin([np.abs(found[0, at:][loud] - whole[0][loud]).max() for at in range(late + 1)]))
    np.testing.assert_allclose(found[:, lag : lag + whole.shape[1]], whole, atol=1e-4)


def test_a_flac_that_does_not_say_its_length_is_read_to_its_end(tmp_path):
    path = write(tmp_path / "kick.flac")
    whole = samples_of(path)
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    path.write_bytes(data)
    np.testing.assert_array_equal(samples_of(path), whole)


@pytest.mark.parametrize("size", [0, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
@pytest.mark.parametrize("silent", [False, True])
def test_a_wav_out_of_a_pipe_is_read_to_its_end(tmp_path, size, silent):
    path = tmp_path / "kick.wav"
    soundfile.write(path, (not silent) * noise(0.1), 44_100)
    whole = samples_of(path)
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = size.to_bytes(4, "little")
    path.write_bytes(data)
    np.testing.assert_array_equal(samples_of(path), whole)


def test_a_name_that_is_not_utf_8(tmp_path):
    path = tmp_path / os.fsdecode(b"kick\xff.wav")
    write(tmp_path / "kick.wav", 0.1).rename(path)
    assert samples_of(path).shape == (1, 4410)
