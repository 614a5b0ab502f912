"""What a batch leaves."""

import json
from pathlib import Path

import numpy as np
import soundfile

from wavemix.catalogue import Settings
from wavemix.catalogue.mark import MARK
from wavemix.catalogue.worker import Worker


def make_worker(settings: Settings, tmp_path: Path) -> Worker:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    made = Worker(settings, scratch)
    assert made.load() == ""
    return made


def marks(out: Path) -> dict[str, dict]:
    """What the reports of the songs that are done say of the batch, by song."""
    found = {}
    for path in out.glob("*/report.json"):
        try:
            mark = json.loads(path.read_text())[MARK]
        except FileNotFoundError:
            continue  # being written
        if mark["fingerprint"]:
            found[path.parent.name] = mark
    return found


def samples(path: Path) -> np.ndarray:
    return soundfile.read(path)[0]
