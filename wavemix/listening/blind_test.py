"""A blind listening test as one web page that works from disk, and the key to its hidden names."""

import base64
import hashlib
import html
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

import numpy as np

from wavemix.audio.writing import AudioWriter
from wavemix.data.plain import Samples
from wavemix.documents.files import read_bytes
from wavemix.documents.json_text import dump_json
from wavemix.documents.names import written
from wavemix.errors import WavemixError
from wavemix.leftovers import scratch_folder
from wavemix.listening.passages import Passage, common_rate, find_mixed_songs, read_passage
from wavemix.listening.ratings import DIMENSIONS, KEY
from wavemix.metrics.excerpt import EXCERPT_SECONDS
from wavemix.pages import source
from wavemix.staging import staged_folder

PAGE = "listen.html"

QUESTIONS = {
    "balance": "Are voices and instruments in the right proportion?",
    "clarity": "Can you hear every part distinctly?",
    "panning": "Are the parts well placed between left and right?",
    "space": "Do width, depth and room sound convincing?",
    "dynamics": "Do soft and loud, punch and control suit the music?",
    "overall": "How good is this mix as a whole?",
}
"""What the page asks of each dimension."""

HASH_DIGITS = 10
_SOURCES = files("wavemix.listening") / "page"
_SHARED = ("elements.js", "player.js")
_SCRIPTS = ("order.js", "session.js", "page.js")


@dataclass(frozen=True)
class BlindTest:
    """A listening test that was written.

    Attributes:
        page: The page for the listeners.
        key: Which mix is which, for the experimenter alone.
        passages: What is compared.
    """

    page: Path
    key: Path
    passages: tuple[Passage, ...]


def write_test(
    folders: Sequence[Path],
    out: Path,
    title: str = "Listening test",
    seed: int = 0,
    start_seconds: float | None = None,
    seconds: float = EXCERPT_SECONDS,
    tell: Callable[[str], None] = lambda song: None,
) -> BlindTest:
    """Write `listen.html` and `key.json`.

    Args:
        folders: Folders of mixes, one a song, or folders of such.
        out: The folder to write to.
        title: What listeners read at the top.
        seed: Another seed gives other hashes and other orders; the same one the same files.
        start_seconds: Where all passages begin; where it is not given, each song's loudest passage is taken.
        seconds: Length of the passages.
        tell: Gets the name of each song as its turn comes.

    Raises:
        WavemixError: If the mixes cannot be found, read or compared, the folder has the key of another test, or nothing
            can be written.
    """
    songs = find_mixed_songs(folders)
    rate = common_rate(songs)
    passages = []
    for song in songs:
        tell(song.name)
        passages.append(read_passage(song, rate, start_seconds, seconds))
    # One loudness for all songs too, so that nobody needs to change the volume on the way.
    loudness_lufs = min(passage.loudness_lufs for passage in passages)
    trials = [_trial(passage.lowered_to(loudness_lufs), rate, seed) for passage in passages]
    key = _key(trials)
    if (out / KEY).exists() and read_bytes(out / KEY) != key.encode():
        raise WavemixError(
            f"{out / KEY}: is the key of another test, which its ratings need; choose another output folder."
        )
    with staged_folder(out) as stage:
        (stage / PAGE).write_text(written(_page(title, rate, trials)), encoding="utf-8")
        (stage / KEY).write_text(key, encoding="utf-8")
    return BlindTest(out / PAGE, out / KEY, tuple(trial.passage for trial in trials))


@dataclass(frozen=True)
class _Trial:
    """A passage as the page has it: under hashes, sorted by them, so that its source tells nothing either."""

    code: str
    passage: Passage
    names: dict[str, str]
    sounds: dict[str, bytes]


def _trial(passage: Passage, rate: int, seed: int) -> _Trial:
    codes = {_hash(seed, passage.song, name): name for name in passage.mixes}
    names = dict(sorted(codes.items()))
    sounds = {code: _flac(passage.mixes[name], rate) for code, name in names.items()}
    return _Trial(_hash(seed, passage.song), passage, names, sounds)


def _hash(*parts: object) -> str:
    """A short name for things whose own names must not be told."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:HASH_DIGITS]


def _flac(audio: Samples, rate: int) -> bytes:
    """A FLAC file of 16 bits, dithered."""
    with scratch_folder() as folder:
        path = folder / "mix.flac"
        with AudioWriter(path, rate, len(audio), audio.shape[1], "flac", "16") as file:
            file.write(audio.astype(np.float32, copy=False))
        return path.read_bytes()


def _key(trials: Sequence[_Trial]) -> str:
    """What `wavemix listen analyse` translates the page's hashes with."""
    key = {
        "songs": {trial.code: trial.passage.song for trial in trials},
        "mixes": {code: name for trial in trials for code, name in trial.names.items()},
    }
    return dump_json(key)


def _page(title: str, rate: int, trials: Sequence[_Trial]) -> str:
    """The whole page."""
    sounds = dict(sorted((code, sound) for trial in trials for code, sound in trial.sounds.items()))
    test = {
        "id": _hash(title, *(hashlib.sha256(sound).digest() for sound in sounds.values()), *sounds),
        "rate": rate,
        "seconds": min(trial.passage.window.seconds for trial in trials),
        "dimensions": [{"name": name, "question": QUESTIONS[name]} for name in DIMENSIONS],
        "songs": [{"id": code, "stimuli": list(names)} for code, names in sorted((t.code, t.names) for t in trials)],
    }
    read = {name: (_SOURCES / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", *_SCRIPTS)}
    read |= {name: source(name) for name in ("base.css", *_SHARED)}
    return Template(read["page.html"]).substitute(
        title=html.escape(title),
        style=read["base.css"] + read["page.css"],
        test=json.dumps(test),
        stimuli="\n".join(
            f'<script type="text/plain" id="stimulus-{code}">{base64.b64encode(sound).decode()}</script>'
            for code, sound in sounds.items()
        ),
        script="\n".join(['"use strict";', *(read[name] for name in (*_SHARED, *_SCRIPTS))]),
    )
