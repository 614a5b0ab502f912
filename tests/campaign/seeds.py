"""Whole sound files of every container that we read, small enough to be damaged thousands of times."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import soundfile

SECONDS, RATE, CHANNELS = 0.06, 48_000, 2

FORMS: Mapping[str, tuple[str, dict[str, str]]] = {
    "WAV, 16 bits": ("wav", {"format": "WAV", "subtype": "PCM_16"}),
    "WAV, float": ("wav", {"format": "WAV", "subtype": "FLOAT"}),
    "WAV, extensible": ("wav", {"format": "WAVEX", "subtype": "PCM_24"}),
    "WAV, big-endian": ("wav", {"format": "WAV", "subtype": "PCM_16", "endian": "BIG"}),
    "WAV, ADPCM": ("wav", {"format": "WAV", "subtype": "IMA_ADPCM"}),
    "RF64": ("rf64", {"format": "RF64", "subtype": "PCM_16"}),
    "W64": ("w64", {"format": "W64", "subtype": "PCM_24"}),
    "AIFF": ("aiff", {"format": "AIFF", "subtype": "PCM_16"}),
    "AIFF-C": ("aifc", {"format": "AIFF", "subtype": "FLOAT"}),
    "AU": ("au", {"format": "AU", "subtype": "PCM_16"}),
    "AU, little-endian": ("snd", {"format": "AU", "subtype": "PCM_16", "endian": "LITTLE"}),
    "CAF": ("caf", {"format": "CAF", "subtype": "PCM_16"}),
    "CAF, ALAC": ("caf", {"format": "CAF", "subtype": "ALAC_16"}),
    "FLAC": ("flac", {"format": "FLAC", "subtype": "PCM_16"}),
    "Ogg Vorbis": ("ogg", {"format": "OGG", "subtype": "VORBIS"}),
    "Opus": ("opus", {"format": "OGG", "subtype": "OPUS"}),
    "MP3": ("mp3", {"format": "MP3", "subtype": "MPEG_LAYER_III"}),
}

LINEAR_BYTES = {"PCM_16": 2, "PCM_24": 3, "FLOAT": 4}


@dataclass(frozen=True)
class Seed:
    """A whole file.

    Attributes:
        name: Of its container.
        ending: Of its file's name.
        data: Its bytes.
        held: Bytes of its samples, or samples of one channel where their bytes are not counted.
        linear: Which of both.
        streamed: Whether it does not say how much it holds.
    """

    name: str
    ending: str
    data: bytes
    held: int
    linear: bool
    streamed: bool = False


def seeds() -> list[Seed]:
    """One file of each form, and of some what programs make of them that write into a pipe or add to the end."""
    noise = (0.1 * np.random.default_rng(0).standard_normal((round(SECONDS * RATE), CHANNELS))).clip(-0.9, 0.9)
    made = [_seed(name, ending, noise, options) for name, (ending, options) in FORMS.items()]
    by_name = {seed.name: seed for seed in made}
    wav, mp3 = by_name["WAV, 16 bits"], by_name["MP3"]
    at = wav.data.index(b"data") + 4
    streamed = wav.data[:at] + b"\xff" * 4 + wav.data[at + 4 :]
    tagged = wav.data + b"LIST\x1a\0\0\0INFOISFT\x0e\0\0\0Lavf59.27.100\0"
    tagged = tagged[:4] + (len(tagged) - 8).to_bytes(4, "little") + tagged[8:]
    bare = mp3.data[mp3.data.index(mp3.data[:2], 100) :]
    return [
        *made,
        Seed("WAV out of a pipe", "wav", streamed, wav.held, True, streamed=True),
        Seed("WAV with tags", "wav", tagged, wav.held, True),
        Seed("MP3 without a length", "mp3", bare, mp3.held, False),
    ]


def _seed(name: str, ending: str, samples: np.ndarray, options: dict[str, str]) -> Seed:
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, **options)
    width = LINEAR_BYTES.get(options["subtype"] if options["format"] != "FLAC" else "", 0)
    held = samples.size * width if width else len(samples)
    return Seed(name, ending, file.getvalue(), held, bool(width))
