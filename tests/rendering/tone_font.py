"""A soundfont in which every program is one tone: it loads at once, and a real one takes fluidsynth a second."""

import struct
from pathlib import Path

import numpy as np

from wavemix.audio.rate import SAMPLE_RATE

PERIOD_SAMPLES, PERIODS, MARGIN_SAMPLES = 100, 20, 50
PLAYS_INSTRUMENT, PLAYS_SAMPLE, LOOPS = 41, 53, 54
"""Generators of the SoundFont specification, 8.1.2."""

PITCH = 69


def write_tone_font(path: Path) -> Path:
    """Write it as SoundFont 2.01."""
    phase = 2.0 * np.pi * np.arange(PERIOD_SAMPLES * PERIODS) / PERIOD_SAMPLES
    wave = (8000.0 * np.sin(phase)).astype("<i2")
    loop = MARGIN_SAMPLES, MARGIN_SAMPLES + PERIOD_SAMPLES * (PERIODS - 1)
    presets = [(program, 0) for program in range(128)] + [(0, 128)]
    information = {b"ifil": struct.pack("<2H", 2, 1), b"isng": b"EMU8000\0", b"INAM": b"tone\0\0"}
    tables = {
        b"phdr": [_preset(number, *preset) for number, preset in enumerate([*presets, (0, 0)])],
        b"pbag": [struct.pack("<2H", number, 0) for number in range(len(presets) + 1)],
        b"pmod": [bytes(10)],
        b"pgen": [_generator(PLAYS_INSTRUMENT, 0)] * len(presets) + [bytes(4)],
        b"inst": [struct.pack("<20sH", b"tone", number) for number in (0, 1)],
        b"ibag": [struct.pack("<2H", 0, 0), struct.pack("<2H", 2, 0)],
        b"imod": [bytes(10)],
        b"igen": [_generator(LOOPS, 1), _generator(PLAYS_SAMPLE, 0), bytes(4)],
        b"shdr": [
            struct.pack("<20s5IBbHH", b"tone", 0, len(wave), *loop, SAMPLE_RATE, PITCH, 0, 0, 1),
            struct.pack("<20s26x", b"EOS"),
        ],
    }
    silence = bytes(2 * 46)  # that the specification wants after every sample
    lists = {
        b"INFO": _chunks(information),
        b"sdta": _chunks({b"smpl": wave.tobytes() + silence}),
        b"pdta": _chunks({name: b"".join(rows) for name, rows in tables.items()}),
    }
    path.write_bytes(_chunks({b"RIFF": b"sfbk" + b"".join(_chunks({b"LIST": n + data}) for n, data in lists.items())}))
    return path


def _preset(number: int, program: int, bank: int) -> bytes:
    return struct.pack("<20s3H3I", b"tone", program, bank, number, 0, 0, 0)


def _generator(number: int, amount: int) -> bytes:
    return struct.pack("<2H", number, amount)


def _chunks(data: dict[bytes, bytes]) -> bytes:
    return b"".join(name + len(content).to_bytes(4, "little") + content for name, content in data.items())
