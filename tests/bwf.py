"""WAV files as recorders write them."""

import struct
from pathlib import Path

import numpy as np


def write_bwf(path: Path, samples: np.ndarray, start: int | None = None, rate: int = 44_100, mask: int | None = None):
    """A 16-bit WAV file of `(samples, channels)`, with a time stamp in samples and a mask of speakers where given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = np.round(samples * 32767).astype("<i2").tobytes()
    channels = samples.shape[1]
    form = struct.pack("<HIIHH", channels, rate, rate * channels * 2, channels * 2, 16)
    if mask is None:
        form = struct.pack("<H", 1) + form
    else:
        guid = bytes.fromhex("0100000000001000800000aa00389b71")
        form = struct.pack("<H", 0xFFFE) + form + struct.pack("<HHI", 22, 16, mask) + guid
    chunks = [(b"fmt ", form), (b"data", data)]
    if start is not None:
        chunks.insert(0, (b"bext", bytes(338) + struct.pack("<Q", start) + bytes(256)))
    body = b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) for name, content in chunks
    )
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
