"""Sound files that are not as they should be: the first table of docs/reliability.md."""

import os
import struct

import numpy as np
import pytest
import soundfile
from conftest import RATE, noise
from reliability.promises import Cases, hold

case = Cases("Sound files")


@pytest.mark.parametrize("row", case.rows, ids=lambda row: row.tried)
def test_a_file_does_to_a_mix_what_the_table_says(row, bench, run):
    hold(row, run(*case[row.tried](bench)), bench)


def test_the_table_and_the_cases_are_the_same():
    case.check_complete()


def beside_a_kick(bench, name, content=None):
    """The name for a file in a song that can be mixed; with content the file is written."""
    bench.track("Kick.wav")
    if content is not None:
        (bench.song / name).write_bytes(content)
    return bench.song / name


def cut(bench, name, part=0.6, **options):
    """A song with a file that has lost its end."""
    bench.track("Kick.wav")
    path = bench.track(name, 2.0, **options)
    os.truncate(path, int(path.stat().st_size * part))
    return bench.mix()


@case("empty")
def _(bench):
    beside_a_kick(bench, "Snare.wav", b"")
    return bench.mix()


@case("random bytes")
def _(bench):
    beside_a_kick(bench, "Snare.wav", np.random.default_rng(0).bytes(5000))
    return bench.mix()


@case("text called .wav")
def _(bench):
    beside_a_kick(bench, "Snare.wav", b"not audio at all " * 100)
    return bench.mix()


@case("zeros only, called .wav")
def _(bench):
    beside_a_kick(bench, "Snare.wav", bytes(5000))
    return bench.mix()


@case("M4A")
def _(bench):
    beside_a_kick(bench, "Snare.m4a", b"\0" * 99)
    return bench.mix()


@case("a link that leads nowhere")
def _(bench):
    beside_a_kick(bench, "Snare.wav").symlink_to("gone.wav")
    return bench.mix()


@case("a link to itself")
def _(bench):
    beside_a_kick(bench, "Snare.wav").symlink_to("Snare.wav")
    return bench.mix()


@case("a pipe")
def _(bench):
    os.mkfifo(beside_a_kick(bench, "Snare.wav"))
    return bench.mix()


@case("a link to a device")
def _(bench):
    beside_a_kick(bench, "Snare.wav").symlink_to("/dev/zero")
    return bench.mix()


@case("WAV without samples")
def _(bench):
    soundfile.write(beside_a_kick(bench, "Snare.wav"), np.zeros(0), RATE)
    return bench.mix()


@case("WAV, a sample is NaN")
def _(bench):
    samples = noise(0.1)
    samples[7] = np.nan
    soundfile.write(beside_a_kick(bench, "Snare.wav"), samples, RATE, subtype="FLOAT")
    return bench.mix()


@case("WAV, a sample is infinite")
def _(bench):
    samples = noise(0.1)
    samples[-1] = -np.inf
    soundfile.write(beside_a_kick(bench, "Snare.wav"), samples, RATE, subtype="DOUBLE")
    return bench.mix()


@case("WAV cut in its header")
def _(bench):
    return cut(bench, "Snare.wav", 0.00011)


@case("WAV cut in its samples")
def _(bench):
    return cut(bench, "Snare.wav")


@case("AIFF cut in its samples")
def _(bench):
    return cut(bench, "Snare.aiff")


@case("FLAC cut in its frames")
def _(bench):
    return cut(bench, "Snare.flac")


@case("FLAC with a hole")
def _(bench):
    bench.track("Kick.wav")
    path = bench.track("Snare.flac", 2.0)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20_000] = bytes(20_000)
    path.write_bytes(data)
    return bench.mix()


@case("Ogg Vorbis cut in its pages")
def _(bench):
    return cut(bench, "Snare.ogg")


@case("Opus cut in its pages")
def _(bench):
    return cut(bench, "Snare.opus", samplerate=48_000, format="OGG", subtype="OPUS")


@case("WAV with other chunks after its samples")
def _(bench):
    path = bench.track()
    with path.open("ab") as file:
        file.write(b"LIST\x04\x00\x00\x00INFO")
    return bench.mix()


def streamed(bench, size):
    """A WAV file whose samples' size was not known when its header was written."""
    path = bench.track(subtype="PCM_16")
    data = path.read_bytes()
    at = data.index(b"data")
    path.write_bytes(data[: at + 4] + struct.pack("<I", size) + data[at + 8 :])
    return bench.mix()


@case("WAV out of a pipe: size 0xFFFFFFFF")
def _(bench):
    return streamed(bench, 0xFFFFFFFF)


@case("all tracks silent")
def _(bench):
    for name in ("Kick.wav", "Bass.flac"):
        soundfile.write(bench.song / name, np.zeros(100), RATE)
    return bench.mix()


@case("8 channels")
def _(bench):
    bench.track("Drums.wav", channels=8)
    return bench.mix()


@case("one sample long")
def _(bench):
    bench.track("Kick.wav", 1 / RATE)
    return bench.mix()


@case("1 Hz")
def _(bench):
    bench.track("Kick.wav", 3.0, samplerate=1, subtype="PCM_16")
    return bench.mix()


@case("384,000 Hz")
def _(bench):
    bench.track("Kick.wav", samplerate=384_000)
    return bench.mix()


@case("2,000,000,000 Hz")
def _(bench):
    bench.track("Kick.wav", 1e-5, samplerate=2_000_000_000, subtype="PCM_16")
    return bench.mix()


@case("1,024 channels")
def _(bench):
    bench.track("Drums.wav", 0.02, channels=1024)
    return bench.mix()


@case("1,024 channels that are alike")
def _(bench):
    soundfile.write(bench.song / "Drums.wav", np.tile(noise(0.2), 1024), RATE)
    return bench.mix()


WHOLE = {
    "W64": ("Snare.w64", {"format": "W64"}),
    "RF64": ("Snare.rf64", {"format": "RF64"}),
    "WAV, extensible": ("Snare.wav", {"format": "WAVEX", "subtype": "PCM_24"}),
    "WAV, big-endian": ("Snare.wav", {"format": "WAV", "endian": "BIG"}),
    "WAV, ADPCM": ("Snare.wav", {"subtype": "IMA_ADPCM"}),
    "AIFF-C": ("Snare.aifc", {"format": "AIFF", "subtype": "FLOAT"}),
    "AU": ("Snare.au", {"format": "AU"}),
    "AU, little-endian": ("Snare.snd", {"format": "AU", "endian": "LITTLE"}),
    "CAF": ("Snare.caf", {"format": "CAF"}),
    "CAF, ALAC": ("Snare.caf", {"format": "CAF", "subtype": "ALAC_24"}),
    "MP3": ("Snare.mp3", {}),
}

for container, (name, options) in WHOLE.items():
    case(f"{container} cut in its samples")(lambda bench, name=name, options=options: cut(bench, name, **options))


@case("WAV, AIFF, W64, RF64, CAF, AU, FLAC, Ogg, Opus and MP3, whole")
def _(bench):
    for number, (name, options) in enumerate([("Kick.aiff", {}), ("Kick.flac", {}), ("Kick.ogg", {}), *WHOLE.values()]):
        bench.track(f"{number} {name}", 0.5, **options)
    bench.track("Kick.opus", 0.5, samplerate=48_000, format="OGG", subtype="OPUS")
    return bench.mix("--no-stems")


def without_a_xing_header(bench, name, seconds=2.0):
    """An MP3 file whose first frame, which says how many there are, is gone."""
    path = bench.track(name, seconds)
    data = path.read_bytes()
    [start] = [at for at in (data.find(b"Xing"), data.find(b"Info")) if at >= 0]
    path.write_bytes(data[data.index(data[:2], start) :])
    return path


@case("MP3 without a Xing header")
def _(bench):
    without_a_xing_header(bench, "Kick.mp3")
    return bench.mix()


@case("MP3 without a Xing header, cut in its frames")
def _(bench):
    path = without_a_xing_header(bench, "Snare.mp3")
    os.truncate(path, path.stat().st_size - 100)
    return bench.mix()


@case("MP3 with a hole")
def _(bench):
    path = bench.track("Snare.mp3", 2.0)
    data = bytearray(path.read_bytes())
    data[5000:5200] = bytes(200)
    path.write_bytes(data)
    return bench.mix()


@case("Ogg with two songs, one after the other")
def _(bench):
    path = bench.track("Snare.ogg")
    path.write_bytes(2 * path.read_bytes())
    return bench.mix()


@case("Ogg with a damaged page")
def _(bench):
    path = bench.track("Snare.ogg", 2.0)
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    return bench.mix()


@case("Ogg with a missing page")
def _(bench):
    path = bench.track("Snare.ogg", 5.0)
    pages = path.read_bytes().split(b"OggS")
    path.write_bytes(b"OggS".join(pages[:-2] + pages[-1:]))
    return bench.mix()


@case("WAV out of a pipe: size 0")
def _(bench):
    return streamed(bench, 0)


@case("WAV out of a pipe: size 0x7FFFF000")
def _(bench):
    return streamed(bench, 0x7FFFF000)


@case("FLAC out of a pipe, without a length")
def _(bench):
    path = bench.track("Kick.flac")
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    path.write_bytes(data)
    return bench.mix()


@case("CAF out of a pipe, without a length")
def _(bench):
    path = bench.track("Kick.caf", format="CAF", subtype="PCM_16")
    data = path.read_bytes()
    at = data.rindex(b"data")
    path.write_bytes(data[: at + 4] + b"\xff" * 8 + data[at + 12 :])
    return bench.mix()


@case("FLAC that promises less than it holds")
def _(bench):
    path = bench.track("Snare.flac")
    data = bytearray(path.read_bytes())
    data[24] ^= 0x10
    path.write_bytes(data)
    return bench.mix()


@case("WAV that promises less than it holds")
def _(bench):
    path = bench.track("Snare.wav", subtype="PCM_16")
    data = path.read_bytes()
    at = data.index(b"data") + 4
    path.write_bytes(data[:at] + struct.pack("<I", 1000) + data[at + 4 :])
    return bench.mix()


@case("WAV with the size of its samples, and other chunks but no samples")
def _(bench):
    path = bench.track("Snare.wav", subtype="PCM_16")
    data = path.read_bytes()
    at = data.index(b"data") + 4
    path.write_bytes(data[:at] + bytes(4) + b"LIST\x04\x00\x00\x00INFO")
    return bench.mix()


@case("VOC called .wav")
def _(bench):
    beside_a_kick(bench, "Snare.wav")
    soundfile.write(bench.song / "Snare.wav", noise(0.1), RATE, format="VOC", subtype="PCM_16")
    return bench.mix()


@case("MATLAB called .wav")
def _(bench):
    beside_a_kick(bench, "Snare.wav")
    soundfile.write(bench.song / "Snare.wav", noise(0.1), RATE, format="MAT5")
    return bench.mix()
