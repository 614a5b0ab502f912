"""ffmpeg's loudness meter, which shares nothing with ours."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest


@dataclass(frozen=True)
class Reading:
    """What `ebur128` prints: one decimal of each; momentary and short-term loudness every 100 ms."""

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float
    momentary_lufs: np.ndarray
    short_term_lufs: np.ndarray


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    """Where ffmpeg is. Without it tests are skipped, but not where all of them are meant to run."""
    path = shutil.which("ffmpeg")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("ffmpeg is not installed")
    return path or pytest.skip("ffmpeg is not installed")


@pytest.fixture(scope="session")
def ebur128(ffmpeg: str) -> Callable[[np.ndarray, int], Reading]:
    """Measure a signal, `(channels, samples)`, of 1, 2 or 5 channels."""

    def read(signal: np.ndarray, sample_rate: int) -> Reading:
        layout = {1: "mono", 2: "stereo", 5: "5.0"}[len(signal)]
        source = f"-f f64le -ar {sample_rate} -channel_layout {layout} -i -"
        command = f"{ffmpeg} -hide_banner -nostats {source} -af ebur128=peak=true -f null -"
        run = subprocess.run(command.split(), input=signal.T.tobytes(), capture_output=True, check=True)
        course, _, summary = run.stderr.decode().rpartition("Summary:")
        totals = {name: float(value) for name, value in re.findall(r"(I|LRA|Peak): +(\S+) (?:LU|dBFS)", summary)}
        momentary, short_term = np.array(re.findall(r"M: *(\S+) S: *(\S+) ", course), float).T
        return Reading(totals["I"], totals["LRA"], totals["Peak"], momentary, short_term)

    return read
