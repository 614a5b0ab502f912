"""MP3 in a WAV container, and WAV out of a pipe."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import RATE, noise

from wavemix.audio.files import probe
from wavemix.audio.reading import decode
from wavemix.errors import WavemixError


def mp3(samples: np.ndarray) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="MP3")
    return file.getvalue()


def in_wav(data: bytes, after: bytes = b"") -> bytes:
    form = struct.pack("<HHIIHHHHIHHH", 0x55, 1, RATE, 16_000, 1, 0, 12, 1, 2, 417, 1, 1393)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    chunks += b"\0" * (len(data) % 2) + after
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def samples_of(path: Path) -> np.ndarray:
    return np.concatenate(list(decode(probe(path))), axis=1)


@pytest.mark.parametrize("after", [b"", b"LIST" + struct.pack("<I", 4) + b"INFO"])
def test_mp3_in_a_wav_container_is_the_mp3(tmp_path, after):
    data = mp3(noise(0.5))
    (tmp_path / "a.mp3").write_bytes(data)
    (tmp_path / "a.wav").write_bytes(in_wav(data, after))
    np.testing.assert_array_equal(samples_of(tmp_path / "a.wav"), samples_of(tmp_path / "a.mp3"))
    assert probe(tmp_path / "a.wav").frames >= RATE // 2


def test_mp3_in_a_wav_container_that_is_cut_short(tmp_path):
    data = mp3(noise(0.5))
    whole = in_wav(data)
    (tmp_path / "a.wav").write_bytes(whole[: len(whole) - len(data) // 2])
    with pytest.raises(WavemixError, match=r"a\.wav: is cut short"):
        probe(tmp_path / "a.wav")
    (tmp_path / "b.wav").write_bytes(in_wav(data[: len(data) // 2]))
    with pytest.raises(WavemixError, match=r"b\.wav: is cut short"):
        probe(tmp_path / "b.wav")


@pytest.mark.parametrize("declared", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_wav_out_of_a_pipe_is_read_to_its_end(tmp_path, declared):
    soundfile.write(tmp_path / "a.wav", noise(0.1), RATE)
    whole = bytearray((tmp_path / "a.wav").read_bytes())
    at = whole.index(b"data") + 4
    whole[at : at + 4] = struct.pack("<I", declared)
    whole[4:8] = struct.pack("<I", min(declared + 36, 0xFFFFFFFF))
    (tmp_path / "piped.wav").write_bytes(whole)
    np.testing.assert_array_equal(samples_of(tmp_path / "piped.wav"), samples_of(tmp_path / "a.wav"))
