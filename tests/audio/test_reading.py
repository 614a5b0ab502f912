import os

import numpy as np
import pytest
import soundfile
import soxr
from conftest import noise
from hypothesis import given, settings
from hypothesis import strategies as st

from wavemix.audio.files import probe
from wavemix.audio.reading import READ_FRAMES, Resampler, TrackReader, decode, resampled_length
from wavemix.audio.scanning import ChannelWatch, scan
from wavemix.errors import WavemixError


def read_in_pieces(path, rate, sizes):
    with TrackReader(probe(path), rate) as reader:
        return np.concatenate([reader.read(size) for size in sizes], axis=1)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_streaming_reads_what_a_whole_read_reads(tmp_path, ending):
    path = tmp_path / f"track.{ending}"
    soundfile.write(path, noise(4, channels=2), 44_100)
    whole, _ = soundfile.read(path, dtype="float32", always_2d=True)
    assert len(whole) > 2 * READ_FRAMES
    found = read_in_pieces(path, 44_100, [1, 70_000, 0, 30_000, len(whole) - 100_001, 50])
    np.testing.assert_array_equal(found[:, : len(whole)].T, whole)
    assert not found[:, len(whole) :].any()


@pytest.mark.parametrize("rate", [8_000, 32_000, 48_000, 96_000, 192_000])
def test_resampling_in_a_stream_is_resampling_at_once(tmp_path, rate):
    path = tmp_path / "track.wav"
    samples = noise(1.5, rate=rate).astype(np.float32)
    soundfile.write(path, samples, rate, subtype="FLOAT")
    expected = soxr.resample(samples, rate, 44_100, "HQ").T
    length = resampled_length(len(samples), rate, 44_100)
    assert abs(length - expected.shape[1]) <= 1
    found = read_in_pieces(path, 44_100, [5000, 1, 20_000, length - 25_001, 100])
    both = min(length, expected.shape[1])
    np.testing.assert_array_equal(found[:, :both], expected[:, :both])
    assert not found[:, length:].any()


@settings(max_examples=50)
@given(frames=st.integers(0, 10**8), rate=st.sampled_from([8_000, 44_100, 48_000, 96_000]))
def test_resampled_length_is_the_nearest_sample(frames, rate):
    exact = frames * 44_100 / rate
    assert abs(resampled_length(frames, rate, 44_100) - exact) <= 0.5 + 1e-6
    assert resampled_length(frames, rate, rate) == frames


def test_equal_rates_are_not_touched():
    block = noise(0.1).T.astype(np.float32)
    assert Resampler(44_100, 44_100, 1)(block) is block


def test_a_sample_that_is_no_number_is_named_with_its_time(tmp_path):
    samples = noise(2)
    samples[70_000] = np.nan
    path = tmp_path / "track.wav"
    soundfile.write(path, samples, 44_100, subtype="FLOAT")
    with pytest.raises(WavemixError, match=r"track\.wav: sample 70000 \(1\.59 s\) is NaN"):
        list(decode(probe(path)))


@pytest.mark.parametrize(
    ("channels", "live"),
    [
        ([1.0], (0,)),
        ([1.0, 2.0], (0, 1)),
        ([1.0, 1.0], (0,)),
        ([0.0, 1.0], (0, 1)),  # its sides are kept
        ([0.0, 0.0], ()),
        ([1.0, 0.0, 2.0, 1.0], (0, 2)),
    ],
)
def test_scan_finds_the_channels_with_a_signal_of_their_own(tmp_path, channels, live):
    mono = noise(2.0)
    path = tmp_path / "track.wav"
    soundfile.write(path, np.hstack([level * mono for level in channels]), 44_100, subtype="FLOAT")
    found = scan(path)
    assert found.live_channels == live
    assert found.silent == (not live)
    assert found.peak == pytest.approx(max(channels) * np.abs(mono).max(), rel=1e-6)


def test_channels_that_differ_in_one_late_sample_are_not_copies(tmp_path):
    samples = np.repeat(noise(2.0), 2, axis=1)
    samples[-1, 1] += 0.1
    soundfile.write(tmp_path / "track.wav", samples, 44_100, subtype="FLOAT")
    assert scan(tmp_path / "track.wav").live_channels == (0, 1)


def test_channels_that_are_zero_from_either_side_are_copies(tmp_path):
    samples = np.tile(noise(0.1), 2)
    samples[::2] = (0.0, -0.0)
    soundfile.write(tmp_path / "track.wav", samples, 44_100, subtype="FLOAT")
    assert scan(tmp_path / "track.wav").live_channels == (0,)


def test_channels_that_have_parted_are_not_compared_again():
    """All pairs of 1,024 channels would take minutes."""
    watch = ChannelWatch(1024)
    watch.update(noise(0.01, channels=1024).T.astype(np.float32))
    assert watch._alike == []


ENDINGS = {
    "wav": {},
    "flac": {},
    "ogg": {},
    "mp3": {},
    "w64": {"format": "W64"},
    "opus": {"format": "OGG", "subtype": "OPUS", "samplerate": 48_000},
    "caf": {"format": "CAF", "subtype": "ALAC_24"},
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("rate", [44_100, 32_000])
def test_where_few_files_may_be_open_a_track_is_closed_and_read_on(tmp_path, monkeypatch, ending, rate):
    path = tmp_path / f"track.{ending}"
    soundfile.write(path, noise(4, channels=2), **{"samplerate": 44_100} | ENDINGS[ending])
    sizes = [70_000, 1, 30_000, 50_000]
    expected = read_in_pieces(path, rate, sizes)
    opened = []
    monkeypatch.setattr("wavemix.audio.reading.decode", lambda *at: opened.append(at) or decode(*at))
    monkeypatch.setattr("resource.getrlimit", lambda _: (18, 18))
    with TrackReader(probe(path), 44_100) as other:
        other.read(1)
        np.testing.assert_array_equal(read_in_pieces(path, rate, sizes), expected)
    assert len(opened) > 2


def rewritten(path, samples):
    soundfile.write(path, samples, 44_100, subtype="PCM_16")


def replaced(path, samples):
    """With a file of the same size and time."""
    times = path.stat()
    rewritten(path.with_name("new.wav"), samples)
    path.with_name("new.wav").replace(path)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("change", [rewritten, replaced])
def test_a_file_that_is_not_the_one_that_was_checked_is_refused(tmp_path, change):
    path = tmp_path / "track.wav"
    rewritten(path, noise(0.1))
    info = probe(path)
    change(path, noise(0.1, seed=1))
    assert path.stat().st_size == info.stamp.size
    with pytest.raises(WavemixError, match=r"track\.wav: was changed or replaced while it was in use"):
        list(decode(info))


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "track.wav"
    rewritten(path, noise(4))
    blocks = decode(probe(path))
    next(blocks)
    os.utime(path, ns=(0, 0))
    with pytest.raises(WavemixError, match="was changed or replaced"):
        next(blocks)


def test_a_file_that_is_gone_when_it_is_read(tmp_path):
    path = tmp_path / "track.wav"
    rewritten(path, noise(0.1))
    info = probe(path)
    path.unlink()
    with pytest.raises(WavemixError, match=r"track\.wav: is no longer there"):
        list(decode(info))
