import errno
import os

import numpy as np
import pytest
import soundfile
from conftest import noise, read

from wavemix.audio import writing
from wavemix.audio.files import probe
from wavemix.audio.spool import Spool
from wavemix.audio.writing import FULL_SCALE, AudioWriter


def write(path, samples, **form):
    with AudioWriter(path, 44_100, samples.shape[0], samples.shape[1], **form) as file:
        for start in range(0, samples.shape[1], 1000):
            file.write(samples[:, start : start + 1000])
    return read(path)


@pytest.mark.parametrize(
    ("form", "bits", "tolerance"),
    [
        ("wav", "16", 2.0**-14),
        ("wav", "24", 2.0**-23),
        ("wav", "32f", 0),
        ("flac", "16", 2.0**-14),
        ("flac", "24", 2.0**-23),
    ],
)
def test_what_is_written_is_read_again(tmp_path, form, bits, tolerance):
    samples = noise(0.2, channels=2).T.astype(np.float32)
    found = write(tmp_path / f"x.{form}", samples, form=form, bits=bits)
    np.testing.assert_allclose(found, samples, atol=tolerance, rtol=0)


@pytest.mark.parametrize("bits", ["16", "24"])
def test_full_scale_survives_every_integer_format(tmp_path, bits):
    samples = np.tile(np.float32([FULL_SCALE, -FULL_SCALE]), (1, 5000))
    found = write(tmp_path / "x.wav", samples, bits=bits)
    assert np.abs(found - samples).max() <= 2.0**-14
    assert np.sign(found).tolist() == np.sign(samples).tolist()


@pytest.mark.parametrize("bits", ["16", "24"])
@pytest.mark.parametrize("value", [1.0, -1.2, np.nan, np.inf])
def test_what_does_not_fit_is_refused_not_clipped(tmp_path, bits, value):
    with pytest.raises(ValueError, match="does not fit"):
        write(tmp_path / "x.wav", np.full((1, 10), value, np.float32), bits=bits)


def test_float_files_take_any_level(tmp_path):
    assert write(tmp_path / "x.wav", np.full((1, 10), 3.5, np.float32), bits="32f").max() == 3.5


def test_dither_is_white_and_always_the_same(tmp_path):
    quiet = np.full((1, 44_100), 0.3 * 2.0**-15, np.float32)
    first = write(tmp_path / "a.wav", quiet, bits="16")
    second = write(tmp_path / "b.wav", quiet, bits="16")
    np.testing.assert_array_equal(first, second)
    assert first.mean() == pytest.approx(0.3 * 2.0**-15, abs=0.02 * 2.0**-15)  # not rounded away


def test_flac_has_no_float():
    with pytest.raises(ValueError, match="FLAC"):
        AudioWriter("x.flac", 44_100, 1, 1, form="flac", bits="32f")


def test_beyond_four_gigabytes_a_wav_becomes_rf64(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "LARGEST_WAV_BYTES", 1000)
    samples = noise(0.1).T.astype(np.float32)
    found = write(tmp_path / "x.wav", samples)
    assert soundfile.info(tmp_path / "x.wav").format == "RF64"
    np.testing.assert_allclose(found, samples, atol=2.0**-23)


def test_a_file_that_came_out_short_is_an_error(tmp_path):
    with pytest.raises(OSError, match="did not take"), AudioWriter(tmp_path / "x.wav", 44_100, 1, 10) as file:
        file.write(np.zeros((1, 9), np.float32))


def test_a_spool_gives_back_what_it_took_then_silence(tmp_path):
    samples = noise(0.1, channels=2).T.astype(np.float32)
    with Spool(tmp_path / "x", 2) as spool:
        spool.append(samples[:, :1000])
        spool.append(samples[:, 1000:])
        with spool.reading() as one, spool.reading() as other:
            for read in (one, other):
                found = np.concatenate([read(700), read(samples.shape[1])], axis=1)
                np.testing.assert_array_equal(found[:, : samples.shape[1]], samples)
                assert not found[:, samples.shape[1] :].any()
        blocks = list(spool.blocks(5000, 700))
        assert {block.shape[1] for block in blocks[:-1]} == {700}
        whole = np.concatenate(blocks, axis=1)
        assert whole.shape == (2, 5000)
        np.testing.assert_array_equal(whole[:, : samples.shape[1]], samples)
        assert not whole[:, samples.shape[1] :].any()


@pytest.mark.parametrize("rate", [8_000, 65_535, 65_540, 192_000, 383_990, 655_350])
def test_flac_files_have_every_rate_that_is_not_refused(tmp_path, rate):
    with AudioWriter(tmp_path / "x.flac", rate, 1, 10, "flac") as file:
        file.write(np.zeros((1, 10), np.float32))
    assert probe(tmp_path / "x.flac").rate == rate


@pytest.mark.parametrize("rate", [65_537, 383_999, 655_360])
def test_rates_that_flac_has_no_place_for_are_refused(tmp_path, rate):
    with pytest.raises(ValueError, match=f"FLAC files cannot have {rate} Hz"):
        AudioWriter(tmp_path / "x.flac", rate, 1, 10, "flac")
    assert not (tmp_path / "x.flac").exists()


def test_what_the_encoder_does_not_take_is_no_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("wavemix.audio.writing.check_rate", lambda *_: None)
    with (
        pytest.raises(OSError, match="flac decoder") as caught,
        AudioWriter(tmp_path / "x", 383_999, 1, 10, "flac") as file,
    ):
        file.write(np.zeros((1, 10), np.float32))
    assert caught.value.errno != errno.ENOSPC


def test_a_name_that_is_not_utf_8(tmp_path):
    path = tmp_path / os.fsdecode(b"mix\xff.wav")
    with AudioWriter(path, 44_100, 1, 10) as file:
        file.write(np.zeros((1, 10), np.float32))
    assert probe(path).frames == 10
